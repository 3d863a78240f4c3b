// What a request says of where it comes from: the fields `origin` and `referer`, for a program that has an
// origin because --location names one. Without it there is none, and nothing is said, as in Deno.
//   https://fetch.spec.whatwg.org/#append-a-request-origin-header
//   https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer

import { primordials } from "rt:bootstrap/primordials.js";
import { URL, urlAccessors, urlComponents } from "../url/url.js";
import { baseHref } from "../web/location.js";
import { getFromList, listHas } from "./headers.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  StringPrototypeEndsWith,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeTrim,
  TypeError,
} = primordials;

const kDefaultPolicy = "strict-origin-when-cross-origin";
const kPolicies = {
  __proto__: null,
  "no-referrer": true,
  "no-referrer-when-downgrade": true,
  "same-origin": true,
  origin: true,
  "strict-origin": true,
  "origin-when-cross-origin": true,
  "strict-origin-when-cross-origin": true,
  "unsafe-url": true,
};
const kMostReferrer = 4096;

/** The serialized origin of an http or https URL. */
function originOf(url) {
  const { protocol, hostname, port } = urlComponents(url);
  return `${protocol}//${hostname}${port === "" ? "" : `:${port}`}`;
}

/** https://w3c.github.io/webappsec-secure-contexts/#potentially-trustworthy-origin */
function isTrustworthy(url) {
  const { protocol, hostname } = urlComponents(url);
  return (
    protocol === "https:" ||
    hostname === "localhost" ||
    StringPrototypeEndsWith(hostname, ".localhost") ||
    StringPrototypeStartsWith(hostname, "127.") ||
    hostname === "[::1]"
  );
}

const isHttp = (url) => {
  const { protocol } = urlComponents(url);
  return protocol === "http:" || protocol === "https:";
};

/** The last policy a `referrer-policy` header names, or "". */
function policyOf(header) {
  if (header === null) return "";
  const tokens = StringPrototypeSplit(header, ",");
  let policy = "";
  for (let i = 0; i < tokens.length; i++) {
    const token = StringPrototypeTrim(tokens[i]);
    if (kPolicies[token] === true) policy = token;
  }
  return policy;
}

/** Where one fetch comes from, through its redirects. */
export class Sender {
  #origin; // serialized; "null" once redirects have tainted it
  #ownOrigin;
  #policy;
  #referrer; // a URL without credentials and fragment; null: none
  #mode;
  #wentAbroad = false; // some hop was another origin's

  /** The sender of a request; null if the program has no origin. */
  static of({ referrer, referrerPolicy, mode }) {
    const href = baseHref();
    if (href === undefined) return null;
    const client = new URL(href);
    if (!isHttp(client)) return null;
    const sender = new Sender();
    sender.#ownOrigin = sender.#origin = originOf(client);
    sender.#policy = referrerPolicy === "" ? kDefaultPolicy : referrerPolicy;
    sender.#mode = mode;
    if (referrer === "") sender.#referrer = null;
    else {
      const named = referrer === "about:client" ? client : new URL(referrer);
      const isOwn = isHttp(named) && originOf(named) === sender.#origin;
      const { pathname, search } = urlComponents(isOwn ? named : client);
      sender.#referrer = `${sender.#origin}${pathname}${search}`;
    }
    return sender;
  }

  #isOwn(url) {
    return originOf(url) === this.#ownOrigin;
  }

  /** The fields of one hop; what the program set itself stays as it is. Throws if it may not be. */
  addTo(headers, href, method) {
    const url = new URL(href);
    if (!this.#isOwn(url)) {
      if (this.#mode === "same-origin") {
        throw new TypeError(
          "Fetch failed: The URL is of another origin, and the mode 'same-origin'",
        );
      }
      this.#wentAbroad = true;
    }
    const list = ArrayPrototypeSlice(headers);
    this.#referrer = this.#determineReferrer(url);
    if (this.#referrer !== null && !listHas(headers, "referer")) {
      ArrayPrototypePush(list, "referer", this.#referrer);
    }
    const origin = this.#originFor(url, method);
    if (origin !== null && !listHas(headers, "origin")) ArrayPrototypePush(list, "origin", origin);
    return list;
  }

  /** A redirect from one URL to another, with this header list. Throws if it may not be followed. */
  redirect(from, to, headerList) {
    const isSecret = urlAccessors.username.get(to) !== "" || urlAccessors.password.get(to) !== "";
    if (isSecret && this.#mode === "cors" && (this.#wentAbroad || !this.#isOwn(to))) {
      throw new TypeError("Fetch failed: Can not redirect to another origin with credentials");
    }
    const policy = policyOf(getFromList(headerList, "referrer-policy"));
    if (policy !== "") this.#policy = policy;
    // https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    if (originOf(from) !== originOf(to) && originOf(from) !== this.#ownOrigin)
      this.#origin = "null";
  }

  #originFor(url, method) {
    const isSame = this.#isOwn(url);
    if (this.#mode === "cors" && !isSame) return this.#origin;
    if (method === "GET" || method === "HEAD") return null;
    if (this.#mode === "cors") return this.#origin;
    switch (this.#policy) {
      case "no-referrer":
        return "null";
      case "no-referrer-when-downgrade":
      case "strict-origin":
      case "strict-origin-when-cross-origin": {
        const falls = StringPrototypeStartsWith(this.#ownOrigin, "https:");
        return falls && urlComponents(url).protocol !== "https:" ? "null" : this.#origin;
      }
      case "same-origin":
        return isSame ? this.#origin : "null";
      default:
        return this.#origin;
    }
  }

  #determineReferrer(url) {
    const referrer = this.#referrer;
    if (referrer === null || this.#policy === "no-referrer") return null;
    const from = new URL(referrer);
    const origin = `${originOf(from)}/`;
    const whole = referrer.length > kMostReferrer ? origin : referrer;
    const isSame = originOf(from) === originOf(url);
    const falls = isTrustworthy(from) && !isTrustworthy(url);
    switch (this.#policy) {
      case "origin":
        return origin;
      case "unsafe-url":
        return whole;
      case "same-origin":
        return isSame ? whole : null;
      case "origin-when-cross-origin":
        return isSame ? whole : origin;
      case "strict-origin":
        return falls ? null : origin;
      case "no-referrer-when-downgrade":
        return falls ? null : whole;
      default:
        return isSame ? whole : falls ? null : origin;
    }
  }
}
