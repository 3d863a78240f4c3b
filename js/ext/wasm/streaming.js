// What WebAssembly.compileStreaming and instantiateStreaming make of their argument
// (https://webassembly.github.io/spec/web-api/#compile-a-potential-webassembly-response). The two
// functions are V8's: it compiles while the bytes arrive, and settles their promises.

import {
  op_wasm_stream_abort,
  op_wasm_stream_finish,
  op_wasm_stream_push,
  op_wasm_stream_url,
} from "rt:ops/wasm";
import { primordials } from "rt:bootstrap/primordials.js";
import { takeStream } from "../fetch/body.js";
import { ByteReader } from "../fetch/collect.js";
import { getFromList } from "../fetch/headers.js";
import { completeList, toInnerResponse } from "../fetch/response.js";
import { acquireReader } from "../streams/streams.js";

const { JSONStringify, RegExpPrototypeTest, SafeRegExp, StringPrototypeStartsWith, TypeError } =
  primordials;

// Nothing but the essence: a type with parameters is refused, even with none after the semicolon.
const kWasmType = new SafeRegExp("^[\\t ]*application/wasm[\\t ]*$", "i");

/** Hands on what it reads. */
class Feeder extends ByteReader {
  #compilation;

  constructor(reader, compilation) {
    super(reader);
    this.#compilation = compilation;
  }

  /** Throws for shared memory. */
  take(bytes) {
    op_wasm_stream_push(this.#compilation, bytes);
  }

  close() {
    op_wasm_stream_finish(this.#compilation);
  }

  error(reason) {
    op_wasm_stream_abort(this.#compilation, reason);
  }
}

/** The stream of the bytes of a Response that may be compiled; throws for any other value. */
function openResponse(source, compilation) {
  const inner = toInnerResponse(source);
  if (inner === undefined) {
    throw new TypeError("The argument is not a Response, or a promise of one");
  }
  const type = getFromList(completeList(inner), "content-type");
  // As in Deno, a file may have any name: there is no server to say what it is.
  const isFile = type === null && StringPrototypeStartsWith(inner.url, "file:");
  if (!isFile && (type === null || !RegExpPrototypeTest(kWasmType, type))) {
    throw new TypeError(
      `The Response has ${type === null ? "no content type" : `the content type ${JSONStringify(type)}`}, ` +
        "not application/wasm",
    );
  }
  if (inner.status < 200 || inner.status > 299) {
    throw new TypeError(`The Response has the status ${inner.status}, which is not ok`);
  }
  const stream = takeStream(inner);
  if (inner.url !== "") op_wasm_stream_url(compilation, inner.url);
  return stream;
}

/** Hook: feeds V8's `compilation` what `source` has, or rejects it. */
export function compileStream(source, compilation) {
  try {
    const stream = openResponse(source, compilation);
    if (stream === null) op_wasm_stream_finish(compilation);
    else new Feeder(acquireReader(stream, false), compilation).read();
  } catch (error) {
    op_wasm_stream_abort(compilation, error);
  }
}
