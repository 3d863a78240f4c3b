// `deno.permissions` of `new Worker`: what a script writes becomes one rule for each permission.
// Only shape is checked here; whether the parent has it, C++ decides.

import { primordials } from "rt:bootstrap/primordials.js";
import { toPath } from "../fs/path.js";

const { ArrayIsArray, ArrayPrototypePush, String, TypeError } = primordials;

// In the order of the enum Perm of src/permissions/permission.h.
const kNames = ["read", "write", "net", "env", "run", "sys", "ffi", "import"];
/** Those whose entries may be file URLs. */
const kPaths = { __proto__: null, read: true, write: true, run: true, ffi: true };

function shown(value) {
  if (value === null) return "null";
  if (typeof value === "string") return `string "${value}"`;
  if (typeof value === "number") {
    return `${value % 1 === 0 ? "integer" : "floating point"} \`${value}\``;
  }
  if (typeof value === "boolean") return `boolean \`${value}\``;
  return ArrayIsArray(value) ? "sequence" : typeof value === "object" ? "map" : typeof value;
}

function all(mode) {
  const modes = [];
  const lists = [];
  for (let i = 0; i < kNames.length; i++) {
    ArrayPrototypePush(modes, mode);
    ArrayPrototypePush(lists, []);
  }
  return { __proto__: null, modes, lists };
}

function entriesOf(name, list) {
  const entries = [];
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (typeof entry !== "string" && !kPaths[name]) {
      throw new TypeError(
        `(deno.permissions.${name}) invalid type: ${shown(entry)}, expected a string`,
      );
    }
    ArrayPrototypePush(entries, kPaths[name] ? toPath(entry) : entry);
  }
  return entries;
}

/**
 * `{ modes, lists }`, as op_worker_create takes them. A permission an object does not mention is
 * not given.
 * @param {unknown} permissions
 */
export function toPermissionRules(permissions) {
  if (permissions === undefined || permissions === null || permissions === "inherit") {
    return all("inherit");
  }
  if (permissions === "none") return all("none");
  if (typeof permissions !== "object" || ArrayIsArray(permissions)) {
    throw new TypeError(
      `(deno.permissions) invalid value: ${shown(permissions)}, expected "inherit" or "none" or object`,
    );
  }
  const rules = all("none");
  for (let i = 0; i < kNames.length; i++) {
    const name = kNames[i];
    const value = permissions[name];
    if (value === undefined || value === false) continue;
    if (value === "inherit") {
      rules.modes[i] = "inherit";
    } else if (value === true) {
      rules.modes[i] = "all";
    } else if (ArrayIsArray(value)) {
      rules.modes[i] = "list";
      rules.lists[i] = entriesOf(name, value);
    } else {
      const kind = typeof value === "string" ? "value" : "type";
      throw new TypeError(
        `(deno.permissions.${String(name)}) invalid ${kind}: ${shown(value)}, expected "inherit" or boolean or string[]`,
      );
    }
  }
  return rules;
}
