// alert, confirm and prompt at a terminal (https://html.spec.whatwg.org/#simple-dialogs), as Deno
// has them: without a terminal on standard input they answer at once. They block the program, as
// the standard says.

import { primordials } from "rt:bootstrap/primordials.js";
import { decodeUtf8, encodeUtf8 } from "../web/text_encoding.js";
import { domString } from "../web/webidl.js";
import { isTerminal } from "./terminal.js";
import { readSync, writeSync } from "./transfer.js";

const {
  ArrayPrototypePush,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

const kStdin = 0;
const kStdout = 1;
const kLineFeed = 10;
const kCarriageReturn = 13;

function write(text) {
  let bytes = encodeUtf8(text);
  while (TypedArrayPrototypeGetByteLength(bytes) > 0) {
    bytes = TypedArrayPrototypeSubarray(bytes, writeSync(kStdout, bytes));
  }
}

/**
 * A line without its end, byte by byte so that nothing behind it is taken; null: the input is over.
 */
function readLine() {
  const one = new Uint8Array(1);
  const line = [];
  for (;;) {
    const count = readSync(kStdin, one);
    if (count === null || count === 0) {
      if (line.length === 0) return null;
      break;
    }
    if (one[0] === kLineFeed) break;
    if (one[0] !== kCarriageReturn) ArrayPrototypePush(line, one[0]);
  }
  return decodeUtf8(new Uint8Array(line));
}

/** Shows a message and waits for Enter. */
export function alert(message = "Alert") {
  const text = domString(message);
  if (!isTerminal(kStdin)) return;
  write(`${text} [Enter] `);
  readLine();
}

/** Asks a question: true for "y" or "Y". */
export function confirm(message = "Confirm") {
  const text = domString(message);
  if (!isTerminal(kStdin)) return false;
  write(`${text} [y/N] `);
  const answer = readLine();
  return answer === "Y" || answer === "y";
}

/** Asks for a line; null when there is none to be had. */
export function prompt(message = "Prompt", defaultValue = "") {
  const text = domString(message);
  const fallback = domString(defaultValue);
  if (!isTerminal(kStdin)) return null;
  write(fallback === "" ? `${text} ` : `${text} [${fallback}] `);
  const answer = readLine();
  return answer === "" ? fallback : answer;
}
