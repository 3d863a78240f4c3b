// Every built-in module of Node that rt has, under its name. Must never hold logic.

import { registerBuiltin } from "rt:ext/module/builtins.js";
import Module from "./module.js";
import { process } from "./process.js";

registerBuiltin("module", Module);
registerBuiltin("process", process);
