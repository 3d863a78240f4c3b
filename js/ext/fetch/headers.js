// Headers (https://fetch.spec.whatwg.org/#headers-class). A header list is one flat array
// [name, value, name, value, …] with lowercase names. Nothing reaches a list unvalidated: the HTTP
// server and client write it out as it is.

import { primordials } from "rt:bootstrap/primordials.js";
import { kInspect, shownName } from "../web/inspect_as.js";
import { definePairIterable } from "../web/pair_iterable.js";
import {
  byteString,
  configureInterface,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  recordEntries,
  requiredArguments,
  sequence,
  sequenceFrom,
} from "../web/webidl.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSort,
  JSONStringify,
  ObjectDefineProperty,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  SymbolIterator,
  TypeError,
} = primordials;

export const kGuardNone = 0;
export const kGuardImmutable = 1;

// RFC 9110 section 5.6.2, token; by character code: 0 no, 1 yes, 2 an uppercase letter.
const tokenKinds = [];
for (let code = 0; code < 128; code++) {
  const isUpper = code >= 65 && code <= 90;
  const isOther =
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    StringPrototypeIncludes("!#$%&'*+-.^_`|~", StringFromCharCode(code));
  ArrayPrototypePush(tokenKinds, isUpper ? 2 : isOther ? 1 : 0);
}

/** Whether a string is an HTTP token: a header name or a method. */
export function isToken(text) {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code > 127 || tokenKinds[code] === 0) return false;
  }
  return true;
}

/** A header name in lowercase; throws for what is no name. */
function toName(name) {
  let isLower = true;
  for (let i = 0; i < name.length; i++) {
    const code = StringPrototypeCharCodeAt(name, i);
    const kind = code > 127 ? 0 : tokenKinds[code];
    if (kind === 0) throw invalidName(name);
    if (kind === 2) isLower = false;
  }
  if (name.length === 0) throw invalidName(name);
  return isLower ? name : StringPrototypeToLowerCase(name);
}

function invalidName(name) {
  return new TypeError(`Invalid header name: ${JSONStringify(name)}`);
}

function isHttpSpace(code) {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** A header value without the white space around it; throws for NUL, CR and LF inside. */
function toValue(value) {
  let start = 0;
  let end = value.length;
  while (start < end && isHttpSpace(StringPrototypeCharCodeAt(value, start))) start++;
  while (end > start && isHttpSpace(StringPrototypeCharCodeAt(value, end - 1))) end--;
  const text =
    start === 0 && end === value.length ? value : StringPrototypeSlice(value, start, end);
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code === 0 || code === 0x0a || code === 0x0d) {
      throw new TypeError(`Invalid header value: ${JSONStringify(value)}`);
    }
  }
  return text;
}

/** The values of one (lowercase) name joined by ", ", or null. */
export function getFromList(list, name) {
  let result = null;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === name) result = result === null ? list[i + 1] : `${result}, ${list[i + 1]}`;
  }
  return result;
}

/** Whether a list has a (lowercase) name. */
export function listHas(list, name) {
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) return true;
  return false;
}

function appendToList(list, name, value) {
  const lower = toName(name);
  const text = toValue(value);
  ArrayPrototypePush(list, lower, text);
}

function removeFromList(list, name) {
  let kept = 0;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === name) continue;
    list[kept] = list[i];
    list[kept + 1] = list[i + 1];
    kept += 2;
  }
  const removed = kept !== list.length;
  list.length = kept;
  return removed;
}

const toPair = sequence(byteString);
const toRecord = recordEntries(byteString, byteString);

/** Appends a HeadersInit to a list: pairs, a record, or another Headers. */
export function fillList(list, init, prefix, context) {
  if (!isObject(init)) {
    throw makeException(
      prefix,
      context,
      "The provided value is not of type " +
        "'(sequence<sequence<ByteString>> or record<ByteString, ByteString>)'",
    );
  }
  const method = init[SymbolIterator];
  if (method === undefined || method === null) {
    const flat = toRecord(init, prefix, context);
    for (let i = 0; i < flat.length; i += 2) appendToList(list, flat[i], flat[i + 1]);
    return;
  }
  if (method === ownIterator && headersState.isHeaders(init)) {
    const source = headersState.list(init);
    for (let i = 0; i < source.length; i++) ArrayPrototypePush(list, source[i]);
    return;
  }
  const pairs = sequenceFrom(init, method, toPair, prefix, context);
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i];
    if (pair.length !== 2) {
      throw new TypeError(`Invalid header: length must be 2, but is ${pair.length}`);
    }
    appendToList(list, pair[0], pair[1]);
  }
}

/** Sorted by name, values of a name combined except set-cookie: what iteration shows. */
function sortAndCombine(list) {
  const pairs = [];
  for (let i = 0; i < list.length; i += 2) {
    ArrayPrototypePush(pairs, [list[i], list[i + 1], i]);
  }
  ArrayPrototypeSort(pairs, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[2] - b[2]));
  const combined = [];
  for (let i = 0; i < pairs.length; i++) {
    const last = combined.length === 0 ? undefined : combined[combined.length - 1];
    if (last !== undefined && last[0] === pairs[i][0] && last[0] !== "set-cookie") {
      last[1] = `${last[1]}, ${pairs[i][1]}`;
    } else {
      ArrayPrototypePush(combined, [pairs[i][0], pairs[i][1]]);
    }
  }
  return combined;
}

let headersState; // access to the private fields

/** The headers of a request or response. */
export class Headers {
  #list;
  #guard;
  #sorted = null; // what iteration shows, until the list changes

  // Built-in code passes kConstruct, a list to own, and a guard.
  constructor(init = undefined, list = undefined, guard = undefined) {
    if (init === kConstruct) {
      this.#list = list;
      this.#guard = guard;
      return;
    }
    this.#list = [];
    this.#guard = kGuardNone;
    if (init !== undefined) {
      fillList(this.#list, init, "Failed to construct 'Headers'", "Argument 1");
    }
  }

  static {
    headersState = {
      __proto__: null,
      isHeaders: (value) => #list in value,
      list: (headers) => headers.#list,
      pairs(headers) {
        if (!isObject(headers) || !(#list in headers)) throw illegalInvocation();
        return (headers.#sorted ??= sortAndCombine(headers.#list));
      },
    };
  }

  #beginChange() {
    if (this.#guard === kGuardImmutable) {
      throw new TypeError("Cannot change header: headers are immutable");
    }
    this.#sorted = null;
  }

  append(name, value) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'append' on 'Headers'";
    requiredArguments(arguments.length, 2, prefix);
    name = toName(byteString(name, prefix, "Argument 1"));
    value = toValue(byteString(value, prefix, "Argument 2"));
    this.#beginChange();
    ArrayPrototypePush(this.#list, name, value);
  }

  delete(name) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'delete' on 'Headers'";
    requiredArguments(arguments.length, 1, prefix);
    name = toName(byteString(name, prefix, "Argument 1"));
    this.#beginChange();
    removeFromList(this.#list, name);
  }

  get(name) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'get' on 'Headers'";
    requiredArguments(arguments.length, 1, prefix);
    return getFromList(this.#list, toName(byteString(name, prefix, "Argument 1")));
  }

  getSetCookie() {
    if (!(#list in this)) throw illegalInvocation();
    const values = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      if (this.#list[i] === "set-cookie") ArrayPrototypePush(values, this.#list[i + 1]);
    }
    return values;
  }

  has(name) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'has' on 'Headers'";
    requiredArguments(arguments.length, 1, prefix);
    return listHas(this.#list, toName(byteString(name, prefix, "Argument 1")));
  }

  set(name, value) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'set' on 'Headers'";
    requiredArguments(arguments.length, 2, prefix);
    name = toName(byteString(name, prefix, "Argument 1"));
    value = toValue(byteString(value, prefix, "Argument 2"));
    this.#beginChange();
    const list = this.#list;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] !== name) continue;
      // The first keeps its place, later ones of that name go.
      const tail = ArrayPrototypeSlice(list, i + 2);
      removeFromList(tail, name);
      list[i + 1] = value;
      list.length = i + 2;
      for (let j = 0; j < tail.length; j++) ArrayPrototypePush(list, tail[j]);
      return;
    }
    ArrayPrototypePush(list, name, value);
  }

  [kInspect](inspect, options) {
    if (!(#list in this)) return inspect({}, options);
    const pairs = headersState.pairs(this);
    const shown = {};
    for (let i = 0; i < pairs.length; i++) {
      const [key, value] = [pairs[i][0], pairs[i][1]];
      shown[key] = key in shown ? `${shown[key]}, ${value}` : value;
    }
    return `${shownName("Headers", this)} ${inspect(shown, options)}`;
  }
}

definePairIterable(Headers, "Headers", headersState.pairs);
configureInterface(Headers);
ObjectDefineProperty(Headers, "length", { __proto__: null, value: 0, configurable: true });

const ownIterator = Headers.prototype[SymbolIterator];

/** Built-in code: Headers over a list it hands over (names lowercase, values valid). */
export function headersFromList(list, guard) {
  return new Headers(kConstruct, list, guard);
}

/** The flat list behind Headers; not a copy. */
export function headerListOf(headers) {
  return headersState.list(headers);
}

/** Whether a value is a Headers object. */
export function isHeaders(value) {
  return isObject(value) && headersState.isHeaders(value);
}
