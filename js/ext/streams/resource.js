// Streams that stand for a resource: files, the standard streams, bodies, pipes of processes. They
// know their rid, so that a pipe between two of them can run in C++ (native_pipe.js). Must never
// touch a resource again that it has closed: the number may be another's by then.

import { op_core_try_close } from "rt:ops/core";
import { op_resource_read, op_resource_write } from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { bytesOf, copyOfBytes, viewLength } from "../web/buffer_source.js";
import { bufferSource, isSteady } from "../web/webidl.js";
import { ByteController } from "./byte_controller.js";
import { kReadable, Readable } from "./readable.js";
import { Writable } from "./writable.js";
import { Controller } from "./writable_controller.js";

const {
  ArrayBuffer,
  ArrayBufferPrototypeSlice,
  PromisePrototypeThen,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

const kChunk = 64 * 1024;
// Less than this is copied out of the buffer, which is then used again.
const kSmall = 16 * 1024;

/** A stream's hold on its resource. */
class Backing {
  closed = false;
  #rid; // or a function that opens the resource
  #autoClose;
  #onClose;
  #explain;
  #outlivesEnd;

  constructor(
    rid,
    { autoClose = true, onClose = undefined, explain = undefined, outlivesEnd = false } = {
      __proto__: null,
    },
  ) {
    this.#rid = rid;
    this.#autoClose = autoClose;
    this.#onClose = onClose;
    this.#explain = explain;
    this.#outlivesEnd = outlivesEnd;
  }

  /** What a failed operation's error is to whoever uses the stream. */
  explain(error) {
    return this.#explain === undefined ? error : this.#explain(error);
  }

  get rid() {
    if (typeof this.#rid === "function") {
      const open = this.#rid;
      this.#rid = open();
    }
    return this.#rid;
  }

  /** The resource gave all it had. */
  endOfInput() {
    if (this.#outlivesEnd) this.#autoClose = false;
    this.end();
  }

  /** The stream is over. */
  end() {
    if (this.closed) return;
    this.closed = true;
    if (this.#autoClose && typeof this.#rid === "number") op_core_try_close(this.#rid);
    this.#onClose?.();
  }
}

class ResourceSource {
  #backing;
  #spare = null; // a buffer to read into
  #intoRequest = false;
  #onRead = null;
  #onFailed = null;

  constructor(backing) {
    this.#backing = backing;
  }

  get pulls() {
    return true;
  }

  pull(controller) {
    const request = controller.byobRequest;
    let view;
    // Who reads may have changed by the time the bytes come, but not where they are.
    this.#intoRequest = request !== null;
    if (request !== null) {
      ({ view } = request);
    } else {
      this.#spare ??= new ArrayBuffer(kChunk);
      view = new Uint8Array(this.#spare);
    }
    let result;
    try {
      result = op_resource_read(this.#backing.rid, view);
    } catch (error) {
      this.#backing.end();
      throw this.#backing.explain(error);
    }
    if (typeof result === "number") {
      this.#deliver(controller, result);
      return undefined;
    }
    if (this.#onRead === null) {
      this.#onRead = (count) => this.#deliver(controller, count);
      this.#onFailed = (error) => {
        this.#backing.end();
        throw this.#backing.explain(error);
      };
    }
    return PromisePrototypeThen(result, this.#onRead, this.#onFailed);
  }

  #deliver(controller, count) {
    // Cancelled meanwhile.
    if (controller.stream.state !== kReadable) return;
    if (count === 0) {
      this.#backing.endOfInput();
      controller.close();
      if (controller.pending.length > 0) controller.respond(0);
    } else if (this.#intoRequest) {
      controller.respond(count);
    } else {
      const buffer = this.#spare;
      if (count < kSmall) {
        controller.enqueueBuffer(ArrayBufferPrototypeSlice(buffer, 0, count), 0, count);
      } else {
        this.#spare = null;
        controller.enqueueBuffer(buffer, 0, count);
      }
    }
  }

  cancel() {
    this.#backing.end();
  }
}

/**
 * A readable byte stream of what the resource gives. `autoClose` (the default): the resource is
 * closed at its end, on errors and when the stream is cancelled. `onClose` is told of the same
 * moments. `explain` turns the error of a failed read into the one to show.
 * @param {number | (() => number)} rid a function opens the resource when it is first needed
 * @param {{ autoClose?: boolean, onClose?: () => void, explain?: (error: unknown) => unknown, outlivesEnd?: boolean }} [options]
 * @returns {ReadableStream}
 */
export function readableStreamForRid(rid, options = undefined) {
  return readableForRid(rid, options).object;
}

/** The same as a Readable, for built-in code. */
export function readableForRid(rid, options = undefined) {
  const stream = new Readable();
  const backing = new Backing(rid, options);
  stream.resource = backing;
  const controller = new ByteController(stream, new ResourceSource(backing), 0, 0);
  controller.started = true;
  return stream;
}

/** Bytes of a chunk that is to be written. */
function toBytes(chunk) {
  bufferSource(chunk, "Failed to write to the stream", "The chunk", kBufferOptions);
  return isSteady(chunk) ? bytesOf(chunk) : copyOfBytes(chunk);
}

const kBufferOptions = { __proto__: null, allowShared: true, allowResizable: true };

class ResourceSink {
  #backing;
  #end;
  #check;

  constructor(backing, options) {
    this.#backing = backing;
    this.#end = options?.end;
    this.#check = options?.check;
  }

  /** A stream that failed once takes nothing more: its resource is closed then. */
  write(chunk) {
    try {
      const check = this.#check;
      if (check !== undefined) check(chunk);
      const bytes = toBytes(chunk);
      const length = viewLength(bytes);
      if (length === 0) return undefined;
      const result = op_resource_write(this.#backing.rid, bytes);
      return result === length ? undefined : this.#writeRest(bytes, length, result);
    } catch (error) {
      this.#backing.end();
      throw error;
    }
  }

  async #writeRest(bytes, length, result) {
    try {
      let written = await result;
      while (written < length) {
        const rest = TypedArrayPrototypeSubarray(bytes, written);
        written += await op_resource_write(this.#backing.rid, rest);
      }
    } catch (error) {
      this.#backing.end();
      throw error;
    }
  }

  close() {
    const result = this.#end?.(this.#backing.rid);
    this.#backing.end();
    return result;
  }

  abort() {
    this.#backing.end();
  }
}

/**
 * A writable stream into the resource, which takes bytes. `autoClose` and `onClose` as above; `end`
 * is called with the rid before the resource is closed because the stream is; `check` throws for chunks
 * that are bytes and yet not to be written.
 * @param {number} rid
 * @param {{ autoClose?: boolean, onClose?: () => void, end?: (rid: number) => unknown, check?: (chunk: unknown) => void }} [options]
 * @returns {WritableStream}
 */
export function writableStreamForRid(rid, options = undefined) {
  return writableForRid(rid, options).object;
}

/** The same as a Writable, for built-in code. */
export function writableForRid(rid, options = undefined) {
  const stream = new Writable();
  const backing = new Backing(rid, options);
  stream.resource = backing;
  const controller = new Controller(stream, new ResourceSink(backing, options), 1, null);
  controller.started = true;
  return stream;
}
