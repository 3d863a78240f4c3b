// fetch() (https://fetch.spec.whatwg.org/#fetch-method). Each hop is one exchange of the HTTP
// client in C++ (src/ext/fetch), which checks that it may connect; what is decided here is which
// hop comes next and what it says. As in Deno there is no origin: no CORS, no cookies, no cache.

import { op_core_try_close } from "rt:ops/core";
import { op_fetch, op_fetch_send } from "rt:ops/fetch";
import { op_resource_shutdown } from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { errors } from "rt:bootstrap/errors.js";
import { withCaller } from "../io/async_error.js";
import { cancelStream, kPipeAll, pipe, quiet, writableForRid } from "../streams/streams.js";
import { redactCredentials, URL, urlComponents, urlHref } from "../url/url.js";
import {
  abortSignal,
  addAbortAlgorithm,
  createAbortSignal,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
} from "../web/abort.js";
import { encodeUtf8 } from "../web/text_encoding.js";
import { requiredArguments } from "../web/webidl.js";
import { StreamBody, takeBody } from "./body.js";
import { checkBytes, collectStream } from "./collect.js";
import { kGuardImmutable } from "./headers.js";
import { clientRid } from "./http_client.js";
import { hasIntegrity, parseIntegrity } from "./integrity.js";
import { fetchLocal } from "./local_schemes.js";
import { abortWith, NetworkBody } from "./network_body.js";
import { Sender } from "./sender.js";
import { effectiveSignal, Request, requestHeaderList, toInnerRequest } from "./request.js";
import {
  InnerResponse,
  isNullBodyStatus,
  isRedirectStatus,
  responseFromInner,
} from "./response.js";

const {
  ArrayBufferIsView,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  Error,
  ObjectPrototypeIsPrototypeOf,
  PromisePrototypeThen,
  PromiseReject,
  PromiseWithResolvers,
  NumberPrototypeToString,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToUpperCase,
  TypeError,
} = primordials;

const kMaxRedirects = 20;

function networkError(reason) {
  return new TypeError(`Fetch failed: ${reason}`);
}

function isHttp(url) {
  return StringPrototypeStartsWith(url, "http:") || StringPrototypeStartsWith(url, "https:");
}

function withoutFragment(url) {
  const hash = StringPrototypeIndexOf(url, "#");
  return hash < 0 ? url : StringPrototypeSlice(url, 0, hash);
}

/** A flat header list without some (lowercase) names. */
function without(list, names) {
  const kept = [];
  for (let i = 0; i < list.length; i += 2) {
    if (names[list[i]] !== true) ArrayPrototypePush(kept, list[i], list[i + 1]);
  }
  return kept;
}

// https://fetch.spec.whatwg.org/#request-body-header-name
const kBodyHeaders = {
  __proto__: null,
  "content-encoding": true,
  "content-language": true,
  "content-length": true,
  "content-location": true,
  "content-type": true,
};
// Not for another origin to see (S28).
const kSecretHeaders = {
  __proto__: null,
  authorization: true,
  cookie: true,
  "proxy-authorization": true,
};

/** What a body may be made of (https://fetch.spec.whatwg.org/#body-incrementally-read). */
const checkChunk = (chunk) => checkBytes(chunk, "sending");

/** One call of fetch. */
class Fetching {
  #inner;
  #headers;
  #signal; // null: nobody can abort it
  #client;
  #rid = undefined; // of the exchange under way
  #body = null; // null, bytes that can be sent again, or a StreamBody
  #uploadSignal = undefined;
  #uploadError = undefined;
  #sender; // null: the program has no origin

  constructor(request, signal) {
    this.#inner = toInnerRequest(request);
    this.#sender = Sender.of(this.#inner);
    this.#headers = requestHeaderList(request);
    this.#signal = signal;
    const { client } = this.#inner;
    if (client !== undefined) {
      this.#client = clientRid(client);
      if (this.#client === undefined) {
        throw new TypeError("Failed to execute 'fetch': `client` must be a Deno.HttpClient");
      }
    }
  }

  /** Stops whatever it is at. */
  abort(reason) {
    if (this.#rid !== undefined) op_core_try_close(this.#rid);
    this.#rid = undefined;
    if (this.#uploadSignal !== undefined) {
      abortSignal(this.#uploadSignal, reason);
      this.#uploadSignal = undefined;
    } else {
      const body = this.#body ?? this.#inner.body;
      if (StreamBody.is(body) && !body.stream.locked) {
        const cancelled = cancelStream(body.stream, reason);
        if (cancelled !== undefined) quiet(cancelled);
      }
    }
  }

  async run() {
    const { url, method } = this.#inner;
    if (!isHttp(url)) {
      const response = await fetchLocal(this.#inner);
      response.type = "basic";
      response.url = withoutFragment(url);
      await this.#checkIntegrity(response);
      if (this.#signal !== null) abortWith(this.#signal, response);
      return responseFromInner(response, kGuardImmutable);
    }
    let body = takeBody(this.#inner);
    if (typeof body === "string") body = encodeUtf8(body);
    else if (body !== null && !ArrayBufferIsView(body) && !StreamBody.is(body)) {
      body = await body.collect();
    }
    this.#body = body;
    const response = await this.#follow(url, method);
    if (await this.#checkIntegrity(response)) {
      if (this.#signal !== null) abortWith(this.#signal, response);
    }
    return responseFromInner(response, kGuardImmutable);
  }

  /**
   * Reads the body if its digest was named, and throws if it has another. True if it was read: the
   * response has its bytes then.
   */
  async #checkIntegrity(inner) {
    if (this.#inner.integrity === "") return false;
    const wanted = parseIntegrity(this.#inner.integrity);
    if (wanted === null) return false;
    const body = takeBody(inner);
    let bytes = body;
    if (body === null)
      throw networkError("There is no body that could have the integrity asked for");
    if (typeof body === "string") bytes = encodeUtf8(body);
    else if (StreamBody.is(body)) bytes = await collectStream(body.stream, (whole) => whole);
    else if (!ArrayBufferIsView(body)) bytes = await body.collect();
    if (!(await hasIntegrity(bytes, wanted))) {
      throw networkError("The response does not have the integrity asked for");
    }
    inner.body = bytes;
    inner.bodyUsed = false;
    return true;
  }

  /** The response after all redirects. */
  async #follow(url, method) {
    const mode = this.#inner.redirect;
    for (let redirects = 0; ; redirects++) {
      const reply = await this.#hop(url, method);
      if (!isRedirectStatus(reply.status) || mode === "manual") {
        return this.#respond(reply, url, redirects > 0);
      }
      const location = locationOf(reply.head);
      if (mode === "follow" && location === undefined) {
        return this.#respond(reply, url, redirects > 0);
      }
      this.#dropExchange();
      if (mode === "error") {
        throw networkError("Encountered redirect while redirect mode is set to 'error'");
      }
      const from = new URL(url);
      const to = toLocation(location, url, from);
      if (redirects === kMaxRedirects) {
        throw networkError(`Maximum number of redirects (${kMaxRedirects}) reached`);
      }
      this.#sender?.redirect(from, to, ArrayPrototypeSlice(reply.head, 1));
      method = this.#rewrite(reply.status, method);
      if (!isSameOrigin(from, to)) this.#headers = without(this.#headers, kSecretHeaders);
      url = urlHref(to);
    }
  }

  /** What a redirect makes of method and body; the method. */
  #rewrite(status, method) {
    if (status !== 303 && StreamBody.is(this.#body)) {
      throw networkError("Can not redeliver a streaming request body after a redirect");
    }
    const becomesGet =
      ((status === 301 || status === 302) && method === "POST") ||
      (status === 303 && method !== "GET" && method !== "HEAD");
    if (!becomesGet) return method;
    this.#body = null;
    this.#headers = without(this.#headers, kBodyHeaders);
    return "GET";
  }

  /** One exchange, up to the head of the response. */
  async #hop(url, method) {
    const streams = StreamBody.is(this.#body);
    const bytes = streams || this.#body === null ? undefined : this.#body;
    const headers = this.#sender?.addTo(this.#headers, url, method) ?? this.#headers;
    const { rid, bodyRid } = op_fetch(method, url, headers, bytes, streams, this.#client);
    this.#rid = rid;
    if (streams) this.#upload(bodyRid);
    try {
      const reply = await op_fetch_send(rid, rid);
      // Nothing is left open of an answer that has come whole.
      if (!reply.hasBody || reply.body !== null) this.#rid = undefined;
      return reply;
    } catch (error) {
      this.#rid = undefined;
      throw this.#explain(error, url);
    }
  }

  #upload(bodyRid) {
    const writable = writableForRid(bodyRid, {
      __proto__: null,
      end: op_resource_shutdown,
      check: checkChunk,
    });
    this.#uploadSignal = createAbortSignal();
    const options = { __proto__: null, ...kPipeAll, signal: this.#uploadSignal };
    const end = () => {
      this.#uploadSignal = undefined;
    };
    PromisePrototypeThen(pipe(this.#body.stream, writable, options), end, (error) => {
      end();
      this.#uploadError = { __proto__: null, error };
    });
  }

  #explain(error, url) {
    if (ObjectPrototypeIsPrototypeOf(errors.NotCapable.prototype, error)) return error;
    let cause;
    if (this.#uploadError !== undefined && error.name === "Interrupted") {
      cause = this.#uploadError.error;
    } else {
      cause = new Error(
        `error sending request for url (${redactCredentials(url)}): ${error.message}`,
      );
      if (error.code !== undefined) cause.code = error.code;
    }
    return withCaller(new TypeError("fetch failed", { cause }), fetch);
  }

  /** The server has said all: what it did not read of the body nobody will. */
  #endUpload() {
    if (this.#uploadSignal === undefined) return;
    abortSignal(this.#uploadSignal, new TypeError("The response is complete"));
    this.#uploadSignal = undefined;
  }

  #dropExchange() {
    this.#endUpload();
    if (this.#rid !== undefined) op_core_try_close(this.#rid);
    this.#rid = undefined;
  }

  #respond({ status, head, body, hasBody }, url, redirected) {
    const inner = new InnerResponse();
    inner.status = status;
    inner.statusText = head[0];
    inner.headerList = ArrayPrototypeSlice(head, 1);
    inner.type = "basic";
    inner.url = withoutFragment(url);
    inner.redirected = redirected;
    if (body === null && hasBody && !isNullBodyStatus(status)) {
      inner.body = new NetworkBody(this.#rid, this.#signal, () => this.#endUpload());
      this.#rid = undefined;
      return inner;
    }
    this.#dropExchange();
    if (body !== null && !isNullBodyStatus(status)) {
      inner.body = body;
      if (this.#signal !== null) abortWith(this.#signal, inner);
    }
    return inner;
  }
}

/** The first `location` of a response's head, or undefined. */
function locationOf(head) {
  for (let i = 1; i < head.length; i += 2) if (head[i] === "location") return head[i + 1];
  return undefined;
}

/** Bytes above 127 are what they are, whatever encoding they may be in. */
function escapeBytes(location) {
  let escaped = "";
  for (let i = 0; i < location.length; i++) {
    const code = StringPrototypeCharCodeAt(location, i);
    escaped +=
      code < 128
        ? location[i]
        : `%${StringPrototypeToUpperCase(NumberPrototypeToString(code, 16))}`;
  }
  return escaped;
}

function toLocation(location, base, from) {
  let to;
  try {
    to = new URL(escapeBytes(location), base);
  } catch {
    throw networkError("The redirect's location is not a valid URL");
  }
  const { hash, protocol } = urlComponents(to);
  if (protocol !== "http:" && protocol !== "https:") {
    throw networkError("Can not redirect to a non HTTP(s) url");
  }
  if (hash === "") {
    const inherited = urlComponents(from).hash;
    if (inherited !== "") to = new URL(inherited, urlHref(to));
  }
  return to;
}

function isSameOrigin(a, b) {
  const one = urlComponents(a);
  const two = urlComponents(b);
  return one.protocol === two.protocol && one.hostname === two.hostname && one.port === two.port;
}

/** An abort answers at once, whatever the exchange is at. */
function runAbortable(fetching, signal) {
  if (isSignalAborted(signal)) {
    const reason = signalReason(signal);
    fetching.abort(reason);
    return PromiseReject(reason);
  }
  const { promise, resolve, reject } = PromiseWithResolvers();
  const onAbort = () => {
    const reason = signalReason(signal);
    fetching.abort(reason);
    reject(reason);
  };
  addAbortAlgorithm(signal, onAbort);
  PromisePrototypeThen(
    fetching.run(),
    (response) => {
      removeAbortAlgorithm(signal, onAbort);
      resolve(response);
    },
    (error) => {
      removeAbortAlgorithm(signal, onAbort);
      reject(error);
    },
  );
  return promise;
}

/**
 * Fetches a resource.
 * @param {RequestInfo | URL} input
 * @param {RequestInit & { client?: Deno.HttpClient }} [init]
 * @returns {Promise<Response>}
 */
export function fetch(input, init = undefined) {
  try {
    requiredArguments(arguments.length, 1, "Failed to execute 'fetch'");
    const request = new Request(input, init);
    const signal = effectiveSignal(request);
    const fetching = new Fetching(request, signal);
    return signal === null ? fetching.run() : runAbortable(fetching, signal);
  } catch (error) {
    return PromiseReject(error);
  }
}
