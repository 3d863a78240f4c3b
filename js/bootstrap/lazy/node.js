// Lazy: CommonJS and Node's built-in modules.
import { builtin, builtinNameOf, importNames, importValues } from "rt:ext/module/builtins.js";
import { evaluateCommonJs, importCommonJs } from "rt:ext/module/common_js.js";
import "rt:node/all.js";
import { process } from "rt:node/process.js";
import { provide } from "../lazy.js";

provide("node", {
  __proto__: null,
  builtin,
  builtinNameOf,
  evaluateCommonJs,
  importCommonJs,
  importNames,
  importValues,
  process,
});
