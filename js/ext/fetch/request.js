// Request (https://fetch.spec.whatwg.org/#request-class), and the lazy form the HTTP server hands
// to handlers: method, url, headers and body come from the connection when they are read, and its
// AbortSignal exists only once somebody asks for it.

import { primordials } from "rt:bootstrap/primordials.js";
import { blobOfUrl } from "../blob/blob_url.js";
import { isURL, urlHref } from "../url/url.js";
import { createAbortSignal, dependentSignal, toAbortSignal } from "../web/abort.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { resolveUrl } from "../web/location.js";
import {
  anyValue,
  boolean,
  byteString,
  configureInterface,
  dictionary,
  domString,
  enumeration,
  illegalInvocation,
  isObject,
  kConstruct,
  nullable,
  requiredArguments,
  usvString,
} from "../web/webidl.js";
import {
  BodyHolder,
  cloneBody,
  defineBodyMixin,
  extractBody,
  moveBody,
  StreamBody,
} from "./body.js";
import {
  fillList,
  headersFromList,
  isToken,
  kGuardImmutable,
  kGuardNone,
  listHas,
} from "./headers.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToUpperCase,
  TypeError,
} = primordials;

/** The state of a request. `url` is serialised; see BodyHolder for `body` and `bodyUsed`. */
export class InnerRequest extends BodyHolder {
  method = "GET";
  url = "";
  headerList = null;
  referrer = "about:client";
  referrerPolicy = "";
  mode = "cors";
  credentials = "same-origin";
  cache = "default";
  redirect = "follow";
  integrity = "";
  keepalive = false;
  duplex = "half";
  headersGuard = undefined; // what is not kGuardNone
  client = undefined; // Deno's HttpClient, for fetch
  blob = undefined; // what a blob: URL stands for, which may be revoked before it is fetched
}

/** HeadersInit stays as it is until the Request exists: filling it can call user code. */
const requestInit = dictionary("RequestInit", [
  { key: "method", converter: byteString },
  { key: "headers", converter: anyValue },
  { key: "body", converter: anyValue },
  { key: "referrer", converter: usvString },
  {
    key: "referrerPolicy",
    converter: enumeration("ReferrerPolicy", [
      "",
      "no-referrer",
      "no-referrer-when-downgrade",
      "same-origin",
      "origin",
      "strict-origin",
      "origin-when-cross-origin",
      "strict-origin-when-cross-origin",
      "unsafe-url",
    ]),
  },
  {
    key: "mode",
    converter: enumeration("RequestMode", ["same-origin", "no-cors", "cors", "navigate"]),
  },
  {
    key: "credentials",
    converter: enumeration("RequestCredentials", ["omit", "same-origin", "include"]),
  },
  {
    key: "cache",
    converter: enumeration("RequestCache", [
      "default",
      "no-store",
      "reload",
      "no-cache",
      "force-cache",
      "only-if-cached",
    ]),
  },
  {
    key: "redirect",
    converter: enumeration("RequestRedirect", ["follow", "error", "manual"]),
  },
  { key: "integrity", converter: domString },
  { key: "keepalive", converter: boolean },
  { key: "signal", converter: nullable(toAbortSignal) },
  { key: "duplex", converter: enumeration("RequestDuplex", ["half", "full"]) },
  { key: "priority", converter: enumeration("RequestPriority", ["high", "low", "auto"]) },
  { key: "window", converter: anyValue },
  { key: "client", converter: anyValue },
]);

/** https://fetch.spec.whatwg.org/#concept-method-normalize, after the checks of the constructor. */
function toMethod(method) {
  if (method === "GET" || method === "POST") return method;
  if (!isToken(method)) throw new TypeError("Method is not valid");
  const upper = StringPrototypeToUpperCase(method);
  switch (upper) {
    case "CONNECT":
    case "TRACE":
    case "TRACK":
      throw new TypeError("Method is forbidden");
    case "DELETE":
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "POST":
    case "PUT":
      return upper;
    default:
      return method;
  }
}

function isSimpleMethod(method) {
  return method === "GET" || method === "HEAD" || method === "POST";
}

/** The serialised URL; throws a TypeError for what is none. */
function parseUrl(text) {
  return urlHref(resolveUrl(text));
}

function applyInit(inner, init) {
  if (init.window !== undefined && init.window !== null) {
    throw new TypeError("'window' of 'RequestInit' (Argument 2) must be null");
  }
  if (init.mode === "navigate") throw new TypeError("Request mode 'navigate' is not allowed");
  if (init.referrer !== undefined) {
    inner.referrer = init.referrer === "" ? "" : parseUrl(init.referrer);
  }
  if (init.referrerPolicy !== undefined) inner.referrerPolicy = init.referrerPolicy;
  if (init.mode !== undefined) inner.mode = init.mode;
  if (init.credentials !== undefined) inner.credentials = init.credentials;
  if (init.cache !== undefined) inner.cache = init.cache;
  if (inner.cache === "only-if-cached" && inner.mode !== "same-origin") {
    throw new TypeError("Cache mode 'only-if-cached' needs the mode 'same-origin'");
  }
  if (init.redirect !== undefined) inner.redirect = init.redirect;
  if (init.integrity !== undefined) inner.integrity = init.integrity;
  if (init.keepalive !== undefined) inner.keepalive = init.keepalive;
  if (init.method !== undefined) inner.method = toMethod(init.method);
  if (inner.mode === "no-cors" && !isSimpleMethod(inner.method)) {
    throw new TypeError(`Method '${inner.method}' is not allowed in mode 'no-cors'`);
  }
  if (init.duplex === "full") throw new TypeError("Request duplex 'full' is not supported");
  if (init.client !== undefined) inner.client = init.client;
}

let requestState; // access to the private fields

/** An HTTP request. */
export class Request {
  #inner; // InnerRequest, or the server's record (see newServerRequest)
  #headers = null;
  #signal = null;
  #signalSources = null; // signals of init, until `signal` is read

  // Built-in code passes kConstruct and an inner record.
  constructor(input, init = undefined) {
    if (input === kConstruct) {
      this.#inner = init;
      return;
    }
    const prefix = "Failed to construct 'Request'";
    requiredArguments(arguments.length, 1, prefix);
    const inner = new InnerRequest();
    let source; // the Request this one is made from
    if (isObject(input) && #inner in input) {
      source = input;
      copyRequest(inner, source);
    } else {
      inner.url = isURL(input) ? urlHref(input) : parseUrl(usvString(input));
      if (StringPrototypeStartsWith(inner.url, "blob:")) inner.blob = blobOfUrl(inner.url);
    }
    let own;
    if (init !== undefined && init !== null) {
      own = requestInit(init, prefix, "Argument 2");
      applyInit(inner, own);
    }
    const hasInit = own !== undefined;
    if (hasInit && own.headers !== undefined) {
      inner.headerList = [];
      fillList(inner.headerList, own.headers, prefix, "'headers' of 'RequestInit' (Argument 2)");
    } else {
      inner.headerList = source === undefined ? [] : ArrayPrototypeSlice(source.#list());
    }
    const hasBody = hasInit && own.body !== undefined && own.body !== null;
    const sourceBody = source === undefined ? null : source.#inner.body;
    if ((hasBody || sourceBody !== null) && (inner.method === "GET" || inner.method === "HEAD")) {
      throw new TypeError("Request with GET/HEAD method cannot have body");
    }
    if (hasBody) {
      const type = extractBody(inner, own.body);
      if (inner.keepalive && StreamBody.is(inner.body)) {
        throw new TypeError("Request with 'keepalive' cannot have a stream as its body");
      }
      if (type !== null && !listHas(inner.headerList, "content-type")) {
        ArrayPrototypePush(inner.headerList, "content-type", type);
      }
    } else if (sourceBody !== null) {
      moveBody(source.#inner, inner);
    }
    // `signal: null` means none, absent means that of the input.
    if (hasInit && own.signal !== undefined) {
      if (own.signal !== null) this.#signalSources = [own.signal];
    } else if (source !== undefined) {
      this.#signalSources = [source.#ownSignal()];
    }
    this.#inner = inner;
  }

  static {
    requestState = {
      __proto__: null,
      inner: (value) => (#inner in value ? value.#inner : undefined),
      list: (request) => request.#list(),
      signal: (request) => request.#signal,
      effectiveSignal: (request) =>
        request.#signal !== null || request.#signalSources !== null ? request.#ownSignal() : null,
    };
  }

  /** The flat header list. */
  #list() {
    const inner = this.#inner;
    if (inner.headerList === null) inner.headerList = inner.readHeaders();
    return inner.headerList;
  }

  get method() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.method;
  }

  get url() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.url;
  }

  get headers() {
    if (!(#inner in this)) throw illegalInvocation();
    return (this.#headers ??= headersFromList(
      this.#list(),
      this.#inner.headersGuard ?? kGuardNone,
    ));
  }

  get destination() {
    if (!(#inner in this)) throw illegalInvocation();
    return "";
  }

  get referrer() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.referrer;
  }

  get referrerPolicy() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.referrerPolicy;
  }

  get mode() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.mode;
  }

  get credentials() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.credentials;
  }

  get cache() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.cache;
  }

  get redirect() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.redirect;
  }

  get integrity() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.integrity;
  }

  get keepalive() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.keepalive;
  }

  get isReloadNavigation() {
    if (!(#inner in this)) throw illegalInvocation();
    return false;
  }

  get isHistoryNavigation() {
    if (!(#inner in this)) throw illegalInvocation();
    return false;
  }

  get duplex() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#inner.duplex;
  }

  get signal() {
    if (!(#inner in this)) throw illegalInvocation();
    return this.#ownSignal();
  }

  #ownSignal() {
    if (this.#signal === null) {
      if (this.#signalSources !== null) {
        this.#signal = dependentSignal(this.#signalSources);
        this.#signalSources = null;
      } else {
        this.#signal = this.#inner.makeSignal?.() ?? createAbortSignal();
      }
    }
    return this.#signal;
  }

  clone() {
    if (!(#inner in this)) throw illegalInvocation();
    const from = this.#inner;
    const to = new InnerRequest();
    cloneBody(from, to);
    copyRequest(to, this);
    to.headerList = ArrayPrototypeSlice(this.#list());
    to.headersGuard = from.headersGuard;
    const result = new Request(kConstruct, to);
    result.#signalSources = [this.#ownSignal()];
    return result;
  }

  [kInspect](inspect, options) {
    if (!(#inner in this)) return inspect({}, options);
    return inspectAs("Request", this, kInspected, inspect, options);
  }
}

const kInspected = ["bodyUsed", "headers", "method", "redirect", "url"];

/** Copies everything but headers, body and signal. */
function copyRequest(to, request) {
  const from = requestState.inner(request);
  to.method = from.method;
  to.url = from.url;
  to.referrer = from.referrer;
  to.referrerPolicy = from.referrerPolicy;
  to.mode = from.mode;
  to.credentials = from.credentials;
  to.cache = from.cache;
  to.redirect = from.redirect;
  to.integrity = from.integrity;
  to.keepalive = from.keepalive;
  to.client = from.client;
  to.blob = from.blob;
}

defineBodyMixin(Request, requestState.inner, requestState.list);
configureInterface(Request);

/**
 * What the HTTP server makes a Request from: subclass it. Each method runs at most once, when user
 * code first reads the property.
 */
export class ServerRequest {
  #method = null;
  #url = null;
  #body = undefined;
  headerList = null;
  headersGuard = kGuardImmutable;
  bodyUsed = false;

  /** The method as received, already a token. */
  readMethod() {
    throw new TypeError("readMethod() must be overridden");
  }

  /** The absolute URL, serialised. */
  readUrl() {
    throw new TypeError("readUrl() must be overridden");
  }

  /** A flat list [name, value, …], names lowercase. */
  readHeaders() {
    throw new TypeError("readHeaders() must be overridden");
  }

  /** null, or a body source: see BodyHolder in body.js. */
  readBody() {
    return null;
  }

  /** The signal that tells when the client is gone. */
  makeSignal() {
    return createAbortSignal();
  }

  get method() {
    return (this.#method ??= this.readMethod());
  }

  get url() {
    return (this.#url ??= this.readUrl());
  }

  get body() {
    if (this.#body === undefined) this.#body = this.readBody();
    return this.#body;
  }

  set body(body) {
    this.#body = body;
  }

  get referrer() {
    return "about:client";
  }

  get referrerPolicy() {
    return "";
  }

  get mode() {
    return "cors";
  }

  get credentials() {
    return "same-origin";
  }

  get cache() {
    return "default";
  }

  get redirect() {
    return "follow";
  }

  get integrity() {
    return "";
  }

  get keepalive() {
    return false;
  }

  get duplex() {
    return "half";
  }
}

/** Built-in code: the Request of a ServerRequest. */
export function newServerRequest(inner) {
  return new Request(kConstruct, inner);
}

/** Built-in code: the inner record of a Request, or undefined when the value is none. */
export function toInnerRequest(value) {
  return isObject(value) ? requestState.inner(value) : undefined;
}

/** Built-in code: the complete header list of a Request. */
export function requestHeaderList(request) {
  return requestState.list(request);
}

/** Built-in code: the signal that can abort a Request; null if nobody has one. */
export function effectiveSignal(request) {
  return requestState.effectiveSignal(request);
}

/** Built-in code: a Request's AbortSignal if it has one already, else null. */
export function existingSignal(request) {
  return requestState.signal(request);
}
