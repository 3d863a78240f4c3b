// Points in time as file operations take them. Coerces only.

import { primordials } from "rt:bootstrap/primordials.js";

const { DatePrototypeGetTime, MathFloor, NumberIsFinite, TypeError } = primordials;

const kNanos = 1_000_000_000;

function toMs(time) {
  if (typeof time === "number") return time * 1000;
  try {
    return DatePrototypeGetTime(time);
  } catch {
    throw new TypeError("a time must be a Date or a number of seconds");
  }
}

/** Whole seconds, rounded down, and the nanoseconds on top. */
function split(time) {
  if (typeof time === "number" && NumberIsFinite(time)) {
    const seconds = MathFloor(time);
    return { seconds, nanos: MathFloor((time - seconds) * kNanos) };
  }
  const ms = toMs(time);
  if (!NumberIsFinite(ms)) throw new TypeError("a time must be finite");
  const seconds = MathFloor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}

/**
 * What the ops call times.
 * @param {number | Date} atime
 * @param {number | Date} mtime
 */
export function toTimes(atime, mtime) {
  const access = split(atime);
  const modification = split(mtime);
  return {
    accessSeconds: access.seconds,
    accessNanos: access.nanos,
    modificationSeconds: modification.seconds,
    modificationNanos: modification.nanos,
  };
}
