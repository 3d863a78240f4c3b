// How text of a pattern becomes what it is in a URL, component by component
// (https://urlpattern.spec.whatwg.org/#canon-encoding-callbacks): by letting a URL parse it.

import { primordials } from "rt:bootstrap/primordials.js";
import { URL, urlAccessors } from "./url.js";

const {
  RegExpPrototypeExec,
  SafeRegExp,
  StringPrototypeReplace,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  TypeError,
} = primordials;

const { protocol, username, password, hostname, port, pathname, search, hash } = urlAccessors;

// A host no pattern means: that it stays says that a setter refused.
const kDummyHost = "rt-dummy-host.invalid";

function dummy(scheme = "https") {
  return new URL(`${scheme}://${kDummyHost}/`);
}

function invalid(what, value) {
  return new TypeError(`Invalid ${what} in a URL pattern: '${value}'`);
}

/** Parts of a URL as patterns see them: no ":" behind the scheme, no "?" or "#" in front. */
export function urlParts(url) {
  return {
    __proto__: null,
    protocol: StringPrototypeSlice(protocol.get(url), 0, -1),
    username: username.get(url),
    password: password.get(url),
    hostname: hostname.get(url),
    port: port.get(url),
    pathname: pathname.get(url),
    search: StringPrototypeSlice(search.get(url), 1),
    hash: StringPrototypeSlice(hash.get(url), 1),
  };
}

/** The schemes that are special, and their ports. */
export const kSpecialPorts = {
  __proto__: null,
  http: "80",
  https: "443",
  ws: "80",
  wss: "443",
  ftp: "21",
  file: "",
};

export function canonicalProtocol(value) {
  if (value === "") return value;
  let url;
  try {
    url = new URL(`${value}://${kDummyHost}/`);
  } catch {
    throw invalid("protocol", value);
  }
  return StringPrototypeSlice(protocol.get(url), 0, -1);
}

export function canonicalUsername(value) {
  if (value === "") return value;
  const url = dummy();
  username.set(url, value);
  return username.get(url);
}

export function canonicalPassword(value) {
  if (value === "") return value;
  const url = dummy();
  password.set(url, value);
  return password.get(url);
}

const hostEnd = new SafeRegExp("[/?#\\\\]");

export function canonicalHostname(value) {
  if (value === "") return value;
  const url = dummy();
  hostname.set(url, value);
  const result = hostname.get(url);
  if (result === kDummyHost) {
    // Nothing before the end of the host: an empty one, which the setter refuses.
    if (RegExpPrototypeExec(hostEnd, value[0]) !== null) return "";
    throw invalid("hostname", value);
  }
  return result;
}

const ipv6Characters = new SafeRegExp("^[0-9A-Fa-f[\\]:]*$");

export function canonicalIpv6(value) {
  if (RegExpPrototypeExec(ipv6Characters, value) === null) throw invalid("IPv6 address", value);
  return StringPrototypeToLowerCase(value);
}

const digits = new SafeRegExp("^[0-9]+");

/** `scheme`: the protocol whose default port is left out, or "". */
export function canonicalPort(value, scheme = "") {
  if (value === "") return value;
  // Like a URL's parser, which stops at what is no digit.
  const match = RegExpPrototypeExec(digits, removeLineEnds(value));
  if (match === null) throw invalid("port", value);
  const number = +match[0];
  if (number > 65535) throw invalid("port", value);
  const result = `${number}`;
  return kSpecialPorts[scheme] === result ? "" : result;
}

const lineEnds = new SafeRegExp("[\\t\\n\\r]", "g");
function removeLineEnds(text) {
  return StringPrototypeReplace(text, lineEnds, "");
}

export function canonicalPathname(value) {
  if (value === "") return value;
  const url = dummy();
  const isAbsolute = value[0] === "/";
  // A relative one must not become absolute: two characters are lent to it.
  pathname.set(url, isAbsolute ? value : `/-${value}`);
  const result = pathname.get(url);
  return isAbsolute ? result : StringPrototypeSlice(result, 2);
}

export function canonicalOpaquePathname(value) {
  if (value === "") return value;
  let url;
  try {
    url = new URL(`data:${value}`);
  } catch {
    throw invalid("pathname", value);
  }
  return pathname.get(url);
}

export function canonicalSearch(value) {
  if (value === "") return value;
  const url = dummy();
  search.set(url, StringPrototypeStartsWith(value, "?") ? `?${value}` : value);
  return StringPrototypeSlice(search.get(url), 1);
}

export function canonicalHash(value) {
  if (value === "") return value;
  const url = dummy();
  hash.set(url, StringPrototypeStartsWith(value, "#") ? `#${value}` : value);
  return StringPrototypeSlice(hash.get(url), 1);
}
