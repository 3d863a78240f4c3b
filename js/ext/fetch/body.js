// Bodies of requests and responses (https://fetch.spec.whatwg.org/#body-mixin): what they are made
// from and the methods that read them. Bytes handed to user code are always its own copy.

import { primordials } from "rt:bootstrap/primordials.js";
import { createReadableBytes } from "../streams/byte_controller.js";
import { readableFrom } from "../streams/from.js";
import { kErrored, kReadable } from "../streams/readable.js";
import {
  acquireReader,
  cancelStream,
  createTransform,
  kPipeAll,
  pipe,
  quiet,
  teeReadable,
  toReadable,
} from "../streams/streams.js";
import { isURLSearchParams, serializeParams } from "../url/url.js";
import { copyOfBytes } from "../web/buffer_source.js";
import { DOMException } from "../web/dom_exception.js";
import { decodeUtf8, encodeUtf8 } from "../web/text_encoding.js";
import { illegalInvocation, isArrayBuffer, isObject, isShared } from "../web/webidl.js";
import { collectStream } from "./collect.js";

const {
  ArrayBufferIsView,
  ArrayBufferPrototypeGetByteLength,
  ArrayPrototypePush,
  JSONParse,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  PromiseReject,
  ReflectOwnKeys,
  StringPrototypeToWellFormed,
  StringPrototypeValueOf,
  Symbol,
  SymbolAsyncIterator,
  SymbolIterator,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeSlice,
  Uint8Array,
} = primordials;

/** Of a source that can be aborted: a method that says whether it was; then it has an `abortReason`. */
export const kAborted = Symbol("aborted");

export const kTextType = "text/plain;charset=UTF-8";
const kFormType = "application/x-www-form-urlencoded;charset=UTF-8";

/**
 * What a request or response holds of its body:
 * - `body`: null, a string, a Uint8Array nobody else writes to, or a source
 * - `bodyUsed`: whether it was read, if that is not for its stream to say: see isBodyUsed
 *
 * A source has `collect()`, the whole body as a Uint8Array or a promise of one, and `open()`, the
 * body as a Readable of bytes; one of them is called, once. It has `size`, undefined when that is
 * not known.
 * The source that is a stream already is StreamBody.
 */
export class BodyHolder {
  body = null;
  bodyUsed = false;
}

/** A body that somebody made from a stream, or read as one. */
export class StreamBody {
  stream;
  size = undefined;
  /** The string or bytes the stream was made from, as long as nothing was read from it. */
  #whole;
  /** Made from a string, so that `content-type: text/plain` goes with it. */
  isText;

  constructor(stream, whole = null, isText = typeof whole === "string") {
    this.stream = stream;
    this.#whole = whole;
    this.isText = isText;
  }

  static is(body) {
    return typeof body === "object" && body !== null && #whole in body;
  }

  /** The string or bytes, if taking them is the same as reading the stream; else null. */
  takeWhole() {
    if (this.#whole === null || this.stream.disturbed || this.stream.locked) return null;
    const whole = this.#whole;
    this.#whole = null;
    acquireReader(this.stream, false);
    cancelStream(this.stream, undefined);
    return whole;
  }

  open() {
    return this.stream;
  }
}

/** The source of a stream of bytes that are at hand. */
class WholeSource {
  #whole;

  constructor(whole) {
    this.#whole = whole;
  }

  get pulls() {
    return true;
  }

  pull(controller) {
    const whole = this.#whole;
    const bytes = typeof whole === "string" ? encodeUtf8(whole) : whole;
    const length = TypedArrayPrototypeGetByteLength(bytes);
    if (length > 0) {
      const offset = TypedArrayPrototypeGetByteOffset(bytes);
      controller.enqueueBuffer(TypedArrayPrototypeGetBuffer(bytes), offset, length);
    }
    controller.close();
    if (controller.pending.length > 0) controller.respond(0);
  }

  cancel() {}
}

/** The stream of a body that was read already. */
function usedStream() {
  const stream = createReadableBytes(new WholeSource(""));
  acquireReader(stream, false);
  cancelStream(stream, undefined);
  return stream;
}

/** Makes the body a StreamBody and returns it; there is a body. */
function asStreamBody(holder) {
  const { body } = holder;
  if (StreamBody.is(body)) return body;
  let stream;
  if (holder.bodyUsed) {
    stream = new StreamBody(usedStream(), null, typeof body === "string");
  } else if (typeof body === "string" || ArrayBufferIsView(body)) {
    stream = new StreamBody(createReadableBytes(new WholeSource(body)), body);
  } else {
    stream = new StreamBody(body.open());
  }
  holder.body = stream;
  return stream;
}

/** Takes the body away from whoever may still read it: reading gives `reason`. */
export function abortBody(holder, reason) {
  if (holder.body === null || holder.bodyUsed) return;
  const { stream, isText } = asStreamBody(holder);
  // What was read to its end stays read.
  if (stream.state !== kReadable) return;
  stream.controller.error(reason);
  holder.body = new StreamBody(stream, null, isText);
}

/** Whether the body was read, wholly or in part. */
export function isBodyUsed(holder) {
  return holder.bodyUsed || (StreamBody.is(holder.body) && holder.body.stream.disturbed);
}

/** "Unusable" (https://fetch.spec.whatwg.org/#body-unusable): read, or locked to a reader. */
export function isBodyUnusable(holder) {
  if (holder.bodyUsed) return true;
  if (!StreamBody.is(holder.body)) return false;
  const { stream } = holder.body;
  return stream.disturbed || stream.locked;
}

// Kinds of body that other files bring: Blob, FormData.
const kinds = [];

/**
 * Makes a class a BodyInit. `isInstance` is its brand check; `extract(init)` returns `{ body, type
 * }`, where `body` is a string, bytes or a source (see BodyHolder), and `type` the content type or
 * null. Call at module top level.
 */
export function registerBodyKind(isInstance, extract) {
  ArrayPrototypePush(kinds, { __proto__: null, isInstance, extract });
}

function noReader(name) {
  return () => {
    throw new DOMException(`Body.${name}() is not implemented yet`, "NotSupportedError");
  };
}

const readers = { __proto__: null, blob: noReader("blob"), formData: noReader("formData") };

/**
 * Sets what `blob()` and `formData()` make of a body: functions of (bytes, contentType), where the
 * content type is the text of the header or null. Call at module top level.
 */
export function setBodyReaders(blob, formData) {
  readers.blob = blob;
  readers.formData = formData;
}

function isGiven(method) {
  return method !== undefined && method !== null;
}

/** Whether an object is a String; a proxy of one is not. */
function isStringObject(object) {
  try {
    StringPrototypeValueOf(object);
    return true;
  } catch {
    return false;
  }
}

/**
 * "Extract a body" (https://fetch.spec.whatwg.org/#concept-bodyinit-extract): fills `holder.body`
 * and returns the content type it implies, or null.
 */
export function extractBody(holder, init) {
  if (typeof init === "string") {
    holder.body = init;
    return kTextType;
  }
  if (isObject(init)) {
    if (ArrayBufferIsView(init) || isArrayBuffer(init)) {
      // Another thread could change it while it is read, and WebIDL says so: no [AllowShared].
      if (isShared(init))
        throw new TypeError("A body is a view on a SharedArrayBuffer, which is not allowed");
      holder.body = copyOfBytes(init);
      return null;
    }
    if (isURLSearchParams(init)) {
      holder.body = serializeParams(init);
      return kFormType;
    }
    const stream = toReadable(init);
    if (stream !== undefined) {
      if (stream.locked || stream.disturbed) {
        throw new TypeError("ReadableStream is locked or disturbed");
      }
      holder.body = new StreamBody(stream);
      return null;
    }
    for (let i = 0; i < kinds.length; i++) {
      if (!kinds[i].isInstance(init)) continue;
      const { body, type } = kinds[i].extract(init);
      holder.body = body;
      return type;
    }
    // As in Deno: whatever gives chunks, but not the characters of a String object.
    if (
      isGiven(init[SymbolAsyncIterator]) ||
      (!isStringObject(init) && isGiven(init[SymbolIterator]))
    ) {
      holder.body = new StreamBody(readableFrom(init, "Failed to read the body"));
      return null;
    }
  }
  holder.body = `${init}`;
  return kTextType;
}

/** The second holder of a clone. Throws when the body was read. */
export function cloneBody(from, to) {
  if (isBodyUnusable(from)) throw new TypeError("Body is unusable");
  const { body } = from;
  if (body === null || typeof body === "string") {
    to.body = body;
  } else if (ArrayBufferIsView(body)) {
    to.body = TypedArrayPrototypeSlice(body);
  } else {
    const { stream, isText } = asStreamBody(from);
    const branches = teeReadable(stream, true);
    from.body = new StreamBody(branches[0], null, isText);
    to.body = new StreamBody(branches[1], null, isText);
  }
}

/** Gives the body to another holder; to everybody who looks, this one's was read. */
export function moveBody(from, to) {
  if (isBodyUnusable(from)) throw new TypeError("Input request's body is unusable");
  const { body } = from;
  if (StreamBody.is(body)) {
    // Somebody may have the stream: that one must look read.
    const { readable, writable } = createTransform(kIdentity);
    quiet(pipe(body.stream, writable, kPipeAll));
    to.body = new StreamBody(readable, null, body.isText);
  } else {
    to.body = body;
  }
  from.bodyUsed = true;
}

const kIdentity = {
  __proto__: null,
  transform: (chunk, stream) => stream.enqueue(chunk),
  flush() {},
  cancel() {},
};

/** Marks a body as read and returns it. Throws when it was read before. */
export function takeBody(holder) {
  if (isBodyUnusable(holder)) throw new TypeError("Body already consumed");
  let { body } = holder;
  if (body === null) return null;
  if (StreamBody.is(body)) body = body.takeWhole() ?? body;
  holder.bodyUsed = true;
  return body;
}

/** The body as a Readable, or null if there is none. Throws when it was read before. */
export function takeStream(holder) {
  if (isBodyUnusable(holder)) throw new TypeError("Body already consumed");
  return holder.body === null ? null : asStreamBody(holder).stream;
}

// `await` and promise resolution read `then` of an object, which a script may have put on
// Object.prototype: bytes that are at hand never pass through them.

/** Hands the bytes of a source to `use`; a promise of what that returns. */
async function collect(source, use) {
  return StreamBody.is(source)
    ? await collectStream(source.stream, use)
    : use(await source.collect());
}

/** Reads the body as text. */
export async function readText(holder) {
  const body = takeBody(holder);
  if (body === null) return "";
  if (typeof body === "string") return StringPrototypeToWellFormed(body);
  if (ArrayBufferIsView(body)) return decodeUtf8(body);
  return await collect(body, decodeUtf8);
}

/** Reads the body as bytes and hands them to `use`. */
async function readBytes(holder, use) {
  const body = takeBody(holder);
  if (body === null) return use(new Uint8Array(0));
  if (typeof body === "string") return use(encodeUtf8(body));
  return ArrayBufferIsView(body) ? use(body) : await collect(body, use);
}

/** The value of a content-type header in a flat list, or null. */
function contentTypeOf(list) {
  for (let i = 0; i < list.length; i += 2) if (list[i] === "content-type") return list[i + 1];
  return null;
}

/**
 * Adds the Body mixin to a class. `holderOf(object)` returns its BodyHolder, or undefined for an
 * object of another class; `headersOf(object)` its complete flat header list.
 */
export function defineBodyMixin(Class, holderOf, headersOf) {
  const methods = {
    get body() {
      const holder = checked(this, holderOf);
      return holder.body === null ? null : asStreamBody(holder).stream.object;
    },
    get bodyUsed() {
      return isBodyUsed(checked(this, holderOf));
    },
    arrayBuffer() {
      return reading(this, holderOf, (holder) =>
        readBytes(holder, (bytes) => TypedArrayPrototypeGetBuffer(exactBuffer(bytes))),
      );
    },
    blob() {
      return reading(this, holderOf, (holder) => {
        const type = contentTypeOf(headersOf(this));
        return readBytes(holder, (bytes) => readers.blob(bytes, type));
      });
    },
    bytes() {
      return reading(this, holderOf, (holder) => readBytes(holder, (bytes) => bytes));
    },
    formData() {
      return reading(this, holderOf, (holder) => {
        const type = contentTypeOf(headersOf(this));
        return readBytes(holder, (bytes) => readers.formData(bytes, type));
      });
    },
    json() {
      return reading(this, holderOf, async (holder) => JSONParse(await readText(holder)));
    },
    text() {
      return reading(this, holderOf, readText);
    },
  };
  const names = ReflectOwnKeys(methods);
  for (let i = 0; i < names.length; i++) {
    const descriptor = ObjectGetOwnPropertyDescriptor(methods, names[i]);
    ObjectDefineProperty(Class.prototype, names[i], { __proto__: null, ...descriptor });
  }
}

function checked(object, holderOf) {
  const holder = isObject(object) ? holderOf(object) : undefined;
  if (holder === undefined) throw illegalInvocation();
  return holder;
}

/** Errors of a promise-returning method reject its promise. */
function reading(object, holderOf, read) {
  const holder = isObject(object) ? holderOf(object) : undefined;
  if (holder === undefined) return PromiseReject(illegalInvocation());
  const { body } = holder;
  // A body that was aborted before: nothing is waited for, and it stays unread, as in Deno.
  if (body !== null && typeof body === "object" && !isBodyUnusable(holder)) {
    if (StreamBody.is(body)) {
      if (body.stream.state === kErrored) return PromiseReject(body.stream.storedError);
    } else if (body[kAborted]?.()) {
      return PromiseReject(body.abortReason);
    }
  }
  return read(holder);
}

/** A view that fills its whole buffer. */
function exactBuffer(bytes) {
  const whole = TypedArrayPrototypeGetByteLength(bytes);
  const buffer = TypedArrayPrototypeGetBuffer(bytes);
  return ArrayBufferPrototypeGetByteLength(buffer) === whole
    ? bytes
    : TypedArrayPrototypeSlice(bytes);
}
