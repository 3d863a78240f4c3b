// TextEncoderStream and TextDecoderStream
// (https://encoding.spec.whatwg.org/#interface-textencoderstream): text and bytes in streams, with
// characters that are cut in two by the end of a chunk.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { decodeWith, encodeUtf8, TextDecoder } from "../web/text_encoding.js";
import { bufferSource, configureInterface, domString, illegalInvocation } from "../web/webidl.js";
import { createTransform } from "./transform.js";

const {
  ObjectGetOwnPropertyDescriptor,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  Uint8Array,
  uncurryThis,
} = primordials;

/** Text to UTF-8; a high surrogate at the end of a chunk waits for the next. */
class Encoder {
  #high = "";

  transform(chunk, stream) {
    let text = domString(chunk);
    if (text === "") return;
    text = this.#high + text;
    const last = StringPrototypeCharCodeAt(text, text.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#high = StringPrototypeSlice(text, text.length - 1);
      text = StringPrototypeSlice(text, 0, text.length - 1);
    } else {
      this.#high = "";
    }
    if (text !== "") stream.enqueue(encodeUtf8(text));
  }

  flush(stream) {
    if (this.#high !== "") stream.enqueue(new Uint8Array([0xef, 0xbf, 0xbd]));
  }

  cancel() {}
}

/** UTF-8 out of text. */
export class TextEncoderStream {
  #transform = createTransform(new Encoder());

  get encoding() {
    if (!(#transform in this)) throw illegalInvocation();
    return "utf-8";
  }

  get readable() {
    if (!(#transform in this)) throw illegalInvocation();
    return this.#transform.readable.object;
  }

  get writable() {
    if (!(#transform in this)) throw illegalInvocation();
    return this.#transform.writable.object;
  }

  [kInspect](inspect, options) {
    if (!(#transform in this)) return inspect({}, options);
    const keys = ["encoding", "readable", "writable"];
    return inspectAs("TextEncoderStream", this, keys, inspect, options);
  }
}
configureInterface(TextEncoderStream);

const kStream = { __proto__: null, stream: true };
const kBufferOptions = { __proto__: null, allowShared: true, allowResizable: true };

class Decoder {
  #decoder;

  constructor(decoder) {
    this.#decoder = decoder;
  }

  transform(chunk, stream) {
    bufferSource(chunk, "Failed to write to 'TextDecoderStream'", "chunk", kBufferOptions);
    const text = decodeWith(this.#decoder, chunk, kStream);
    if (text !== "") stream.enqueue(text);
  }

  flush(stream) {
    const text = decodeWith(this.#decoder);
    if (text !== "") stream.enqueue(text);
  }

  cancel() {}
}

const encodingOf = decoderGetter("encoding");
const fatalOf = decoderGetter("fatal");
const ignoreBomOf = decoderGetter("ignoreBOM");

function decoderGetter(name) {
  return uncurryThis(ObjectGetOwnPropertyDescriptor(TextDecoder.prototype, name).get);
}

/** Text out of bytes. */
export class TextDecoderStream {
  #decoder;
  #transform;

  constructor(label = "utf-8", options = undefined) {
    this.#decoder = new TextDecoder(label, options);
    this.#transform = createTransform(new Decoder(this.#decoder));
  }

  get encoding() {
    if (!(#decoder in this)) throw illegalInvocation();
    return encodingOf(this.#decoder);
  }

  get fatal() {
    if (!(#decoder in this)) throw illegalInvocation();
    return fatalOf(this.#decoder);
  }

  get ignoreBOM() {
    if (!(#decoder in this)) throw illegalInvocation();
    return ignoreBomOf(this.#decoder);
  }

  get readable() {
    if (!(#decoder in this)) throw illegalInvocation();
    return this.#transform.readable.object;
  }

  get writable() {
    if (!(#decoder in this)) throw illegalInvocation();
    return this.#transform.writable.object;
  }

  [kInspect](inspect, options) {
    if (!(#decoder in this)) return inspect({}, options);
    const keys = ["encoding", "fatal", "ignoreBOM", "readable", "writable"];
    return inspectAs("TextDecoderStream", this, keys, inspect, options);
  }
}
configureInterface(TextDecoderStream);
