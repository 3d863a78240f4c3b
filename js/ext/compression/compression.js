// CompressionStream and DecompressionStream (https://compression.spec.whatwg.org/). Output is made
// when somebody reads, 64 KiB at a time: a small input that unpacks to a large output never fills
// memory.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_compression_finish,
  op_compression_free,
  op_compression_make,
  op_compression_push,
  op_compression_step,
} from "rt:ops/compression";
import { createReadable, createWritable } from "../streams/streams.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  bufferSource,
  configureInterface,
  enumeration,
  illegalInvocation,
  requiredArguments,
} from "../web/webidl.js";

const { ArrayPrototypeIndexOf, PromiseReject, PromiseWithResolvers } = primordials;

// Their places are the enum CompressionFormat of src/ext/compression/codec.h.
const kFormats = ["deflate", "deflate-raw", "gzip", "brotli", "zstd"];
const toFormat = enumeration("CompressionFormat", kFormats);

/** The two sides of a stream and the codec between them: source, sink and state at once. */
class Codec {
  #name;
  #codec;
  #write = null; // {promise, resolve, reject} of the chunk at work
  #pull = null; // the same of the read that waits
  #isAtWork = false; // on that chunk
  #ended = false;
  readable;
  writable;

  constructor(name, format, compress) {
    this.#name = name;
    this.#codec = op_compression_make(ArrayPrototypeIndexOf(kFormats, format), compress);
    this.readable = createReadable(this, 0);
    this.writable = createWritable(this, 1);
  }

  get pulls() {
    return true;
  }

  pull() {
    if (this.#ended) return undefined;
    this.#pull = PromiseWithResolvers();
    const { promise } = this.#pull;
    this.#run();
    return promise;
  }

  cancel(reason) {
    this.#end();
    this.writable.controller.errorIfNeeded(reason);
    this.#write?.resolve(undefined);
    return undefined;
  }

  write(chunk) {
    try {
      bufferSource(chunk, `Failed to write to '${this.#name}'`, "chunk");
      op_compression_push(this.#codec, chunk);
    } catch (error) {
      this.#fail(error);
      return PromiseReject(error);
    }
    this.#write = PromiseWithResolvers();
    const { promise } = this.#write;
    this.#run();
    return promise;
  }

  /** What is left is little: it does not wait for a reader. */
  close() {
    try {
      op_compression_finish(this.#codec);
      for (;;) {
        const output = op_compression_step(this.#codec);
        if (output === null) break;
        this.readable.controller.enqueue(output);
      }
    } catch (error) {
      this.#fail(error);
      return PromiseReject(error);
    }
    this.#end();
    this.readable.controller.close();
    this.#pull?.resolve(undefined);
    return undefined;
  }

  abort(reason) {
    this.#end();
    this.readable.controller.error(reason);
    this.#pull?.resolve(undefined);
    return undefined;
  }

  /**
   * Works on while there is input and a reader. A chunk somebody began to read is looked at one
   * output further, so that its write is over as soon as all of it was read.
   */
  #run() {
    while (this.#write !== null) {
      const isAhead = this.#isAtWork && this.readable.controller.desiredSize >= 0;
      if (this.#pull === null && !isAhead) return;
      this.#isAtWork = true;
      let output;
      try {
        output = op_compression_step(this.#codec);
      } catch (error) {
        const write = this.#write;
        this.#fail(error);
        write.reject(error);
        return;
      }
      if (output === null) {
        const write = this.#write;
        this.#write = null;
        this.#isAtWork = false;
        write.resolve(undefined);
      } else {
        const pull = this.#pull;
        this.#pull = null;
        this.readable.controller.enqueue(output);
        pull?.resolve(undefined);
      }
    }
  }

  #fail(error) {
    this.#end();
    this.readable.controller.error(error);
    this.writable.controller.errorIfNeeded(error);
    this.#write = null;
    this.#pull?.resolve(undefined);
  }

  #end() {
    this.#ended = true;
    op_compression_free(this.#codec);
  }
}

/** `{ readable, writable }`, a Readable and a Writable that packs into it, for built-in code. */
export function createCompressor(format) {
  return new Codec("CompressionStream", format, true);
}

/** Packs bytes. */
export class CompressionStream {
  #codec;

  constructor(format) {
    const prefix = "Failed to construct 'CompressionStream'";
    requiredArguments(arguments.length, 1, prefix);
    const name = toFormat(format, prefix, "Argument 1");
    this.#codec = new Codec("CompressionStream", name, true);
  }

  get readable() {
    if (!(#codec in this)) throw illegalInvocation();
    return this.#codec.readable.object;
  }

  get writable() {
    if (!(#codec in this)) throw illegalInvocation();
    return this.#codec.writable.object;
  }

  [kInspect](inspect, options) {
    if (!(#codec in this)) return inspect({}, options);
    return inspectAs("CompressionStream", this, ["readable", "writable"], inspect, options);
  }
}
configureInterface(CompressionStream);

/** Unpacks bytes. */
export class DecompressionStream {
  #codec;

  constructor(format) {
    const prefix = "Failed to construct 'DecompressionStream'";
    requiredArguments(arguments.length, 1, prefix);
    const name = toFormat(format, prefix, "Argument 1");
    this.#codec = new Codec("DecompressionStream", name, false);
  }

  get readable() {
    if (!(#codec in this)) throw illegalInvocation();
    return this.#codec.readable.object;
  }

  get writable() {
    if (!(#codec in this)) throw illegalInvocation();
    return this.#codec.writable.object;
  }

  [kInspect](inspect, options) {
    if (!(#codec in this)) return inspect({}, options);
    return inspectAs("DecompressionStream", this, ["readable", "writable"], inspect, options);
  }
}
configureInterface(DecompressionStream);
