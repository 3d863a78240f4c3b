// Bodies on their way into a cache and out of it. A small one is bytes in the database, a larger one
// a file, which is written and read a piece at a time. Who reads a body goes on reading it when
// somebody replaces or deletes it meanwhile.

import { op_core_try_close } from "rt:ops/core";
import { op_resource_write } from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { StreamBody } from "../fetch/body.js";
import { checkBytes, collectStream } from "../fetch/collect.js";
import { newDeferred } from "../streams/promises.js";
import { acquireReader, cancelStream, quiet, readableForRid } from "../streams/streams.js";
import { QuotaExceededError } from "../web/dom_exception.js";
import { encodeUtf8 } from "../web/text_encoding.js";

const {
  ArrayBufferIsView,
  SafeFinalizationRegistry,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

/** What all caches of a program may hold, in bytes. */
export const kQuota = 1024 * 1024 * 1024;

/** A body up to this size is kept in the database. */
const kInline = 64 * 1024;

export const tooMuch = () => new QuotaExceededError("Exceeded maximum storage size");

/** A read of the next chunk: resolves to a holder of it, or null at the end. */
class NextChunk {
  deferred = newDeferred();

  chunk(value) {
    // An object of its own, so that no `then` of anybody's is looked up.
    this.deferred.resolve({ __proto__: null, value });
  }

  close() {
    this.deferred.resolve(null);
  }

  error(reason) {
    this.deferred.reject(reason);
  }
}

function nextChunk(reader) {
  const request = new NextChunk();
  reader.read(request);
  return request.deferred.promise;
}

/** A body that is in the store, or is being written there: bytes, or the name of a file. */
export class StoredBody {
  bytes = null;
  file = null;
  size = 0;
}

/** Writes the chunks of a stream. */
class Writer {
  #store;
  #stored = new StoredBody();
  #start = null; // of a body that may yet be small
  #rid = null;

  constructor(store) {
    this.#store = store;
  }

  async write(chunk) {
    checkBytes(chunk, "consuming");
    const length = TypedArrayPrototypeGetByteLength(chunk);
    if (length === 0) return undefined;
    const before = this.#stored.size;
    this.#stored.size += length;
    if (this.#stored.size > kQuota) throw tooMuch();
    if (this.#rid !== null) return await this.#append(chunk, length);
    if (this.#stored.size <= kInline || !this.#store.hasFiles) {
      this.#keep(chunk, before);
      return undefined;
    }
    const made = this.#store.createBody();
    this.#rid = made[0];
    this.#stored.file = made[1];
    if (before > 0) await this.#append(TypedArrayPrototypeSubarray(this.#start, 0, before), before);
    this.#start = null;
    return await this.#append(chunk, length);
  }

  #keep(chunk, before) {
    const { size } = this.#stored;
    const room = this.#start === null ? 0 : TypedArrayPrototypeGetByteLength(this.#start);
    if (size > room) {
      const larger = new Uint8Array(size < 4096 ? 4096 : 2 * size);
      if (before > 0) {
        TypedArrayPrototypeSet(larger, TypedArrayPrototypeSubarray(this.#start, 0, before), 0);
      }
      this.#start = larger;
    }
    TypedArrayPrototypeSet(this.#start, chunk, before);
  }

  async #append(chunk, length) {
    try {
      for (let written = 0; written < length; ) {
        const rest = written === 0 ? chunk : TypedArrayPrototypeSubarray(chunk, written);
        written += await op_resource_write(this.#rid, rest);
      }
    } catch (error) {
      throw error.code === "ENOSPC" || error.code === "EDQUOT" ? tooMuch() : error;
    }
  }

  finish() {
    const stored = this.#stored;
    if (this.#rid !== null) op_core_try_close(this.#rid);
    else {
      stored.bytes =
        this.#start === null
          ? new Uint8Array(0)
          : TypedArrayPrototypeSubarray(this.#start, 0, stored.size);
    }
    return stored;
  }

  abandon() {
    if (this.#rid === null) return;
    op_core_try_close(this.#rid);
    this.#store.removeBody(this.#stored.file);
  }
}

/** Reads a body that takeBody() gave to its end and stores it; null if there is none. */
export async function storeBody(store, body) {
  if (body === null) return null;
  const writer = new Writer(store);
  let stream = null;
  try {
    if (typeof body === "string") await writer.write(encodeUtf8(body));
    else if (ArrayBufferIsView(body)) await writer.write(body);
    else {
      stream = StreamBody.is(body) ? body.stream : body.open();
      const reader = acquireReader(stream, false);
      for (let next = await nextChunk(reader); next !== null; next = await nextChunk(reader)) {
        await writer.write(next.value);
      }
    }
    return writer.finish();
  } catch (error) {
    writer.abandon();
    const cancelled = stream === null ? undefined : cancelStream(stream, error);
    if (cancelled !== undefined) quiet(cancelled);
    throw error;
  }
}

let registry; // made at run time

/** A body source (see BodyHolder) of a file that is open. */
export class FileBody {
  size;
  #rid;

  constructor(rid, size) {
    this.#rid = rid;
    this.size = size;
    registry ??= new SafeFinalizationRegistry(op_core_try_close);
    registry.register(this, rid, this);
  }

  open() {
    return readableForRid(this.#rid, { __proto__: null, onClose: () => registry.unregister(this) });
  }

  collect() {
    return collectStream(this.open(), (bytes) => bytes);
  }
}
