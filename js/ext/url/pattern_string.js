// A whole pattern in one string, such as "https://*.example.com/books/:id"
// (https://urlpattern.spec.whatwg.org/#constructor-string-parsing), taken apart into components.

import { primordials } from "rt:bootstrap/primordials.js";
import { canonicalProtocol, kSpecialPorts } from "./pattern_canonical.js";
import { compileComponent, kDefaultOptions } from "./pattern_parts.js";
import { tokenize } from "./pattern_tokens.js";

const { ArrayPrototypeIndexOf, RegExpPrototypeExec, StringPrototypeSlice } = primordials;

/** Whether a compiled protocol matches http, https, ws, wss, ftp or file. */
export function matchesSpecialScheme(component) {
  for (const scheme in kSpecialPorts) {
    if (RegExpPrototypeExec(component.regexp, scheme) !== null) return true;
  }
  return false;
}

// The states in the order of a URL; the components among them keep their names.
const kOrder = [
  "protocol",
  "authority",
  "username",
  "password",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
];
const kPort = 5;
const kPathname = 6;
const kSearch = 7;
const kHash = 8;

class StringParser {
  result = { __proto__: null };
  #input;
  #tokens;
  #start = 0; // token index of the component
  #index = 0;
  #increment = 1;
  #depth = 0; // of groups
  #brackets = 0; // of IPv6 addresses
  #isSpecial = false;
  #state = "init";

  constructor(input) {
    this.#input = input;
    this.#tokens = tokenize(input, true);
  }

  #token(index) {
    return this.#tokens[index < this.#tokens.length ? index : this.#tokens.length - 1];
  }

  /** Whether a token is this character, without special meaning. */
  #is(index, value) {
    const token = this.#token(index);
    return (
      token.value === value &&
      (token.type === "char" || token.type === "escaped-char" || token.type === "invalid-char")
    );
  }

  #isSearchPrefix() {
    if (this.#is(this.#index, "?")) return true;
    if (this.#tokens[this.#index].value !== "?") return false;
    if (this.#index === 0) return true;
    // Behind a group it is that group's modifier.
    const { type } = this.#token(this.#index - 1);
    return type !== "name" && type !== "regexp" && type !== "close" && type !== "asterisk";
  }

  #text() {
    const from = this.#token(this.#start).index;
    return StringPrototypeSlice(this.#input, from, this.#tokens[this.#index].index);
  }

  #rewind(state) {
    this.#index = this.#start;
    this.#increment = 0;
    this.#state = state;
  }

  #change(state, skip) {
    const { result } = this;
    const old = this.#state;
    if (old !== "init" && old !== "authority") result[old] = this.#text();
    if (old !== "init" && state !== "done") {
      const from = ArrayPrototypeIndexOf(kOrder, old);
      const to = ArrayPrototypeIndexOf(kOrder, state);
      if (from < 4 && to >= kPort) result.hostname ??= "";
      if (from < kPathname && to >= kSearch) result.pathname ??= this.#isSpecial ? "/" : "";
      if (from < kSearch && to >= kHash) result.search ??= "";
    }
    this.#state = state;
    this.#index += skip;
    this.#start = this.#index;
    this.#increment = 0;
  }

  run() {
    const tokens = this.#tokens;
    for (; this.#index < tokens.length; this.#index += this.#increment) {
      this.#increment = 1;
      const { type } = tokens[this.#index];
      if (type === "end") {
        if (this.#state === "init") {
          this.#rewind("init");
          this.#startRelative();
          continue;
        }
        if (this.#state === "authority") {
          this.#rewind("hostname");
          continue;
        }
        this.#change("done", 0);
        break;
      }
      if (type === "open") {
        this.#depth++;
        continue;
      }
      if (this.#depth > 0) {
        if (type !== "close") continue;
        this.#depth--;
      }
      this.#step();
    }
    if (this.result.hostname !== undefined) this.result.port ??= "";
    return this.result;
  }

  /** There was no scheme. */
  #startRelative() {
    if (this.#is(this.#index, "#")) this.#change("hash", 1);
    else if (this.#isSearchPrefix()) this.#change("search", 1);
    else this.#change("pathname", 0);
  }

  #step() {
    const at = this.#index;
    switch (this.#state) {
      case "init":
        if (this.#is(at, ":")) this.#rewind("protocol");
        break;
      case "protocol":
        if (this.#is(at, ":")) this.#endProtocol();
        break;
      case "authority":
        if (this.#is(at, "@")) this.#rewind("username");
        else if (this.#is(at, "/") || this.#isSearchPrefix() || this.#is(at, "#")) {
          this.#rewind("hostname");
        }
        break;
      case "username":
        if (this.#is(at, ":")) this.#change("password", 1);
        else if (this.#is(at, "@")) this.#change("hostname", 1);
        break;
      case "password":
        if (this.#is(at, "@")) this.#change("hostname", 1);
        break;
      case "hostname":
        if (this.#is(at, "[")) this.#brackets++;
        else if (this.#is(at, "]")) this.#brackets--;
        else if (this.#is(at, ":") && this.#brackets === 0) this.#change("port", 1);
        else this.#endBefore("/");
        break;
      case "port":
        this.#endBefore("/");
        break;
      case "pathname":
        this.#endBefore("?");
        break;
      case "search":
        if (this.#is(at, "#")) this.#change("hash", 1);
        break;
    }
  }

  #endBefore(first) {
    if (first === "/" && this.#is(this.#index, "/")) this.#change("pathname", 0);
    else if (this.#isSearchPrefix()) this.#change("search", 1);
    else if (this.#is(this.#index, "#")) this.#change("hash", 1);
  }

  #endProtocol() {
    const protocol = compileComponent(this.#text(), kDefaultOptions, canonicalProtocol);
    this.#isSpecial = matchesSpecialScheme(protocol);
    if (this.#is(this.#index + 1, "/") && this.#is(this.#index + 2, "/")) {
      this.#change("authority", 3);
    } else if (this.#isSpecial) {
      this.#change("authority", 1);
    } else {
      this.#change("pathname", 1);
    }
  }
}

/** The components a pattern string names: { protocol, …, hash }, absent ones undefined. */
export function parsePatternString(input) {
  return new StringParser(input).run();
}
