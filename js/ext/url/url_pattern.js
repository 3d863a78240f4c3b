// URLPattern (https://urlpattern.spec.whatwg.org/): one regular expression a URL component.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  boolean,
  configureInterface,
  dictionary,
  illegalInvocation,
  isObject,
  makeException,
  usvString,
} from "../web/webidl.js";
import {
  canonicalHash,
  canonicalHostname,
  canonicalIpv6,
  canonicalOpaquePathname,
  canonicalPassword,
  canonicalPathname,
  canonicalPort,
  canonicalProtocol,
  canonicalSearch,
  canonicalUsername,
  kSpecialPorts,
  urlParts,
} from "./pattern_canonical.js";
import {
  compileComponent,
  escapePattern,
  kDefaultOptions,
  kHostnameOptions,
  kPathnameOptions,
} from "./pattern_parts.js";
import { matchesSpecialScheme, parsePatternString } from "./pattern_string.js";
import { URL } from "./url.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypeError,
} = primordials;

const kComponents = [
  "protocol",
  "username",
  "password",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
];

const kInspected = ArrayPrototypeSlice(kComponents);
ArrayPrototypePush(kInspected, "hasRegExpGroups");

const initMembers = [{ key: "baseURL", converter: usvString }];
for (let i = 0; i < kComponents.length; i++) {
  ArrayPrototypePush(initMembers, { key: kComponents[i], converter: usvString });
}
const toInit = dictionary("URLPatternInit", initMembers);
const toOptions = dictionary("URLPatternOptions", [
  { key: "ignoreCase", converter: boolean, defaultValue: false },
]);

/** (USVString or URLPatternInit). */
function toInput(value, prefix) {
  if (value === undefined || value === null || isObject(value)) {
    return toInit(value, prefix, "Argument 1");
  }
  return usvString(value);
}

function isAbsolutePathname(pathname, isPattern) {
  if (StringPrototypeStartsWith(pathname, "/")) return true;
  return (
    isPattern &&
    (StringPrototypeStartsWith(pathname, "\\/") || StringPrototypeStartsWith(pathname, "{/"))
  );
}

function parseBase(text) {
  try {
    return new URL(text);
  } catch {
    throw new TypeError(`Invalid base URL '${text}'`);
  }
}

/**
 * The components a URLPatternInit takes from its base URL: those before the first it names itself.
 */
function inherit(init, base, isPattern, result) {
  const own = (text) => (isPattern ? escapePattern(text) : text);
  const { protocol, username, password, hostname, port, pathname, search, hash } = init;
  if (protocol !== undefined) return;
  result.protocol = own(base.protocol);
  if (!isPattern && hostname === undefined && port === undefined && username === undefined) {
    result.username = base.username;
    if (password === undefined) result.password = base.password;
  }
  if (hostname !== undefined) return;
  result.hostname = own(base.hostname);
  if (port !== undefined) return;
  result.port = own(base.port);
  if (pathname !== undefined) return;
  result.pathname = own(base.pathname);
  if (search !== undefined) return;
  result.search = own(base.search);
  if (hash !== undefined) return;
  result.hash = own(base.hash);
}

/**
 * "Process a URLPatternInit". A URL's components are canonicalized, a pattern's stay what they are.
 */
function processInit(init, isPattern) {
  const result = { __proto__: null };
  if (!isPattern) {
    for (let i = 0; i < kComponents.length; i++) result[kComponents[i]] = "";
  }
  let base = null;
  if (init.baseURL !== undefined) {
    const url = parseBase(init.baseURL);
    base = urlParts(url);
    inherit(init, base, isPattern, result);
  }
  const pass = (text) => text;
  const canonical = (convert) => (isPattern ? pass : convert);
  const { protocol, username, password, hostname, port, pathname, search, hash } = init;
  if (protocol !== undefined) {
    const name = StringPrototypeEndsWith(protocol, ":")
      ? StringPrototypeSlice(protocol, 0, -1)
      : protocol;
    result.protocol = canonical(canonicalProtocol)(name);
  }
  if (username !== undefined) result.username = canonical(canonicalUsername)(username);
  if (password !== undefined) result.password = canonical(canonicalPassword)(password);
  if (hostname !== undefined) result.hostname = canonical(canonicalHostname)(hostname);
  const scheme = result.protocol ?? "";
  if (port !== undefined) result.port = isPattern ? port : canonicalPort(port, scheme);
  if (pathname !== undefined) {
    let path = pathname;
    // A base with an opaque path has none that others are relative to.
    if (base !== null && base.pathname[0] === "/" && !isAbsolutePathname(path, isPattern)) {
      const basePath = isPattern ? escapePattern(base.pathname) : base.pathname;
      const slash = StringPrototypeLastIndexOf(basePath, "/");
      if (slash >= 0) path = StringPrototypeSlice(basePath, 0, slash + 1) + path;
    }
    const convert =
      scheme === "" || scheme in kSpecialPorts ? canonicalPathname : canonicalOpaquePathname;
    result.pathname = canonical(convert)(path);
  }
  if (search !== undefined) {
    const text = StringPrototypeStartsWith(search, "?") ? StringPrototypeSlice(search, 1) : search;
    result.search = canonical(canonicalSearch)(text);
  }
  if (hash !== undefined) {
    const text = StringPrototypeStartsWith(hash, "#") ? StringPrototypeSlice(hash, 1) : hash;
    result.hash = canonical(canonicalHash)(text);
  }
  return result;
}

/** Whether a hostname's pattern begins like an IPv6 address. */
function isIpv6Pattern(text) {
  if (text.length < 2) return false;
  return text[0] === "[" || ((text[0] === "{" || text[0] === "\\") && text[1] === "[");
}

function compile(input, base, ignoreCase) {
  let init = input;
  if (typeof input === "string") {
    init = parsePatternString(input);
    if (base === undefined && init.protocol === undefined) {
      throw new TypeError(`A relative URL pattern needs a base URL: '${input}'`);
    }
    if (base !== undefined) init.baseURL = base;
  } else if (base !== undefined) {
    throw new TypeError("A base URL belongs in the object that says the pattern");
  }
  const parts = processInit(init, true);
  for (let i = 0; i < kComponents.length; i++) parts[kComponents[i]] ??= "*";
  const { protocol, port } = parts;
  if (port !== "" && kSpecialPorts[protocol] === port) parts.port = "";
  const plain = (name, convert) => compileComponent(parts[name], kDefaultOptions, convert);
  const components = {
    __proto__: null,
    protocol: plain("protocol", canonicalProtocol),
    username: plain("username", canonicalUsername),
    password: plain("password", canonicalPassword),
    hostname: compileComponent(
      parts.hostname,
      kHostnameOptions,
      isIpv6Pattern(parts.hostname) ? canonicalIpv6 : canonicalHostname,
    ),
    port: plain("port", (value) => canonicalPort(value)),
  };
  components.pathname = matchesSpecialScheme(components.protocol)
    ? compileComponent(parts.pathname, kPathnameOptions, canonicalPathname, ignoreCase)
    : compileComponent(parts.pathname, kDefaultOptions, canonicalOpaquePathname, ignoreCase);
  components.search = compileComponent(parts.search, kDefaultOptions, canonicalSearch, ignoreCase);
  components.hash = compileComponent(parts.hash, kDefaultOptions, canonicalHash, ignoreCase);
  return components;
}

/** What a URL is made of, or null when it is none. */
function partsOf(input, base) {
  try {
    if (typeof input !== "string") return processInit(input, false);
    return urlParts(base === undefined ? new URL(input) : new URL(input, base));
  } catch {
    return null;
  }
}

function setOwn(object, name, value) {
  ObjectDefineProperty(object, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

export class URLPattern {
  #components;

  constructor(input = undefined, baseOrOptions = undefined, options = undefined) {
    const prefix = "Failed to construct 'URLPattern'";
    const own = toInput(input, prefix);
    // (input, baseURL, options) or (input, options)
    const hasBase =
      arguments.length > 1 &&
      baseOrOptions !== undefined &&
      !isObject(baseOrOptions) &&
      baseOrOptions !== null;
    const base = hasBase ? usvString(baseOrOptions) : undefined;
    const { ignoreCase } = toOptions(
      hasBase || arguments.length > 2 ? options : baseOrOptions,
      prefix,
      hasBase ? "Argument 3" : "Argument 2",
    );
    this.#components = compile(own, base, ignoreCase);
  }

  static {
    for (let i = 0; i < kComponents.length; i++) {
      const name = kComponents[i];
      const accessors = {
        get [name]() {
          if (!(#components in this)) throw illegalInvocation();
          return this.#components[name].pattern;
        },
      };
      ObjectDefineProperty(this.prototype, name, {
        __proto__: null,
        get: ObjectGetOwnPropertyDescriptor(accessors, name).get,
        configurable: true,
        enumerable: true,
      });
    }
  }

  /** Whether the pattern holds a regular expression of its own. */
  get hasRegExpGroups() {
    if (!(#components in this)) throw illegalInvocation();
    for (let i = 0; i < kComponents.length; i++) {
      if (this.#components[kComponents[i]].hasRegexp) return true;
    }
    return false;
  }

  /** Whether a URL matches. */
  test(input = undefined, baseURL = undefined) {
    if (!(#components in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'test' on 'URLPattern'";
    const parts = this.#partsOf(input, baseURL, prefix).parts;
    if (parts === null) return false;
    for (let i = 0; i < kComponents.length; i++) {
      const name = kComponents[i];
      if (RegExpPrototypeExec(this.#components[name].regexp, parts[name]) === null) return false;
    }
    return true;
  }

  /** What the groups of the pattern matched in a URL, or null. */
  exec(input = undefined, baseURL = undefined) {
    if (!(#components in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'exec' on 'URLPattern'";
    const { parts, inputs } = this.#partsOf(input, baseURL, prefix);
    if (parts === null) return null;
    const result = { inputs };
    for (let i = 0; i < kComponents.length; i++) {
      const name = kComponents[i];
      const { regexp, names } = this.#components[name];
      const match = RegExpPrototypeExec(regexp, parts[name]);
      if (match === null) return null;
      const groups = {};
      // Defined, not assigned: a group may be named __proto__.
      for (let j = 0; j < names.length; j++) setOwn(groups, names[j], match[j + 1]);
      setOwn(result, name, { input: parts[name], groups });
    }
    return result;
  }

  #partsOf(input, baseURL, prefix) {
    const own = toInput(input, prefix);
    const base = baseURL === undefined ? undefined : usvString(baseURL);
    if (typeof own !== "string" && base !== undefined) {
      throw makeException(prefix, "", "A base URL belongs in the object that says the URL");
    }
    const inputs = base === undefined ? [own] : [own, base];
    return { parts: partsOf(own, base), inputs };
  }

  [kInspect](inspect, options) {
    if (!(#components in this)) return inspect({}, options);
    return inspectAs("URLPattern", this, kInspected, inspect, options);
  }
}
configureInterface(URLPattern);
