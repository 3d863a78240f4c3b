// The names a CommonJS file exports, by reading its text (cjs-module-lexer, as Node does), through
// the files it re-exports. Must never evaluate a file, and never fail: a file that cannot be read
// has no names.

import { op_modules_load_required, op_modules_resolve_required } from "rt:ops/modules";
import { primordials } from "rt:bootstrap/primordials.js";
import lexer from "cjs-module-lexer";

const {
  ArrayPrototypePush,
  SafeSet,
  SetPrototypeForEach,
  StringPrototypeEndsWith,
  StringPrototypeIsWellFormed,
  StringPrototypeStartsWith,
} = primordials;

const COMMON_JS = 0;

/** Every name once, `default` and `module.exports` among them. */
export function exportNames(path, text) {
  const found = new SafeSet();
  collect(path, text, found, new SafeSet());
  found.delete("default");
  found.delete("module.exports");
  const names = ["default", "module.exports"];
  SetPrototypeForEach(found, (name) => {
    if (StringPrototypeIsWellFormed(name)) ArrayPrototypePush(names, name);
  });
  return names;
}

function collect(path, text, found, visited) {
  if (visited.has(path)) return;
  visited.add(path);
  let parsed;
  try {
    parsed = lexer.parse(text);
  } catch {
    return; // no names: the default export is all there is
  }
  const { exports, reexports } = parsed;
  for (let i = 0; i < exports.length; i++) found.add(exports[i]);
  for (let i = 0; i < reexports.length; i++) {
    try {
      const target = op_modules_resolve_required(reexports[i], path, true);
      if (StringPrototypeStartsWith(target, "node:") || StringPrototypeEndsWith(target, ".json")) {
        continue;
      }
      const { 0: kind, 2: source } = op_modules_load_required(target, false, true);
      if (kind === COMMON_JS) collect(target, source, found, visited);
    } catch {
      // It fails again, and says so, when it is required.
    }
  }
}
