// Reading a stream to its end for text(), json() and their kin
// (https://fetch.spec.whatwg.org/#body-fully-read).

import { primordials } from "rt:bootstrap/primordials.js";
import { newDeferred } from "../streams/promises.js";
import { Queue } from "../streams/queue.js";
import { acquireReader } from "../streams/streams.js";

const {
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSet,
  Uint8Array,
} = primordials;

/** Throws the TypeError for a chunk that is no bytes; `doing` says what they are wanted for. */
export function checkBytes(chunk, doing) {
  if (TypedArrayPrototypeGetSymbolToStringTag(chunk) === "Uint8Array") return;
  throw new TypeError(`Cannot convert value to Uint8Array while ${doing} the stream`);
}

/**
 * A read request that asks again until the end. Who extends it has take(bytes), close() and
 * error(reason); what take() throws is an error, too, after which it asks no more.
 */
export class ByteReader {
  #reader;
  #isReading = false;
  #wantsMore = false;

  constructor(reader) {
    this.#reader = reader;
  }

  /** Chunks that are there already are taken in a loop, not in each other's calls. */
  read() {
    this.#wantsMore = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#wantsMore) {
      this.#wantsMore = false;
      this.#reader.read(this);
    }
    this.#isReading = false;
  }

  chunk(chunk) {
    try {
      checkBytes(chunk, "consuming");
      this.take(chunk);
    } catch (error) {
      this.error(error);
      return;
    }
    this.read();
  }
}

class Collector extends ByteReader {
  deferred = newDeferred();
  #use;
  #chunks = new Queue();
  #size = 0;

  constructor(reader, use) {
    super(reader);
    this.#use = use;
  }

  take(bytes) {
    this.#chunks.push(bytes);
    this.#size += TypedArrayPrototypeGetByteLength(bytes);
  }

  close() {
    try {
      this.deferred.resolve(this.#use(this.#join()));
    } catch (error) {
      this.deferred.reject(error);
    }
  }

  error(reason) {
    this.deferred.reject(reason);
  }

  #join() {
    const chunks = this.#chunks;
    if (chunks.length === 1) return chunks.shift();
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    while (chunks.length > 0) {
      const chunk = chunks.shift();
      TypedArrayPrototypeSet(bytes, chunk, at);
      at += TypedArrayPrototypeGetByteLength(chunk);
    }
    return bytes;
  }
}

/**
 * Reads a Readable, which is not locked, to its end and resolves to what `use` makes of the bytes.
 * Rejects with the stream's error, or a TypeError for a chunk that is no Uint8Array.
 */
export function collectStream(stream, use) {
  const collector = new Collector(acquireReader(stream, false), use);
  collector.read();
  return collector.deferred.promise;
}
