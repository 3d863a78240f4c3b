// Points in time as file operations take them. Coerces only.

import { primordials } from "rt:bootstrap/primordials.js";

const { DatePrototypeGetTime, MathFloor, NumberIsFinite, NumberIsNaN } = primordials;

const kNanos = 1_000_000_000;

/** The milliseconds of a Date, undefined for anything else. */
function msOf(time) {
  try {
    return DatePrototypeGetTime(time);
  } catch {
    return undefined;
  }
}

/** Whole seconds, rounded down, and the nanoseconds on top. What is no number is 0, as in Deno. */
function split(time) {
  const ms = typeof time === "number" ? undefined : msOf(time);
  const units = ms === undefined ? +time : ms;
  if (NumberIsNaN(units)) return { seconds: 0, nanos: 0 };
  // The file system keeps the nearest time it knows.
  if (!NumberIsFinite(units)) return { seconds: units, nanos: 0 };
  if (ms === undefined) {
    const seconds = MathFloor(units);
    return { seconds, nanos: MathFloor((units - seconds) * kNanos) };
  }
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
