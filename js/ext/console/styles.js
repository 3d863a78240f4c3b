// The colours of inspected values and the switch that says whether stdout and stderr take colour.
// Bootstrap sets the switch at start (setColors); nothing here reads the environment.

import { primordials } from "rt:bootstrap/primordials.js";

const { ObjectDefineProperty } = primordials;

const DEFAULT_FOREGROUND = 39;
const DEFAULT_BACKGROUND = 49;

let stdoutColors = false;
let stderrColors = false;

/**
 * Says which standard streams take ANSI colours. Called once by bootstrap.
 * @param {boolean} stdout
 * @param {boolean} stderr
 */
export function setColors(stdout, stderr) {
  stdoutColors = stdout;
  stderrColors = stderr;
}

/** @returns {boolean} whether text for stdout may be coloured */
export function stdoutTakesColors() {
  return stdoutColors;
}

/** @returns {boolean} whether text for stderr may be coloured */
export function stderrTakesColors() {
  return stderrColors;
}

/**
 * Which colour each flavour of value has; `node:util` exposes this very object as inspect.styles.
 */
export const styles = {
  __proto__: null,
  special: "cyan",
  number: "yellow",
  bigint: "yellow",
  boolean: "yellow",
  undefined: "grey",
  null: "bold",
  string: "green",
  symbol: "green",
  date: "magenta",
  regexp: "red",
  module: "underline",
  internalError: "red",
  temporal: "cyan",
};

/** SGR codes (ECMA-48 8.3.117) that switch a style on and off again. */
export const colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
  framed: [51, 54],
  overlined: [53, 55],
};

const HUES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
for (let i = 0; i < HUES.length; i++) {
  const hue = HUES[i];
  const title = hue[0].toUpperCase() + hue.slice(1);
  const bright = i === 0 ? "gray" : `${hue}Bright`;
  const bgBright = i === 0 ? "bgGray" : `bg${title}Bright`;
  colors[hue] = [30 + i, DEFAULT_FOREGROUND];
  colors[`bg${title}`] = [40 + i, DEFAULT_BACKGROUND];
  colors[bright] = [90 + i, DEFAULT_FOREGROUND];
  colors[bgBright] = [100 + i, DEFAULT_BACKGROUND];
}

const ALIASES = [
  ["grey", "gray"],
  ["blackBright", "gray"],
  ["bgGrey", "bgGray"],
  ["bgBlackBright", "bgGray"],
  ["faint", "dim"],
  ["crossedout", "strikethrough"],
  ["strikeThrough", "strikethrough"],
  ["crossedOut", "strikethrough"],
  ["conceal", "hidden"],
  ["swapColors", "inverse"],
  ["swapcolors", "inverse"],
  ["doubleUnderline", "doubleunderline"],
];
for (let i = 0; i < ALIASES.length; i++) {
  const alias = ALIASES[i][0];
  const target = ALIASES[i][1];
  ObjectDefineProperty(colors, alias, {
    __proto__: null,
    get() {
      return this[target];
    },
    set(value) {
      this[target] = value;
    },
    configurable: true,
    enumerable: false,
  });
}

/**
 * The stylizer of uncoloured output.
 * @param {string} text
 * @param {string} _flavour
 */
export function stylizeNone(text, _flavour) {
  return text;
}

/**
 * The stylizer of coloured output: looks `flavour` up in `styles`, then in `colors`.
 * @param {string} text
 * @param {string} flavour
 */
export function stylizeColor(text, flavour) {
  const style = styles[flavour];
  const codes = style === undefined ? undefined : colors[style];
  return codes === undefined ? text : `\x1b[${codes[0]}m${text}\x1b[${codes[1]}m`;
}
