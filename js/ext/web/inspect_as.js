// How console.log shows rt's own classes: it reads the given keys, and what a subclass is called.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectFields } from "../console/inspect.js";
import { subclassName } from "../console/objects.js";
import { isPlatformPrototype } from "./webidl.js";

const { SymbolFor } = primordials;

/** The method name that `inspect` calls on rt's own classes. */
export const kInspect = SymbolFor("Deno.privateCustomInspect");

/** `name`, or what the script's class is called that extends the interface of that name. */
export function shownName(name, object) {
  return subclassName(object, name, isPlatformPrototype);
}

/** Text such as `Headers { a: 1 }` from the named properties of `object`. */
export function inspectAs(name, object, keys, inspect, options) {
  return inspect(inspectFields(object, keys, shownName(name, object)), options);
}
