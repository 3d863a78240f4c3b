// Stack traces as text: frames inside rt are dropped, repeated ones collapsed. Pure string work.

import { splitLines } from "./strings.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypeIndexOf,
  ArrayPrototypePush,
  StringPrototypeEndsWith,
  StringPrototypeIndexOf,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;

const FRAME = "    at ";
const ASYNC_FRAME = "    at async ";
const MIN_COLLAPSED = 3;
const MIN_COLLAPSIBLE_STACK = 10;
const MIN_SHARED_WITH_CAUSE = 4;

/**
 * @returns {boolean} whether a line of a stack trace is a frame in a module with that URL scheme
 */
export function isFrameOf(line, scheme) {
  if (!StringPrototypeStartsWith(line, FRAME)) return false;
  const skip = StringPrototypeStartsWith(line, ASYNC_FRAME) ? ASYNC_FRAME.length : FRAME.length;
  if (StringPrototypeStartsWith(line, scheme, skip)) return true;
  if (!StringPrototypeEndsWith(line, ")")) return false;
  const open = StringPrototypeLastIndexOf(line, " (");
  return open !== -1 && StringPrototypeStartsWith(line, scheme, open + 2);
}

/** @returns {boolean} whether a line of a stack trace is a frame in one of rt's own modules */
export function isInternalFrame(line) {
  return isFrameOf(line, "rt:");
}

/**
 * The lines of the frames part of a stack trace, without rt's own.
 * @param {string} text
 * @returns {string[]}
 */
export function userFrames(text) {
  const lines = splitLines(text, false);
  const kept = [];
  for (let i = 0; i < lines.length; i++) {
    if (!isInternalFrame(lines[i])) ArrayPrototypePush(kept, lines[i]);
  }
  return kept;
}

/**
 * Where the frames of a stack trace start (at the line feed), searching from `from`; -1 if none.
 */
export function framesStart(stack, from = 0) {
  return StringPrototypeIndexOf(stack, "\n    at", from);
}

/**
 * A whole stack trace, without rt's own frames. What looks like one in the message stays.
 * @param {string} stack
 * @param {string} message
 */
export function userStack(stack, message) {
  const at = message === "" ? -1 : StringPrototypeIndexOf(stack, message);
  const start = framesStart(stack, at === -1 ? 0 : at + message.length);
  if (start === -1) return stack;
  let text = StringPrototypeSlice(stack, 0, start);
  const frames = userFrames(StringPrototypeSlice(stack, start + 1));
  for (let i = 0; i < frames.length; i++) text += `\n${frames[i]}`;
  return text;
}

/** The longest run of frames from some point that `cause` has too: [offset, length], or null. */
function sharedRun(frames, cause) {
  for (let i = 0; i + MIN_SHARED_WITH_CAUSE <= frames.length; i++) {
    const start = ArrayPrototypeIndexOf(cause, frames[i]);
    if (start === -1) continue;
    let length = 1;
    while (
      i + length < frames.length &&
      start + length < cause.length &&
      frames[i + length] === cause[start + length]
    ) {
      length++;
    }
    if (length >= MIN_SHARED_WITH_CAUSE) return [i, length];
  }
  return null;
}

/**
 * `frames` with those that the cause's trace shows as well cut out.
 * @param {string[]} frames
 * @param {string} causeStack
 * @param {(text: string) => string} mute styles the line that stands for them
 */
export function cutFramesOfCause(frames, causeStack, mute) {
  const start = framesStart(causeStack);
  if (start === -1) return frames;
  const run = sharedRun(frames, userFrames(StringPrototypeSlice(causeStack, start + 1)));
  if (run === null) return frames;
  // The first and the last shared frame stay, as landmarks.
  const cut = run[1] - 2;
  const result = [];
  for (let i = 0; i < frames.length; i++) {
    if (i === run[0] + 1) {
      const text = `    ... ${cut} lines matching cause stack trace ...`;
      ArrayPrototypePush(result, mute(text));
    }
    if (i <= run[0] || i > run[0] + cut) ArrayPrototypePush(result, frames[i]);
  }
  return result;
}

/** How many times the `period` frames at `start` are repeated right after themselves. */
function repetitions(frames, start, period) {
  let count = 0;
  for (let at = start + period; at + period <= frames.length; at += period) {
    for (let i = 0; i < period; i++) {
      if (frames[start + i] !== frames[at + i]) return count;
    }
    count++;
  }
  return count;
}

/**
 * `frames` with the repetitions of a long recursion replaced by a note.
 * @param {string[]} frames
 * @param {(text: string) => string} mute
 */
export function collapseRecursion(frames, mute) {
  if (frames.length <= MIN_COLLAPSIBLE_STACK) return frames;
  const result = [];
  for (let i = 0; i < frames.length; ) {
    let period = 1;
    let times = 0;
    for (; i + 2 * period <= frames.length; period++) {
      times = repetitions(frames, i, period);
      if (times * period >= MIN_COLLAPSED) break;
      times = 0;
    }
    if (times === 0) {
      ArrayPrototypePush(result, frames[i]);
      i++;
      continue;
    }
    for (let j = 0; j < period; j++) ArrayPrototypePush(result, frames[i + j]);
    const detail = times > 1 ? `${period} lines ${times} times...` : "lines ...";
    const text = `    ... collapsed ${times * period} duplicate lines matching above ${detail}`;
    ArrayPrototypePush(result, mute(text));
    i += period * (times + 1);
  }
  return result;
}
