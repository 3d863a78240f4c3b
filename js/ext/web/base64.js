// atob and btoa (https://html.spec.whatwg.org/#atob). Text here stands for bytes: one character each.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_base64_atob, op_base64_btoa } from "rt:ops/web";
import { DOMException } from "./dom_exception.js";
import { domString, requiredArguments } from "./webidl.js";

const { RangeError } = primordials;

/** What becomes a string of the greatest length: four characters for three bytes. */
const kMostBytes = (0x1fffffe8 / 4) * 3;

/** Decodes base64 as forgivingly as the standard says. */
export function atob(data) {
  requiredArguments(arguments.length, 1, "Failed to execute 'atob'");
  const result = op_base64_atob(domString(data));
  if (result === null) {
    throw new DOMException("Failed to decode base64", "InvalidCharacterError");
  }
  return result;
}

/** Encodes text whose characters are all below U+0100. */
export function btoa(data) {
  requiredArguments(arguments.length, 1, "Failed to execute 'btoa'");
  data = domString(data);
  const result = op_base64_btoa(data);
  if (result === null) {
    if (data.length > kMostBytes) {
      throw new RangeError("Cannot create a string longer than 0x1fffffe8 characters");
    }
    throw new DOMException(
      "Cannot encode string: string contains characters outside of the Latin1 range",
      "InvalidCharacterError",
    );
  }
  return result;
}
