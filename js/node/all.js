// Every built-in module of Node that rt has, under its name. Must never hold logic.

import { registerBuiltin, registerLazyBuiltin } from "rt:ext/module/builtins.js";
import { loadBundle } from "rt:ext/module/lazy.js";
import Module from "./module.js";
import { process } from "./process.js";

registerBuiltin("module", Module);
registerBuiltin("process", process);
registerLazyBuiltin("inspector", () => loadBundle("inspector").inspector);
registerLazyBuiltin("inspector/promises", () => loadBundle("inspector").promises);
registerLazyBuiltin("sqlite", () => loadBundle("sqlite").sqlite);
registerLazyBuiltin("v8", () => loadBundle("inspector").v8);
