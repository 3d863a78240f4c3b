// The `permissions` option of a test, as rules for the op that restricts them.
import { primordials } from "./internals.js";

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  ObjectKeys,
  String,
  TypeError,
  URL,
} = { ...primordials, URL: globalThis.URL };

const NAMES = ["env", "ffi", "import", "net", "read", "run", "sys", "write"];

function ruleOf(name, value) {
  if (value === "inherit") return { name, mode: "inherit", list: [] };
  if (value === true) return { name, mode: "all", list: [] };
  if (value === false) return { name, mode: "none", list: [] };
  if (!ArrayIsArray(value)) {
    throw new TypeError(
      `Expected 'array' or 'boolean' for "${name}" permission, received ${typeof value}`,
    );
  }
  const list = [];
  for (let i = 0; i < value.length; i++) {
    const entry = value[i];
    const isUrl = entry instanceof URL && entry.protocol === "file:";
    ArrayPrototypePush(list, isUrl ? decodeURIComponent(entry.pathname) : String(entry));
  }
  return { name, mode: list.length === 0 ? "none" : "list", list };
}

/** Null: the test has what the file has. What an object does not name the test does not have. */
export function permissionRules(permissions) {
  if (permissions === "inherit" || permissions === undefined) return null;
  const rules = [];
  if (permissions === "none") {
    for (let i = 0; i < NAMES.length; i++) ArrayPrototypePush(rules, ruleOf(NAMES[i], false));
    return rules;
  }
  if (typeof permissions !== "object" || permissions === null) {
    throw new TypeError(
      `Expected "inherit", "none" or an object for the permissions of a test, received ${String(permissions)}`,
    );
  }
  const keys = ObjectKeys(permissions);
  for (let i = 0; i < keys.length; i++) {
    if (!ArrayPrototypeIncludes(NAMES, keys[i])) {
      throw new TypeError(`Unknown permission "${keys[i]}" in the permissions of a test`);
    }
  }
  for (let i = 0; i < NAMES.length; i++) {
    ArrayPrototypePush(rules, ruleOf(NAMES[i], permissions[NAMES[i]] ?? false));
  }
  return rules;
}
