// Blob (https://w3c.github.io/FileAPI/#blob-section): a list of pieces (pieces.js), which slices
// and blobs made of blobs share. No piece may ever reach a script.

import { primordials } from "rt:bootstrap/primordials.js";
import { registerSerializable } from "../messaging/structured_clone.js";
import { createReadableBytes } from "../streams/byte_controller.js";
import { copyOfBytes } from "../web/buffer_source.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { decodeUtf8, encodeUtf8 } from "../web/text_encoding.js";
import {
  bufferSource,
  configureInterface,
  dictionary,
  domString,
  enumeration,
  illegalInvocation,
  isArrayBuffer,
  isObject,
  longLong,
  sequence,
  usvString,
} from "../web/webidl.js";
import {
  addPieces,
  buffersOfPieces,
  flatPieces,
  joinPieces,
  PieceReader,
  sizeOfPieces,
  slicePieces,
} from "./pieces.js";

const {
  ArrayBufferIsView,
  ArrayPrototypePush,
  MathMax,
  MathMin,
  NumberMAX_SAFE_INTEGER,
  ObjectDefineProperty,
  RangeError,
  SafeRegExp,
  StringPrototypeCharCodeAt,
  StringPrototypeReplace,
  StringPrototypeToLowerCase,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSlice,
} = primordials;

/** Bytes of one chunk of `stream()`. */
const kChunk = 65536;

const kResizableToo = { __proto__: null, allowResizable: true };

/** (BufferSource or Blob or USVString): the first two stay what they are for now. */
function toPart(value, prefix, context) {
  if (isObject(value)) {
    if (ArrayBufferIsView(value)) return bufferSource(value, prefix, context, kResizableToo);
    if (isArrayBuffer(value) || blobState.isBlob(value)) return value;
  }
  return usvString(value);
}
const toParts = sequence(toPart);

const toEndings = enumeration("EndingType", ["transparent", "native"]);
/** The members of BlobPropertyBag. */
export const blobOptionMembers = [
  { key: "endings", converter: toEndings, defaultValue: "transparent" },
  { key: "type", converter: domString, defaultValue: "" },
];
const toBlobOptions = dictionary("BlobPropertyBag", blobOptionMembers);

const lineEnd = new SafeRegExp("\\r\\n|\\r", "g");

/** "Process blob parts": bytes of our own. */
function processParts(list, endings) {
  const parts = [];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (typeof item === "string") {
      const text = endings === "native" ? StringPrototypeReplace(item, lineEnd, "\n") : item;
      if (text !== "") ArrayPrototypePush(parts, encodeUtf8(text));
    } else if (blobState.isBlob(item)) {
      addPieces(parts, blobState.parts(item), blobState.size(item));
    } else {
      const bytes = copyOfBytes(item);
      if (TypedArrayPrototypeGetByteLength(bytes) > 0) ArrayPrototypePush(parts, bytes);
    }
  }
  return parts;
}

/** A type is kept in lower case; with characters other than printable ASCII it is empty. */
function normalizeType(type) {
  for (let i = 0; i < type.length; i++) {
    const code = StringPrototypeCharCodeAt(type, i);
    if (code < 0x20 || code > 0x7e) return "";
  }
  return StringPrototypeToLowerCase(type);
}

/** What `stream()` reads from. */
class BlobSource {
  #reader;
  #piece;
  #offset = 0;

  constructor(parts) {
    this.#reader = new PieceReader(parts);
    this.#piece = this.#reader.next();
  }

  get pulls() {
    return true;
  }

  pull(controller) {
    if (this.#piece !== undefined) {
      const length = TypedArrayPrototypeGetByteLength(this.#piece);
      const end = MathMin(this.#offset + kChunk, length);
      const chunk = TypedArrayPrototypeSlice(this.#piece, this.#offset, end);
      this.#offset = end;
      if (end === length) {
        this.#piece = this.#reader.next();
        this.#offset = 0;
      }
      controller.enqueueBuffer(
        TypedArrayPrototypeGetBuffer(chunk),
        0,
        TypedArrayPrototypeGetByteLength(chunk),
      );
      return;
    }
    controller.close();
    if (controller.pending.length > 0) controller.respond(0);
  }

  cancel() {
    this.#piece = undefined;
    this.#reader = undefined;
  }
}

const kFromParts = { __proto__: null };
let blobState;

/** Immutable bytes with a type. */
export class Blob {
  #parts;
  #size;
  #type;

  constructor(blobParts = undefined, options = undefined, own = undefined) {
    if (blobParts === kFromParts) {
      this.#parts = options;
      this.#type = own;
    } else {
      const prefix = "Failed to construct 'Blob'";
      const list = blobParts === undefined ? [] : toParts(blobParts, prefix, "Argument 1");
      const { endings, type } = toBlobOptions(options, prefix, "Argument 2");
      this.#parts = processParts(list, endings);
      this.#type = normalizeType(type);
    }
    this.#size = sizeOfPieces(this.#parts);
    if (this.#size > NumberMAX_SAFE_INTEGER) {
      throw new RangeError("A Blob cannot have more than 2^53 - 1 bytes");
    }
  }

  static {
    blobState = {
      __proto__: null,
      isBlob: (value) => typeof value === "object" && value !== null && #parts in value,
      parts: (blob) => blob.#parts,
      size: (blob) => blob.#size,
      type: (blob) => blob.#type,
    };
  }

  /** Number of bytes. */
  get size() {
    if (!(#parts in this)) throw illegalInvocation();
    return this.#size;
  }

  get type() {
    if (!(#parts in this)) throw illegalInvocation();
    return this.#type;
  }

  /** The bytes from `start` to `end`, which count from the end when negative. Copies nothing. */
  slice(start = undefined, end = undefined, contentType = undefined) {
    if (!(#parts in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'slice' on 'Blob'";
    const size = this.#size;
    const position = (value, context, fallback) => {
      if (value === undefined) return fallback;
      const index = longLong(value, prefix, context, kClamp);
      return index < 0 ? MathMax(size + index, 0) : MathMin(index, size);
    };
    const from = position(start, "Argument 1", 0);
    const to = position(end, "Argument 2", size);
    const type = contentType === undefined ? "" : normalizeType(domString(contentType));
    return new Blob(kFromParts, to > from ? slicePieces(this.#parts, from, to) : [], type);
  }

  /** A byte stream of the content. */
  stream() {
    if (!(#parts in this)) throw illegalInvocation();
    return createReadableBytes(new BlobSource(this.#parts)).object;
  }

  async text() {
    if (!(#parts in this)) throw illegalInvocation();
    return decodeUtf8(blobBytes(this));
  }

  async arrayBuffer() {
    if (!(#parts in this)) throw illegalInvocation();
    return TypedArrayPrototypeGetBuffer(joinPieces(this.#parts, this.#size));
  }

  async bytes() {
    if (!(#parts in this)) throw illegalInvocation();
    return joinPieces(this.#parts, this.#size);
  }

  [kInspect](inspect, options) {
    if (!(#parts in this)) return inspect({}, options);
    return inspectAs("Blob", this, ["size", "type"], inspect, options);
  }
}
const kClamp = { __proto__: null, clamp: true };
configureInterface(Blob);
ObjectDefineProperty(Blob, "length", { __proto__: null, value: 0, configurable: true });

/** Whether a value is a Blob or a File. */
export const isBlob = blobState.isBlob;
/** A blob's size, whatever a script did to the object. */
export const blobSize = blobState.size;
/** The same for its type. */
export const blobType = blobState.type;
/** The pieces of a blob: to make another of, never to write to, and never to hand to a script. */
export const blobParts = blobState.parts;
/** Uint8Arrays with a blob's content, for another thread: nobody may write to these either. */
export function sharedParts(blob) {
  return flatPieces(blobState.parts(blob), blobState.size(blob));
}

/**
 * Built-in code: the content in one Uint8Array, possibly the blob's own: only to be read, at once.
 */
export function blobBytes(blob) {
  const parts = blobState.parts(blob);
  return parts.length === 1 && ArrayBufferIsView(parts[0])
    ? parts[0]
    : joinPieces(parts, blobState.size(blob));
}

/** Built-in code: the content, or the bytes from `start` to `end`, in a fresh Uint8Array. */
export function copyOfBlob(blob, start = 0, end = blobState.size(blob)) {
  const parts = blobState.parts(blob);
  const isWhole = start === 0 && end === blobState.size(blob);
  return joinPieces(isWhole ? parts : slicePieces(parts, start, end), end - start);
}

/** Built-in code: the content as a Readable of bytes. */
export function blobStream(blob) {
  return createReadableBytes(new BlobSource(blobState.parts(blob)));
}

/** Built-in code: a Blob of Uint8Arrays that it hands over, or of other blobs' pieces. */
export function blobFromParts(parts, type) {
  return new Blob(kFromParts, parts, type);
}

/**
 * Built-in code, for File: the arguments for Blob's constructor. Everything is converted, in the
 * order of the standard, before any bytes are copied.
 */
export function convertFileArguments(bits, name, options, toOptions, prefix) {
  const list = toParts(bits, prefix, "Argument 1");
  const text = usvString(name);
  const own = toOptions(options, prefix, "Argument 3");
  const parts = processParts(list, own.endings);
  return { parts, name: text, type: normalizeType(own.type), lastModified: own.lastModified };
}

/** Built-in code: the first argument that makes Blob's constructor take parts and a type. */
export { kFromParts };

// Files are blobs too, and are serialized by file.js.
let isFile = () => false;
/** Called once, by file.js. */
export function setIsFile(check) {
  isFile = check;
}
registerSerializable(
  (value) => isBlob(value) && !isFile(value),
  (blob) => ({ parts: sharedParts(blob), type: blobState.type(blob) }),
  ({ parts, type }) => blobFromParts(parts, type),
  ({ parts }) => buffersOfPieces(parts),
);
