// Whether a file is a terminal.

import { BadResource } from "rt:bootstrap/errors.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { op_io_is_terminal } from "rt:ops/io";

const { ObjectPrototypeIsPrototypeOf } = primordials;

/** False, too, for what was closed. */
export function isTerminal(rid) {
  try {
    return op_io_is_terminal(rid);
  } catch (error) {
    if (ObjectPrototypeIsPrototypeOf(BadResource.prototype, error)) return false;
    throw error;
  }
}
