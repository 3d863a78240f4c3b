// The bundle behind node:inspector and node:v8, loaded when a program asks for one of them.

import { inspector, promises } from "./inspector.js";
import { v8 } from "./v8.js";

/* global __rt_hooks */
__rt_hooks.inspector = inspector;
__rt_hooks.promises = promises;
__rt_hooks.v8 = v8;
