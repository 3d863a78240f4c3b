// atob and btoa (https://html.spec.whatwg.org/#atob). Text here stands for bytes: one character each.

import { op_base64_atob, op_base64_btoa } from "rt:ops/web";
import { DOMException } from "./dom_exception.js";
import { domString, requiredArguments } from "./webidl.js";

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
  const result = op_base64_btoa(domString(data));
  if (result === null) {
    throw new DOMException(
      "Cannot encode string: string contains characters outside of the Latin1 range",
      "InvalidCharacterError",
    );
  }
  return result;
}
