// Response (https://fetch.spec.whatwg.org/#response-class). `new Response("text")` is the HTTP
// server's hot path: it allocates the object and its inner record, nothing else. Headers are made
// when somebody reads them.

import { primordials } from "rt:bootstrap/primordials.js";
import { urlHref } from "../url/url.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { resolveUrl } from "../web/location.js";
import {
  byteString,
  configureInterface,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  requiredArguments,
  unsignedShort,
  usvString,
} from "../web/webidl.js";
import {
  BodyHolder,
  cloneBody,
  defineBodyMixin,
  extractBody,
  kTextType,
  StreamBody,
} from "./body.js";
import { fillList, headersFromList, kGuardImmutable, kGuardNone, listHas } from "./headers.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  JSONStringify,
  RangeError,
  StringPrototypeCharCodeAt,
  TypeError,
} = primordials;

/**
 * The state of a response, and what the HTTP server reads.
 *
 * `headerList` is a flat list [name, value, …] or null. Null means nobody asked for headers: there
 * are none but `content-type: text/plain;charset=UTF-8` when `body` is a string. When it is a list,
 * it is complete. See BodyHolder for `body` and `bodyUsed`.
 */
export class InnerResponse extends BodyHolder {
  status = 200;
  statusText = "";
  headerList = null;
  type = "default";
  url = "";
  redirected = false;
}

/** Whether a status has no body (https://fetch.spec.whatwg.org/#null-body-status). */
export function isNullBodyStatus(status) {
  return status === 101 || status === 103 || status === 204 || status === 205 || status === 304;
}

/** Whether a status is a redirect (https://fetch.spec.whatwg.org/#redirect-status). */
export function isRedirectStatus(status) {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** reason-phrase (RFC 9112 section 4): tab, space, visible ASCII, and bytes above 127. */
function isReasonPhrase(text) {
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code !== 9 && (code < 32 || code === 127)) return false;
  }
  return true;
}

/** Applies a ResponseInit, members in the order WebIDL reads them. */
function applyInit(inner, init, prefix, context) {
  if (!isObject(init)) {
    throw makeException(
      prefix,
      context,
      "can not be converted to a dictionary",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const { headers } = init;
  let list = null;
  if (headers !== undefined) {
    list = [];
    fillList(list, headers, prefix, `'headers' of 'ResponseInit' (${context})`);
  }
  let { status, statusText } = init;
  if (status !== undefined) {
    status = unsignedShort(status, prefix, `'status' of 'ResponseInit' (${context})`);
  } else {
    status = 200;
  }
  if (statusText !== undefined) {
    statusText = byteString(statusText, prefix, `'statusText' of 'ResponseInit' (${context})`);
  } else {
    statusText = "";
  }
  // 101 is allowed: it is how a server answers a protocol upgrade.
  if (status !== 101 && (status < 200 || status > 599)) {
    throw new RangeError(
      `The status provided (${status}) is not equal to 101 and outside the range [200, 599]`,
    );
  }
  if (!isReasonPhrase(statusText)) {
    throw new TypeError(`Invalid status text: ${JSONStringify(statusText)}`);
  }
  inner.status = status;
  inner.statusText = statusText;
  inner.headerList = list;
}

/** Sets the body and the content type it implies. */
function applyBody(inner, body) {
  if (isNullBodyStatus(inner.status)) {
    throw new TypeError("Response with null body status cannot have body");
  }
  const type = extractBody(inner, body);
  if (type === null) return;
  // A string body without headers: see InnerResponse.
  if (inner.headerList === null && type === kTextType) return;
  setContentType(inner, type);
}

function setContentType(inner, type) {
  inner.headerList ??= [];
  if (!listHas(inner.headerList, "content-type")) {
    ArrayPrototypePush(inner.headerList, "content-type", type);
  }
}

/** The complete header list of a response. */
export function completeList(inner) {
  if (inner.headerList === null) {
    const isText =
      typeof inner.body === "string" || (StreamBody.is(inner.body) && inner.body.isText);
    inner.headerList = isText ? ["content-type", kTextType] : [];
  }
  return inner.headerList;
}

/** JSON text of a value; throws for what has none. */
function serializeJson(value) {
  const text = JSONStringify(value);
  if (text === undefined) throw new TypeError("Value is not JSON serializable");
  return text;
}

let innerOf; // the InnerResponse of a Response; undefined for anything else

/** An HTTP response. */
export class Response {
  #inner;
  #headers = null;
  #guard = kGuardNone;

  // Built-in code passes kConstruct and an inner response.
  constructor(body = undefined, init = undefined, guard = kGuardNone) {
    if (body === kConstruct) {
      this.#inner = init;
      this.#guard = guard;
      return;
    }
    const inner = new InnerResponse();
    this.#inner = inner;
    if (init !== undefined && init !== null) {
      applyInit(inner, init, "Failed to construct 'Response'", "Argument 2");
    }
    if (body !== undefined && body !== null) applyBody(inner, body);
  }

  static {
    innerOf = (value) => (#inner in value ? value.#inner : undefined);
  }

  /** A network error. */
  static error() {
    const inner = new InnerResponse();
    inner.type = "error";
    inner.status = 0;
    return new Response(kConstruct, inner, kGuardImmutable);
  }

  /** A redirection to `url`. */
  static redirect(url, status = 302) {
    const prefix = "Failed to execute 'Response.redirect'";
    requiredArguments(arguments.length, 1, prefix);
    url = usvString(url);
    status = unsignedShort(status, prefix, "Argument 2");
    const location = urlHref(resolveUrl(url));
    if (!isRedirectStatus(status)) throw new RangeError(`Invalid redirect status code: ${status}`);
    const inner = new InnerResponse();
    inner.status = status;
    inner.headerList = ["location", location];
    return new Response(kConstruct, inner, kGuardImmutable);
  }

  /** A response with `data` as JSON. */
  static json(data, init = undefined) {
    const prefix = "Failed to execute 'Response.json'";
    requiredArguments(arguments.length, 1, prefix);
    requiredArguments(arguments.length, 1, prefix);
    const text = serializeJson(data);
    const inner = new InnerResponse();
    if (init !== undefined && init !== null) applyInit(inner, init, prefix, "Argument 2");
    if (isNullBodyStatus(inner.status)) {
      throw new TypeError("Response with null body status cannot have body");
    }
    inner.body = text;
    setContentType(inner, "application/json");
    return new Response(kConstruct, inner);
  }

  get type() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.type;
  }

  get url() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.url;
  }

  get redirected() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.redirected;
  }

  get status() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.status;
  }

  get ok() {
    if (!(#inner in this)) throw illegalInvocation();
    const { status } = this.#inner;
    return status >= 200 && status <= 299;
  }

  get statusText() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.statusText;
  }

  get headers() {
    if (!(#inner in this)) throw illegalInvocation();
    return (this.#headers ??= headersFromList(completeList(this.#inner), this.#guard));
  }

  clone() {
    if (!(#inner in this)) throw illegalInvocation();
    const from = this.#inner;
    const to = new InnerResponse();
    cloneBody(from, to);
    to.status = from.status;
    to.statusText = from.statusText;
    to.headerList = from.headerList === null ? null : ArrayPrototypeSlice(from.headerList);
    to.type = from.type;
    to.url = from.url;
    to.redirected = from.redirected;
    return new Response(kConstruct, to, this.#guard);
  }

  [kInspect](inspect, options) {
    if (!(#inner in this)) return inspect({}, options);
    return inspectAs("Response", this, kInspected, inspect, options);
  }
}

const kInspected = [
  "body",
  "bodyUsed",
  "headers",
  "ok",
  "redirected",
  "status",
  "statusText",
  "url",
];

defineBodyMixin(Response, innerOf, (response) => completeList(innerOf(response)));
configureInterface(Response);

/**
 * Built-in code: the inner record of a Response, or undefined when the value is none. The HTTP
 * server writes `status`, `statusText`, `headerList`, `body` out as they are.
 */
export function toInnerResponse(value) {
  return isObject(value) ? innerOf(value) : undefined;
}

/** Built-in code: a Response around an inner record, as fetch makes. */
export function responseFromInner(inner, guard = kGuardImmutable) {
  return new Response(kConstruct, inner, guard);
}
