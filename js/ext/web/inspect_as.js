// How console.log shows rt's own classes. Must never call user code: it reads the given keys only.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectFields } from "../console/inspect.js";

const { SymbolFor } = primordials;

/** The method name that `inspect` calls on rt's own classes. */
export const kInspect = SymbolFor("Deno.privateCustomInspect");

/** Text such as `Headers { a: 1 }` from the named properties of `object`. */
export function inspectAs(name, object, keys, inspect, options) {
  return inspect(inspectFields(object, keys, name), options);
}
