// What a script may give as a path: a string, or a `file:` URL. Coerces only; what the path may be used for
// is decided natively.

import { primordials } from "rt:bootstrap/primordials.js";
import { isURL, urlComponents } from "../url/url.js";
import { isObject } from "../web/webidl.js";

const { RegExpPrototypeSymbolReplace, SafeRegExp, TypeError, decodeURIComponent } = primordials;

// A percent sign that starts no escape stands for itself.
const kLonePercent = new SafeRegExp("%(?![0-9A-Fa-f]{2})", "g");

/** The path a `file:` URL names. */
export function pathFromFileUrl(url) {
  const { protocol, hostname, pathname } = urlComponents(url);
  if (protocol !== "file:") throw new TypeError("Must be a file URL");
  if (hostname !== "") throw new TypeError("Host must be empty");
  return decodeURIComponent(RegExpPrototypeSymbolReplace(kLonePercent, pathname, "%25"));
}

/**
 * The path as a string.
 * @param {string | URL} path
 */
export function toPath(path) {
  if (typeof path === "string") return path;
  if (isURL(path)) return pathFromFileUrl(path);
  const shown = path === null ? "null" : isObject(path) ? "an object" : typeof path;
  throw new TypeError(`A path must be a string or a URL, not ${shown}`);
}
