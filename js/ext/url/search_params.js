// URLSearchParams (https://url.spec.whatwg.org/#interface-urlsearchparams): a list of names and
// values, alone or kept in step with a URL's query. Must never call into url.js: a URL hands over a
// function to call when its list changes.

import { op_url_encode_form, op_url_parse_form } from "rt:ops/url";
import { primordials } from "rt:bootstrap/primordials.js";
import { kInspect, shownName } from "../web/inspect_as.js";
import { definePairIterable } from "../web/pair_iterable.js";
import {
  configureInterface,
  isObject,
  kConstruct,
  makeException,
  recordEntries,
  sequenceFrom,
  usvString,
} from "../web/webidl.js";

const {
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  ArrayPrototypeSort,
  FunctionPrototypeCall,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  SymbolIterator,
} = primordials;

/** Makes the params object of a URL: `onChange()` is called after every change of the list. */
export let createLinkedParams;
/** Replaces the list of such an object by what `query` (without "?") says. */
export let resetLinkedParams;
/** Whether the value is a URLSearchParams. */
export let isURLSearchParams;

const kNameNeeded = 'The "name" argument must be specified';
const kNameAndValueNeeded = 'The "name" and "value" arguments must be specified';

function needArguments(length, required, text) {
  if (length < required) throw makeException("", "", text, "ERR_MISSING_ARGS");
}

/** application/x-www-form-urlencoded parsing, into [name, value] pairs. */
export function parseForm(text) {
  const list = [];
  if (StringPrototypeIncludes(text, "%") || StringPrototypeIncludes(text, "+")) {
    const flat = op_url_parse_form(text);
    for (let i = 0; i < flat.length; i += 2) ArrayPrototypePush(list, [flat[i], flat[i + 1]]);
    return list;
  }
  for (let start = 0; start < text.length; ) {
    let end = StringPrototypeIndexOf(text, "&", start);
    if (end < 0) end = text.length;
    if (end > start) {
      const pair = StringPrototypeSlice(text, start, end);
      const equals = StringPrototypeIndexOf(pair, "=");
      ArrayPrototypePush(
        list,
        equals < 0
          ? [pair, ""]
          : [StringPrototypeSlice(pair, 0, equals), StringPrototypeSlice(pair, equals + 1)],
      );
    }
    start = end + 1;
  }
  return list;
}

/** Whether form encoding leaves this character code as it is. */
function isPlain(code) {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f ||
    code === 0x2a
  );
}

function encodePart(text) {
  for (let i = 0; i < text.length; i++) {
    if (!isPlain(StringPrototypeCharCodeAt(text, i))) return op_url_encode_form(text);
  }
  return text;
}

/** application/x-www-form-urlencoded serializing. */
function serializeForm(list) {
  let text = "";
  for (let i = 0; i < list.length; i++) {
    const pair = list[i];
    text += `${i === 0 ? "" : "&"}${encodePart(pair[0])}=${encodePart(pair[1])}`;
  }
  return text;
}

const kPrefix = "Failed to construct 'URLSearchParams'";
const convertRecord = recordEntries(usvString, usvString);

/** sequence<USVString> of two, with the error Node and Deno give. */
function convertPair(value) {
  const method = isObject(value) ? value[SymbolIterator] : undefined;
  const pair =
    typeof method === "function"
      ? sequenceFrom(value, method, usvString, kPrefix, "Argument 1")
      : undefined;
  if (pair?.length !== 2) {
    throw makeException(
      "",
      "",
      "Each query pair must be an iterable [name, value] tuple",
      "ERR_INVALID_TUPLE",
    );
  }
  return pair;
}

/** The list an `init` argument describes. */
function listFrom(init) {
  if (isObject(init)) {
    const method = init[SymbolIterator];
    if (method !== undefined && method !== null) {
      return sequenceFrom(init, method, convertPair, kPrefix, "Argument 1");
    }
    const flat = convertRecord(init, kPrefix, "Argument 1");
    const list = [];
    for (let i = 0; i < flat.length; i += 2) ArrayPrototypePush(list, [flat[i], flat[i + 1]]);
    return list;
  }
  const text = usvString(init);
  return parseForm(text[0] === "?" ? StringPrototypeSlice(text, 1) : text);
}

/** Names and values of a query or form. */
export class URLSearchParams {
  #list;
  #onChange;

  /** @param {string | Iterable<[string, string]> | Record<string, string>} [init] */
  constructor(init = "") {
    if (init !== kConstruct) this.#list = listFrom(init);
  }

  static {
    createLinkedParams = (query, onChange) => {
      const params = new URLSearchParams(kConstruct);
      params.#list = parseForm(query);
      params.#onChange = onChange;
      return params;
    };
    resetLinkedParams = (params, query) => {
      params.#list = parseForm(query);
    };
    isURLSearchParams = (value) => isObject(value) && #list in value;
  }

  static #listOf(params) {
    if (!isURLSearchParams(params)) {
      throw makeException(
        "",
        "",
        'Value of "this" must be of type URLSearchParams',
        "ERR_INVALID_THIS",
      );
    }
    return params.#list;
  }

  static #changed(params) {
    const onChange = params.#onChange;
    if (onChange !== undefined) onChange();
  }

  /** Keeps the pairs `keep` is true for. */
  static #filter(params, keep) {
    const list = params.#list;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      if (keep(list[i])) list[kept++] = list[i];
    }
    list.length = kept;
  }

  static {
    definePairIterable(URLSearchParams, "URLSearchParams", (params) => this.#listOf(params));
  }

  /** How many pairs there are. */
  get size() {
    return URLSearchParams.#listOf(this).length;
  }

  /** Adds a pair at the end. */
  append(name, value) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 2, kNameAndValueNeeded);
    name = usvString(name);
    value = usvString(value);
    ArrayPrototypePush(this.#list, [name, value]);
    URLSearchParams.#changed(this);
  }

  /** Removes all pairs with this name and, if given, this value. */
  delete(name, value = undefined) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 1, kNameNeeded);
    name = usvString(name);
    if (value === undefined) {
      URLSearchParams.#filter(this, (pair) => pair[0] !== name);
    } else {
      value = usvString(value);
      URLSearchParams.#filter(this, (pair) => pair[0] !== name || pair[1] !== value);
    }
    URLSearchParams.#changed(this);
  }

  /** The first value with this name, or null. */
  get(name) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 1, kNameNeeded);
    name = usvString(name);
    const list = this.#list;
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name) return list[i][1];
    }
    return null;
  }

  /** All values with this name. */
  getAll(name) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 1, kNameNeeded);
    name = usvString(name);
    const list = this.#list;
    const values = [];
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name) ArrayPrototypePush(values, list[i][1]);
    }
    return values;
  }

  /** Whether there is a pair with this name and, if given, this value. */
  has(name, value = undefined) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 1, kNameNeeded);
    name = usvString(name);
    if (value !== undefined) value = usvString(value);
    const list = this.#list;
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name && (value === undefined || list[i][1] === value)) return true;
    }
    return false;
  }

  /** Sets the first pair with this name and removes the others; adds a pair if there is none. */
  set(name, value) {
    URLSearchParams.#listOf(this);
    needArguments(arguments.length, 2, kNameAndValueNeeded);
    name = usvString(name);
    value = usvString(value);
    let found = false;
    URLSearchParams.#filter(this, (pair) => {
      if (pair[0] !== name) return true;
      if (found) return false;
      found = true;
      pair[1] = value;
      return true;
    });
    if (!found) ArrayPrototypePush(this.#list, [name, value]);
    URLSearchParams.#changed(this);
  }

  /** Sorts by name, by code units; pairs with equal names keep their order. */
  sort() {
    const list = URLSearchParams.#listOf(this);
    ArrayPrototypeSort(list, (a, b) => (a[0] === b[0] ? 0 : a[0] < b[0] ? -1 : 1));
    URLSearchParams.#changed(this);
  }

  /** The form-urlencoded text. */
  toString() {
    return serializeForm(URLSearchParams.#listOf(this));
  }

  [kInspect](inspect, options) {
    const list = URLSearchParams.#listOf(this);
    if (typeof options?.depth === "number" && options.depth < 0) return "[Object]";
    const name = shownName("URLSearchParams", this);
    if (list.length === 0) return `${name} {}`;
    const pairs = [];
    for (let i = 0; i < list.length; i++) {
      const pair = list[i];
      ArrayPrototypePush(pairs, `${inspect(pair[0], options)} => ${inspect(pair[1], options)}`);
    }
    const line = `${name} { ${ArrayPrototypeJoin(pairs, ", ")} }`;
    if (typeof options?.breakLength === "number" && line.length > options.breakLength) {
      return `${name} {\n  ${ArrayPrototypeJoin(pairs, ",\n  ")} }`;
    }
    return line;
  }
}

configureInterface(URLSearchParams);
const { toString: paramsToString } = URLSearchParams.prototype;

/** The form-urlencoded text of a URLSearchParams, whatever a script did to its methods. */
export function serializeParams(params) {
  return FunctionPrototypeCall(paramsToString, params);
}
