// TextEncoder and TextDecoder (https://encoding.spec.whatwg.org/#api). Bytes are converted in C++;
// a stream's unfinished end is kept here. Must never read a script's buffer after calling it back.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_encoding_decode,
  op_encoding_encode,
  op_encoding_encode_into,
  op_encoding_unfinished,
} from "rt:ops/web";
import { op_encoding_decode_legacy, op_encoding_legacy_number } from "rt:ops/encoding";
import { bytesOf } from "./buffer_source.js";
import { encodingFromLabel } from "./encoding_labels.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import {
  boolean,
  bufferSource,
  configureInterface,
  dictionary,
  domString,
  illegalInvocation,
  isShared,
  notBufferSource,
  requiredArguments,
  typedArray,
} from "./webidl.js";

const {
  ObjectDefineProperty,
  RangeError,
  TypedArrayPrototypeFill,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSlice,
  TypedArrayPrototypeSubarray,
  Uint32Array,
  Uint8Array,
  uncurryThis,
} = primordials;

// What op_encoding_decode calls the encodings.
const kEncodings = { __proto__: null, "utf-8": 0, "utf-16le": 1, "utf-16be": 2, "windows-1252": 3 };

/** Text as UTF-8. */
export function encodeUtf8(text) {
  return op_encoding_encode(text);
}

/** UTF-8 as text: without byte order mark, errors replaced ("UTF-8 decode" of the standard). */
export function decodeUtf8(bytes) {
  return op_encoding_decode(bytes, 0, false, false);
}

const toUint8Array = typedArray("Uint8Array");
const kBufferOptions = { __proto__: null, allowShared: true, allowResizable: true };

/** Text to UTF-8. */
export class TextEncoder {
  #brand;

  get encoding() {
    if (!(#brand in this)) throw illegalInvocation();
    return "utf-8";
  }

  encode(input = "") {
    if (!(#brand in this)) throw illegalInvocation();
    return op_encoding_encode(domString(input));
  }

  encodeInto(source, destination) {
    if (!(#brand in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'encodeInto' on 'TextEncoder'";
    requiredArguments(arguments.length, 2, prefix);
    source = domString(source);
    toUint8Array(destination, prefix, "Argument 2", kBufferOptions);
    const counts = new Uint32Array(2);
    op_encoding_encode_into(source, destination, counts);
    return { read: counts[0], written: counts[1] };
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("TextEncoder", this, ["encoding"], inspect, options);
  }
}
configureInterface(TextEncoder);

const decoderOptions = dictionary("TextDecoderOptions", [
  { key: "fatal", converter: boolean, defaultValue: false },
  { key: "ignoreBOM", converter: boolean, defaultValue: false },
]);
const decodeOptions = dictionary("TextDecodeOptions", [
  { key: "stream", converter: boolean, defaultValue: false },
]);

/**
 * A Uint8Array over a buffer source's bytes. Shared memory is copied: it could change meanwhile.
 */
function viewBytes(source) {
  const bytes = bytesOf(source);
  return isShared(source) ? TypedArrayPrototypeSlice(bytes) : bytes;
}

function join(first, second) {
  const firstLength = TypedArrayPrototypeGetByteLength(first);
  const bytes = new Uint8Array(firstLength + TypedArrayPrototypeGetByteLength(second));
  TypedArrayPrototypeSet(bytes, first);
  TypedArrayPrototypeSet(bytes, second, firstLength);
  return bytes;
}

/** Bytes of an encoding to text. */
export class TextDecoder {
  #name;
  #encoding; // what the op calls it
  #fatal;
  #ignoreBom;
  #inStream = false; // the last call said more would come
  #bomSeen = false; // of this stream: decided whether it starts with one
  #unfinished = null; // the bytes of a character whose rest is still to come
  #legacyState = null; // Uint8Array(8): what the decoder of a legacy encoding remembers; null: not one

  constructor(label = "utf-8", options = undefined) {
    const prefix = "Failed to construct 'TextDecoder'";
    const text = domString(label);
    const { fatal, ignoreBOM } = decoderOptions(options, prefix, "Argument 2");
    const name = encodingFromLabel(text);
    if (name === undefined || name === "replacement") {
      throw encodingError(`The encoding label provided ('${text}') is invalid.`);
    }
    this.#name = name;
    this.#encoding = kEncodings[name];
    if (this.#encoding === undefined) {
      this.#encoding = op_encoding_legacy_number(name);
      this.#legacyState = new Uint8Array(8);
    }
    this.#fatal = fatal;
    this.#ignoreBom = ignoreBOM;
  }

  get encoding() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#name;
  }

  get fatal() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#fatal;
  }

  get ignoreBOM() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#ignoreBom;
  }

  decode(input = undefined, options = undefined) {
    if (!(#name in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'decode' on 'TextDecoder'";
    if (options === undefined && !this.#inStream && this.#legacyState === null) {
      if (input === undefined) return "";
      const text = op_encoding_decode(input, this.#encoding, this.#fatal, this.#ignoreBom);
      if (text === null) throw notBufferSource(prefix, "Argument 1", kBufferOptions);
      return text;
    }
    if (input !== undefined) bufferSource(input, prefix, "Argument 1", kBufferOptions);
    const { stream } = decodeOptions(options, prefix, "Argument 2");
    if (this.#legacyState !== null) {
      return this.#decodeLegacy(input === undefined ? new Uint8Array(0) : viewBytes(input), stream);
    }
    return this.#decodePart(input === undefined ? new Uint8Array(0) : viewBytes(input), stream);
  }

  #decodeLegacy(bytes, stream) {
    const state = this.#legacyState;
    if (!this.#inStream) TypedArrayPrototypeFill(state, 0);
    this.#inStream = false; // an error ends the stream
    const text = op_encoding_decode_legacy(this.#encoding, bytes, this.#fatal, !stream, state);
    this.#inStream = stream;
    return text;
  }

  #decodePart(bytes, stream) {
    if (!this.#inStream) {
      this.#bomSeen = false;
      this.#unfinished = null;
    }
    this.#inStream = stream;
    let part = this.#unfinished === null ? bytes : join(this.#unfinished, bytes);
    this.#unfinished = null;
    if (stream) {
      const rest = op_encoding_unfinished(part, this.#encoding);
      if (rest > 0) {
        const end = TypedArrayPrototypeGetByteLength(part) - rest;
        this.#unfinished = TypedArrayPrototypeSlice(part, end);
        part = TypedArrayPrototypeSubarray(part, 0, end);
      }
    }
    if (TypedArrayPrototypeGetByteLength(part) === 0) return "";
    // Only what comes first can be a byte order mark.
    const keepBom = this.#ignoreBom || this.#bomSeen;
    this.#bomSeen = true;
    try {
      return op_encoding_decode(part, this.#encoding, this.#fatal, keepBom);
    } catch (error) {
      this.#inStream = false;
      this.#unfinished = null;
      throw error;
    }
  }

  [kInspect](inspect, options) {
    if (!(#name in this)) return inspect({}, options);
    return inspectAs("TextDecoder", this, ["encoding", "fatal", "ignoreBOM"], inspect, options);
  }
}
configureInterface(TextDecoder);

function encodingError(message) {
  const error = new RangeError(message);
  ObjectDefineProperty(error, "code", {
    __proto__: null,
    value: "ERR_ENCODING_NOT_SUPPORTED",
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return error;
}

/** Built-in code: `decode(decoder, bytes, options)`, whatever a script did to the class. */
export const decodeWith = uncurryThis(TextDecoder.prototype.decode);
