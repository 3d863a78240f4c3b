// Built-ins that are not in the snapshot (js/lazy/README.md).

import { op_core_load_bundle } from "rt:ops/core";

const loaded = { __proto__: null };

/** What the bundle of this name exports; loads it when it is first asked for. */
export function loadBundle(name) {
  const known = loaded[name];
  if (known !== undefined) return known;
  return (loaded[name] = op_core_load_bundle(name));
}
