// FormData (https://xhr.spec.whatwg.org/#interface-formdata): a list of names with a string or a
// File each.

import { primordials } from "rt:bootstrap/primordials.js";
import { blobParts, blobType, isBlob } from "../blob/blob.js";
import { fileFromParts, fileLastModified, isFile } from "../blob/file.js";
import { kInspect, shownName } from "../web/inspect_as.js";
import { definePairIterable } from "../web/pair_iterable.js";
import {
  configureInterface,
  illegalInvocation,
  makeException,
  requiredArguments,
  usvString,
} from "../web/webidl.js";

const { ArrayPrototypePush, ArrayPrototypeSplice, ObjectDefineProperty, SafeMap, SafeMapIterator } =
  primordials;

/** "Create an entry": a blob becomes a File, one with another name a new File. */
function makeEntry(name, value, filename) {
  if (typeof value === "string") return [name, value];
  if (filename === undefined && isFile(value)) return [name, value];
  const modified = isFile(value) ? fileLastModified(value) : undefined;
  return [name, fileFromParts(blobParts(value), filename ?? "blob", blobType(value), modified)];
}

/** The two overloads: (name, value) and (name, blobValue, filename). */
function convert(method, length, name, value, filename) {
  const prefix = `Failed to execute '${method}' on 'FormData'`;
  requiredArguments(length, 2, prefix);
  if (length > 2 && !isBlob(value)) {
    throw makeException(prefix, "Argument 2", "is not of type Blob", "ERR_INVALID_ARG_TYPE");
  }
  name = usvString(name);
  if (isBlob(value)) {
    return makeEntry(name, value, filename === undefined ? undefined : usvString(filename));
  }
  return makeEntry(name, usvString(value), undefined);
}

/** The [name, value] pairs of a FormData; throws for anything else. */
let pairsOf;
/** Whether a value is a FormData. */
export let isFormData;

export class FormData {
  #entries = [];

  constructor(form = undefined) {
    if (form !== undefined) {
      throw makeException(
        "Failed to construct 'FormData'",
        "Argument 1",
        "cannot be converted to 'undefined'",
        "ERR_INVALID_ARG_TYPE",
      );
    }
  }

  static {
    isFormData = (value) => typeof value === "object" && value !== null && #entries in value;
    pairsOf = (value) => {
      if (!isFormData(value)) throw illegalInvocation();
      return value.#entries;
    };
  }

  append(name, value, filename = undefined) {
    const entries = pairsOf(this);
    ArrayPrototypePush(entries, convert("append", arguments.length, name, value, filename));
  }

  delete(name) {
    const entries = pairsOf(this);
    requiredArguments(arguments.length, 1, "Failed to execute 'delete' on 'FormData'");
    name = usvString(name);
    for (let i = entries.length - 1; i >= 0; i--) {
      if (entries[i][0] === name) ArrayPrototypeSplice(entries, i, 1);
    }
  }

  get(name) {
    const entries = pairsOf(this);
    requiredArguments(arguments.length, 1, "Failed to execute 'get' on 'FormData'");
    name = usvString(name);
    for (let i = 0; i < entries.length; i++) {
      if (entries[i][0] === name) return entries[i][1];
    }
    return null;
  }

  getAll(name) {
    const entries = pairsOf(this);
    requiredArguments(arguments.length, 1, "Failed to execute 'getAll' on 'FormData'");
    name = usvString(name);
    const values = [];
    for (let i = 0; i < entries.length; i++) {
      if (entries[i][0] === name) ArrayPrototypePush(values, entries[i][1]);
    }
    return values;
  }

  has(name) {
    const entries = pairsOf(this);
    requiredArguments(arguments.length, 1, "Failed to execute 'has' on 'FormData'");
    name = usvString(name);
    for (let i = 0; i < entries.length; i++) {
      if (entries[i][0] === name) return true;
    }
    return false;
  }

  set(name, value, filename = undefined) {
    const entries = pairsOf(this);
    const entry = convert("set", arguments.length, name, value, filename);
    let at = -1;
    for (let i = 0; i < entries.length; i++) {
      if (entries[i][0] !== entry[0]) continue;
      if (at < 0) {
        at = i;
        entries[i] = entry;
      } else {
        ArrayPrototypeSplice(entries, i--, 1);
      }
    }
    if (at < 0) ArrayPrototypePush(entries, entry);
  }

  [kInspect](inspect, options) {
    if (!(#entries in this)) return inspect({}, options);
    const shown = {};
    const seen = new SafeMap();
    for (let i = 0; i < this.#entries.length; i++) {
      const entry = this.#entries[i];
      const values = seen.get(entry[0]);
      if (values === undefined) seen.set(entry[0], [entry[1]]);
      else ArrayPrototypePush(values, entry[1]);
    }
    for (const pair of new SafeMapIterator(seen)) {
      ObjectDefineProperty(shown, pair[0], {
        __proto__: null,
        value: pair[1].length === 1 ? pair[1][0] : pair[1],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return `${shownName("FormData", this)} ${inspect(shown, options)}`;
  }
}
definePairIterable(FormData, "FormData", (value) => pairsOf(value));
configureInterface(FormData);
ObjectDefineProperty(FormData, "length", { __proto__: null, value: 0, configurable: true });

/** Built-in code: the list of [name, value] behind a FormData; to append to or to read. */
export function formDataEntries(formData) {
  return pairsOf(formData);
}
