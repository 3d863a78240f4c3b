// How many terminal columns a string takes. Approximate on purpose (East Asian wide and combining
// ranges only): it aligns columns, nothing depends on it being right.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeNormalize,
  StringPrototypeSlice,
} = primordials;

const ESC = 0x1b;
const CSI = 0x9b;

/** [first, last] code points that take no column. */
const ZERO_WIDTH = [
  [0x0000, 0x001f],
  [0x007f, 0x009f],
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xe0100, 0xe01ef],
];

/** [first, last] code points that take two columns (Unicode UAX #11, W and F). */
const FULL_WIDTH = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b001],
  [0x1f200, 0x1f251],
  [0x1f300, 0x1f64f],
  [0x20000, 0x3fffd],
];

function inRanges(code, ranges) {
  for (let i = 0; i < ranges.length; i++) {
    if (code < ranges[i][0]) return false;
    if (code <= ranges[i][1]) return true;
  }
  return false;
}

/** Where the control sequence that starts at `start` ends, or `start` if there is none. */
function skipControlSequence(text, start) {
  const first = StringPrototypeCharCodeAt(text, start);
  let i = start + 1;
  if (first === ESC) {
    const second = StringPrototypeCharCodeAt(text, i);
    // ESC ] ... BEL or ESC \: an operating system command, such as a hyperlink.
    if (second === 0x5d) {
      for (i++; i < text.length; i++) {
        const code = StringPrototypeCharCodeAt(text, i);
        if (code === 0x07 || code === 0x9c) return i + 1;
        if (code === ESC && StringPrototypeCharCodeAt(text, i + 1) === 0x5c) return i + 2;
      }
      return start;
    }
    if (second !== 0x5b) return start;
    i++;
  } else if (first !== CSI) {
    return start;
  }
  for (; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code >= 0x40 && code <= 0x7e) return i + 1;
    if (code < 0x20 || code > 0x3f) return start;
  }
  return text.length;
}

/**
 * `text` without ANSI control sequences.
 * @param {string} text
 * @returns {string}
 */
export function stripControlSequences(text) {
  let result = "";
  let copied = 0;
  for (let i = 0; i < text.length; ) {
    const code = StringPrototypeCharCodeAt(text, i);
    const end = code === ESC || code === CSI ? skipControlSequence(text, i) : i;
    if (end === i) {
      i++;
      continue;
    }
    result += StringPrototypeSlice(text, copied, i);
    copied = i = end;
  }
  return copied === 0 ? text : result + StringPrototypeSlice(text, copied);
}

/**
 * Columns `text` takes in a terminal.
 * @param {string} text
 * @param {boolean} [stripControls] ANSI control sequences take none
 * @returns {number}
 */
export function stringWidth(text, stripControls = true) {
  let plain = true;
  for (let i = 0; i < text.length && plain; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    plain = code >= 0x20 && code < 0x7f;
  }
  if (plain) return text.length;
  if (stripControls) text = stripControlSequences(text);
  text = StringPrototypeNormalize(text, "NFC");
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCodePointAt(text, i);
    if (code > 0xffff) i++;
    if (inRanges(code, FULL_WIDTH)) width += 2;
    else if (!inRanges(code, ZERO_WIDTH)) width += 1;
  }
  return width;
}
