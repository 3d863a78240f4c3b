// The root of the built-ins: imports all of them and gives C++ the functions it calls.
import { op_core_set_hooks } from "rt:ops/core";
import { deliver, PENDING } from "./ring.js";

op_core_set_hooks({
  __proto__: null,
  pendingMarker: PENDING,
  deliver,
});
