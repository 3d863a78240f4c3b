// URL (https://url.spec.whatwg.org/#url-class): an href and where its components are in it, both
// made by the parser in C++ (src/ext/url); getters are substrings. Must not make a URL while the
// snapshot is built: the memory the offsets come through exists only at run time.

import {
  op_url_can_parse,
  op_url_offsets,
  op_url_parse,
  op_url_redact,
  op_url_set,
} from "rt:ops/url";
import { primordials } from "rt:bootstrap/primordials.js";
import { DOMException } from "../web/dom_exception.js";
import { inspectAs, kInspect, shownName } from "../web/inspect_as.js";
import {
  configureInterface,
  domString,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  requiredArguments,
} from "../web/webidl.js";
import { createLinkedParams, resetLinkedParams, serializeParams } from "./search_params.js";

const {
  ObjectGetOwnPropertyDescriptor,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  RangeError,
  Uint32Array,
  uncurryThis,
} = primordials;

export { isURLSearchParams, serializeParams, URLSearchParams } from "./search_params.js";

/** Whether the value is a URL object. */
export let isURL;
/** The href of a URL object, whatever a script did to the object or to URL.prototype. */
export let urlHref;
/** The same for { href, protocol, username, hostname, port, pathname, search, hash }. */
export let urlComponents;

// The enum Setter of src/ext/url/setters.h.
const kHref = 0;
const kProtocol = 1;
const kUsername = 2;
const kPassword = 3;
const kHost = 4;
const kHostname = 5;
const kPort = 6;
const kPathname = 7;
const kSearch = 8;
const kHash = 9;

const kNoPort = 0xffffffff;

// In the order Deno shows them.
const kInspected = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "hash",
  "search",
];

// What the parser found last, in the order of struct UrlOffsets (src/ext/url/url_record.h).
let offsets;

function shareOffsets() {
  offsets = new Uint32Array(op_url_offsets());
}

/** The href, with its offsets in `offsets`; null if it is no URL. `base` may be undefined. */
function parse(url, base) {
  if (offsets === undefined) shareOffsets();
  return op_url_parse(url, base);
}

/** Built-in code: the href of a URL, or null. */
export const parseHref = (url, base) => parse(url, base);

/** The text with the user information of URLs in it blanked out, for messages. */
export const redactCredentials = op_url_redact;

function invalidUrl(url, base) {
  const suffix = base === undefined ? "" : ` with base '${redactCredentials(base)}'`;
  return makeException(
    "",
    "",
    `Invalid URL: '${redactCredentials(url)}'${suffix}`,
    "ERR_INVALID_URL",
  );
}

/** A URL. */
export class URL {
  #href = "";
  #protocolEnd = 0;
  #usernameEnd = 0;
  #hostStart = 0;
  #hostEnd = 0;
  #port = kNoPort;
  #pathnameStart = 0;
  #searchStart = 0;
  #hashStart = 0;
  #searchParams = undefined;
  // searchParams changed and the query has not followed yet.
  #queryIsStale = false;

  /**
   * @param {string | URL} url
   * @param {string | URL} [base]
   */
  constructor(url, base = undefined) {
    if (url === kConstruct) return;
    requiredArguments(arguments.length, 1, "Failed to construct 'URL'");
    url = domString(url);
    if (base !== undefined) base = domString(base);
    const href = parse(url, base);
    if (href === null) throw invalidUrl(url, base);
    this.#take(href);
  }

  /** Like the constructor, but returns null for what is no URL. */
  static parse(url, base = undefined) {
    requiredArguments(arguments.length, 1, "Failed to execute 'parse' on 'URL'");
    url = domString(url);
    if (base !== undefined) base = domString(base);
    const href = parse(url, base);
    if (href === null) return null;
    const parsed = new URL(kConstruct);
    parsed.#take(href);
    return parsed;
  }

  /** Whether the constructor would accept the arguments. */
  static canParse(url, base = undefined) {
    requiredArguments(arguments.length, 1, "Failed to execute 'canParse' on 'URL'");
    url = domString(url);
    if (base !== undefined) base = domString(base);
    return op_url_can_parse(url, base);
  }

  /** Not implemented yet: always throws. */
  static createObjectURL(_blob) {
    requiredArguments(arguments.length, 1, "Failed to execute 'createObjectURL' on 'URL'");
    throw new DOMException("URL.createObjectURL is not implemented", "NotSupportedError");
  }

  /** Not implemented yet: always throws. */
  static revokeObjectURL(_url) {
    requiredArguments(arguments.length, 1, "Failed to execute 'revokeObjectURL' on 'URL'");
    throw new DOMException("URL.revokeObjectURL is not implemented", "NotSupportedError");
  }

  static {
    isURL = (value) => isObject(value) && #href in value;
    urlHref = (url) => URL.#of(url).#href;
    urlComponents = (url) => {
      URL.#of(url);
      return {
        __proto__: null,
        href: url.#href,
        protocol: url.#slice(0, url.#protocolEnd),
        username: url.#usernameText(),
        hostname: url.#slice(url.#hostStart, url.#hostEnd),
        port: url.#portText(),
        pathname: url.#slice(url.#pathnameStart, url.#searchStart),
        search: url.#present(url.#searchStart, url.#hashStart),
        hash: url.#present(url.#hashStart, url.#href.length),
      };
    };
  }

  /** Brand check; brings the query up to date. */
  static #of(url) {
    if (!isURL(url)) throw illegalInvocation();
    if (url.#queryIsStale) {
      url.#queryIsStale = false;
      url.#set(kSearch, serializeParams(url.#searchParams));
    }
    return url;
  }

  /** What every setter does. The conversion may run a script's code, so it comes before #of. */
  static #assign(url, setter, value) {
    if (!isURL(url)) throw illegalInvocation();
    value = domString(value);
    URL.#of(url).#set(setter, value);
    return value;
  }

  #take(href) {
    this.#href = href;
    this.#protocolEnd = offsets[0];
    this.#usernameEnd = offsets[1];
    this.#hostStart = offsets[2];
    this.#hostEnd = offsets[3];
    this.#port = offsets[4];
    this.#pathnameStart = offsets[5];
    this.#searchStart = offsets[6];
    this.#hashStart = offsets[7];
  }

  #set(setter, value) {
    offsets[0] = this.#protocolEnd;
    offsets[1] = this.#usernameEnd;
    offsets[2] = this.#hostStart;
    offsets[3] = this.#hostEnd;
    offsets[4] = this.#port;
    offsets[5] = this.#pathnameStart;
    offsets[6] = this.#searchStart;
    offsets[7] = this.#hashStart;
    const href = op_url_set(this.#href, setter, value);
    if (href === null) {
      throw setter === kHref ? invalidUrl(value) : new RangeError("Invalid URL length");
    }
    this.#take(href);
  }

  #slice(from, to) {
    return from === to ? "" : StringPrototypeSlice(this.#href, from, to);
  }

  /** A query or fragment with its mark; empty if there is nothing behind the mark. */
  #present(from, to) {
    return to - from <= 1 ? "" : StringPrototypeSlice(this.#href, from, to);
  }

  #usernameText() {
    const start = this.#protocolEnd + 2;
    return this.#usernameEnd <= start ? "" : this.#slice(start, this.#usernameEnd);
  }

  #passwordText() {
    const end = this.#usernameEnd;
    if (
      this.#hostStart <= this.#protocolEnd + 2 ||
      StringPrototypeCharCodeAt(this.#href, end) !== 0x3a /* : */
    )
      return "";
    return this.#slice(end + 1, this.#hostStart - 1);
  }

  #hostText() {
    return this.#slice(
      this.#hostStart,
      this.#port === kNoPort ? this.#hostEnd : this.#pathnameStart,
    );
  }

  #portText() {
    return this.#port === kNoPort ? "" : this.#slice(this.#hostEnd + 1, this.#pathnameStart);
  }

  /** https://url.spec.whatwg.org/#concept-url-origin */
  #originText() {
    const protocol = this.#slice(0, this.#protocolEnd);
    switch (protocol) {
      case "http:":
      case "https:":
      case "ws:":
      case "wss:":
      case "ftp:":
        return `${protocol}//${this.#hostText()}`;
      case "blob:": {
        const inner = URL.parse(this.#slice(this.#pathnameStart, this.#searchStart));
        if (inner === null) return "null";
        const innerProtocol = inner.#slice(0, inner.#protocolEnd);
        return innerProtocol === "http:" || innerProtocol === "https:"
          ? inner.#originText()
          : "null";
      }
      default:
        return "null";
    }
  }

  /** Without the "?". */
  #queryText() {
    return this.#slice(this.#searchStart + 1, this.#hashStart);
  }

  get href() {
    return URL.#of(this).#href;
  }
  set href(value) {
    URL.#assign(this, kHref, value);
    if (this.#searchParams !== undefined) resetLinkedParams(this.#searchParams, this.#queryText());
  }

  get origin() {
    return URL.#of(this).#originText();
  }

  get protocol() {
    return URL.#of(this).#slice(0, this.#protocolEnd);
  }
  set protocol(value) {
    URL.#assign(this, kProtocol, value);
  }

  get username() {
    return URL.#of(this).#usernameText();
  }
  set username(value) {
    URL.#assign(this, kUsername, value);
  }

  get password() {
    return URL.#of(this).#passwordText();
  }
  set password(value) {
    URL.#assign(this, kPassword, value);
  }

  get host() {
    return URL.#of(this).#hostText();
  }
  set host(value) {
    URL.#assign(this, kHost, value);
  }

  get hostname() {
    return URL.#of(this).#slice(this.#hostStart, this.#hostEnd);
  }
  set hostname(value) {
    URL.#assign(this, kHostname, value);
  }

  get port() {
    return URL.#of(this).#portText();
  }
  set port(value) {
    URL.#assign(this, kPort, value);
  }

  get pathname() {
    return URL.#of(this).#slice(this.#pathnameStart, this.#searchStart);
  }
  set pathname(value) {
    URL.#assign(this, kPathname, value);
  }

  get search() {
    return URL.#of(this).#present(this.#searchStart, this.#hashStart);
  }
  set search(value) {
    value = URL.#assign(this, kSearch, value);
    // The list comes from the value as given: tabs and newlines, which the query drops, stay in it.
    const query = value[0] === "?" ? StringPrototypeSlice(value, 1) : value;
    if (this.#searchParams !== undefined) {
      resetLinkedParams(this.#searchParams, query);
    } else if (
      StringPrototypeIncludes(query, "\t") ||
      StringPrototypeIncludes(query, "\n") ||
      StringPrototypeIncludes(query, "\r")
    ) {
      this.#linkParams(query);
    }
  }

  get searchParams() {
    URL.#of(this);
    if (this.#searchParams === undefined) this.#linkParams(this.#queryText());
    return this.#searchParams;
  }

  #linkParams(query) {
    this.#searchParams = createLinkedParams(query, () => {
      this.#queryIsStale = true;
    });
  }

  get hash() {
    return URL.#of(this).#present(this.#hashStart, this.#href.length);
  }
  set hash(value) {
    URL.#assign(this, kHash, value);
  }

  toString() {
    return URL.#of(this).#href;
  }

  toJSON() {
    return URL.#of(this).#href;
  }

  [kInspect](inspect, options) {
    URL.#of(this);
    const shown = {
      __proto__: null,
      href: this.#href,
      origin: this.#originText(),
      protocol: this.#slice(0, this.#protocolEnd),
      username: this.#usernameText(),
      password: this.#passwordText(),
      host: this.#hostText(),
      hostname: this.#slice(this.#hostStart, this.#hostEnd),
      port: this.#portText(),
      pathname: this.#slice(this.#pathnameStart, this.#searchStart),
      hash: this.#present(this.#hashStart, this.#href.length),
      search: this.#present(this.#searchStart, this.#hashStart),
    };
    return inspectAs(shownName("URL", this), shown, kInspected, inspect, options);
  }
}

configureInterface(URL);

/**
 * Built-in code: `get(url)` and, but for origin, `set(url, value)` of each part of a URL, whatever a
 * script did to the class.
 */
export const urlAccessors = { __proto__: null };
for (const name of kInspected) {
  const { get, set } = ObjectGetOwnPropertyDescriptor(URL.prototype, name);
  urlAccessors[name] = { __proto__: null, get: uncurryThis(get), set: set && uncurryThis(set) };
}
