// Which entry answers which request (https://w3c.github.io/ServiceWorker/#request-matches-cached-item),
// and entries as the rows they are kept in.

import { primordials } from "rt:bootstrap/primordials.js";
import { getFromList, kGuardImmutable } from "../fetch/headers.js";
import {
  InnerRequest,
  newServerRequest,
  Request,
  requestHeaderList,
  toInnerRequest,
} from "../fetch/request.js";
import { InnerResponse } from "../fetch/response.js";
import { usvString } from "../web/webidl.js";

const {
  JSONParse,
  JSONStringify,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  StringPrototypeTrim,
} = primordials;

/** RequestInfo: a Request, or the URL of one. */
export function toRequest(input) {
  return toInnerRequest(input) === undefined ? new Request(usvString(input)) : input;
}

export const isHttpUrl = (url) =>
  StringPrototypeStartsWith(url, "http:") || StringPrototypeStartsWith(url, "https:");

function upTo(text, character) {
  const at = StringPrototypeIndexOf(text, character);
  return at < 0 ? text : StringPrototypeSlice(text, 0, at);
}

/** A URL without its fragment. */
export const withoutFragment = (url) => upTo(url, "#");
/** A URL without its fragment and query. */
export const pathOf = (url) => upTo(upTo(url, "#"), "?");

/** The names a `vary` header lists, in lowercase. */
export function varyNames(headerList) {
  const header = getFromList(headerList, "vary");
  if (header === null) return [];
  const names = StringPrototypeSplit(header, ",");
  for (let i = 0; i < names.length; i++) {
    names[i] = StringPrototypeToLowerCase(StringPrototypeTrim(names[i]));
  }
  return names;
}

/** Whether every request may get another response. */
export function variesByAll(headerList) {
  const names = varyNames(headerList);
  for (let i = 0; i < names.length; i++) if (names[i] === "*") return true;
  return false;
}

function sameVariant(wanted, stored, responseHeaders) {
  const names = varyNames(responseHeaders);
  for (let i = 0; i < names.length; i++) {
    if (names[i] === "*") return false;
    if (getFromList(wanted, names[i]) !== getFromList(stored, names[i])) return false;
  }
  return true;
}

/** An entry, read out of its row. */
class Entry {
  number;
  url;
  #request;
  #response;

  constructor(row) {
    this.number = row[0];
    this.url = row[1];
    this.#request = JSONParse(row[2]);
    this.#response = JSONParse(row[3]);
  }

  /** A Request as it was when it was put. */
  makeRequest() {
    const inner = new InnerRequest();
    const from = this.#request;
    inner.url = from.url;
    inner.headerList = from.headers;
    inner.headersGuard = kGuardImmutable;
    inner.referrer = from.referrer;
    inner.referrerPolicy = from.referrerPolicy;
    inner.mode = from.mode;
    inner.credentials = from.credentials;
    inner.cache = from.cache;
    inner.redirect = from.redirect;
    inner.integrity = from.integrity;
    return newServerRequest(inner);
  }

  /** The response, without its body. */
  makeInnerResponse() {
    const inner = new InnerResponse();
    const from = this.#response;
    inner.status = from.status;
    inner.statusText = from.statusText;
    inner.headerList = from.headers;
    inner.type = from.type;
    inner.url = from.url;
    inner.redirected = from.redirected;
    return inner;
  }

  get hasBody() {
    return this.#response.hasBody;
  }

  matches(headerList) {
    return sameVariant(headerList, this.#request.headers, this.#response.headers);
  }
}

/** The texts of a row for a request and its response. */
export function describe(request, response, headerList, hasBody) {
  const inner = toInnerRequest(request);
  return {
    __proto__: null,
    url: withoutFragment(inner.url),
    path: pathOf(inner.url),
    request: JSONStringify({
      __proto__: null,
      url: inner.url,
      headers: requestHeaderList(request),
      referrer: inner.referrer,
      referrerPolicy: inner.referrerPolicy,
      mode: inner.mode,
      credentials: inner.credentials,
      cache: inner.cache,
      redirect: inner.redirect,
      integrity: inner.integrity,
    }),
    response: JSONStringify({
      __proto__: null,
      status: response.status,
      statusText: response.statusText,
      headers: headerList,
      type: response.type,
      url: response.url,
      redirected: response.redirected,
      hasBody,
    }),
  };
}

/**
 * The entries of cache `id` that answer `request`, oldest first; all for null
 * (https://w3c.github.io/ServiceWorker/#query-cache). Calls `use` with each until it returns true.
 */
export function query(store, id, request, options, use) {
  if (request === null) {
    const rows = store.entries(id, null);
    for (let i = 0; i < rows.length; i++) if (use(new Entry(rows[i]))) return;
    return;
  }
  const { method, url } = toInnerRequest(request);
  if (method !== "GET" && !options.ignoreMethod) return;
  const rows = store.entries(id, pathOf(url));
  const wanted = withoutFragment(url);
  const headerList = requestHeaderList(request);
  for (let i = 0; i < rows.length; i++) {
    if (!options.ignoreSearch && rows[i][1] !== wanted) continue;
    const entry = new Entry(rows[i]);
    if (!options.ignoreVary && !entry.matches(headerList)) continue;
    if (use(entry)) return;
  }
}
