// Bodies of requests and responses (https://fetch.spec.whatwg.org/#body-mixin): what they are made
// from and the methods that read them. Bytes handed to user code are always its own copy.

import { primordials } from "rt:bootstrap/primordials.js";
import { isURLSearchParams, serializeParams } from "../url/url.js";
import { DOMException } from "../web/dom_exception.js";
import { decodeUtf8, encodeUtf8 } from "../web/text_encoding.js";
import { illegalInvocation, isArrayBuffer, isObject } from "../web/webidl.js";

const {
  ArrayBufferIsView,
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeSlice,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  JSONParse,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  PromiseReject,
  PromiseResolve,
  ReflectOwnKeys,
  StringPrototypeToWellFormed,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSlice,
  Uint8Array,
} = primordials;

export const kTextType = "text/plain;charset=UTF-8";
const kFormType = "application/x-www-form-urlencoded;charset=UTF-8";

/**
 * What a request or response holds of its body:
 * - `body`: null, a string, a Uint8Array nobody else writes to, or a source: an object with
 *   `collect()`, which returns the whole body as a Uint8Array or a promise of one, and is called once
 * - `bodyUsed`: whether it was read
 */
export class BodyHolder {
  body = null;
  bodyUsed = false;
}

/** One collected body for the two sides of a clone. */
class SharedSource {
  #source;
  #bytes = null;

  constructor(source) {
    this.#source = source;
  }

  async collect() {
    this.#bytes ??= PromiseResolve(this.#source.collect());
    return TypedArrayPrototypeSlice(await this.#bytes);
  }
}

/** A copy of an ArrayBuffer's or view's bytes. */
function copyBytes(source) {
  if (!ArrayBufferIsView(source)) return new Uint8Array(ArrayBufferPrototypeSlice(source, 0));
  const isDataView = TypedArrayPrototypeGetSymbolToStringTag(source) === undefined;
  const buffer = isDataView
    ? DataViewPrototypeGetBuffer(source)
    : TypedArrayPrototypeGetBuffer(source);
  const offset = isDataView
    ? DataViewPrototypeGetByteOffset(source)
    : TypedArrayPrototypeGetByteOffset(source);
  const length = isDataView
    ? DataViewPrototypeGetByteLength(source)
    : TypedArrayPrototypeGetByteLength(source);
  return TypedArrayPrototypeSlice(new Uint8Array(buffer, offset, length));
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
      holder.body = copyBytes(init);
      return null;
    }
    if (isURLSearchParams(init)) {
      holder.body = serializeParams(init);
      return kFormType;
    }
  }
  holder.body = `${init}`;
  return kTextType;
}

/** The second holder of a clone. Throws when the body was read. */
export function cloneBody(from, to) {
  if (from.bodyUsed) throw new TypeError("Body is unusable");
  const { body } = from;
  if (body !== null && typeof body === "object") {
    if (ArrayBufferIsView(body)) {
      to.body = TypedArrayPrototypeSlice(body);
      return;
    }
    from.body = new SharedSource(body);
  }
  to.body = from.body;
}

/** Marks a body as read and returns it. Throws when it was read before. */
export function takeBody(holder) {
  if (holder.bodyUsed) throw new TypeError("Body already consumed");
  if (holder.body === null) return null;
  holder.bodyUsed = true;
  return holder.body;
}

// `await` and promise resolution read `then` of an object, which a script may have put on
// Object.prototype: bytes that are at hand never pass through them.

/** Reads the body as text. */
export async function readText(holder) {
  const body = takeBody(holder);
  if (body === null) return "";
  if (typeof body === "string") return StringPrototypeToWellFormed(body);
  if (ArrayBufferIsView(body)) return decodeUtf8(body);
  return decodeUtf8(await body.collect());
}

/** Reads the body as bytes and hands them to `use`. */
async function readBytes(holder, use) {
  const body = takeBody(holder);
  if (body === null) return use(new Uint8Array(0));
  if (typeof body === "string") return use(encodeUtf8(body));
  return use(ArrayBufferIsView(body) ? body : await body.collect());
}

function notImplemented(what) {
  return new DOMException(`${what} is not implemented yet`, "NotSupportedError");
}

/**
 * Adds the Body mixin to a class. `holderOf(object)` returns its BodyHolder, or undefined for an
 * object of another class.
 */
export function defineBodyMixin(Class, holderOf) {
  const methods = {
    get body() {
      const holder = checked(this, holderOf);
      if (holder.body === null) return null;
      throw notImplemented("Body streaming");
    },
    get bodyUsed() {
      return checked(this, holderOf).bodyUsed;
    },
    arrayBuffer() {
      return reading(this, holderOf, (holder) =>
        readBytes(holder, (bytes) => TypedArrayPrototypeGetBuffer(exactBuffer(bytes))),
      );
    },
    blob() {
      return reading(this, holderOf, () => PromiseReject(notImplemented("Body.blob()")));
    },
    bytes() {
      return reading(this, holderOf, (holder) => readBytes(holder, (bytes) => bytes));
    },
    formData() {
      return reading(this, holderOf, () => PromiseReject(notImplemented("Body.formData()")));
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
  return holder === undefined ? PromiseReject(illegalInvocation()) : read(holder);
}

/** A view that fills its whole buffer. */
function exactBuffer(bytes) {
  const whole = TypedArrayPrototypeGetByteLength(bytes);
  const buffer = TypedArrayPrototypeGetBuffer(bytes);
  return ArrayBufferPrototypeGetByteLength(buffer) === whole
    ? bytes
    : TypedArrayPrototypeSlice(bytes);
}
