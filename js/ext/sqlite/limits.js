// `database.limits` and the option of that name. Never a boundary: what a database may open is
// checked whatever the limits are.

import { op_sqlite_limit } from "rt:ops/sqlite";
import { primordials } from "rt:bootstrap/primordials.js";
import { invalidArgType, objectArgument, outOfRange } from "./errors.js";

const { ArrayPrototypePush, NumberIsInteger, ObjectDefineProperty, ObjectPreventExtensions } =
  primordials;

/** In the order of SQLite's numbers. */
const NAMES = [
  "length",
  "sqlLength",
  "column",
  "exprDepth",
  "compoundSelect",
  "vdbeOp",
  "functionArg",
  "attach",
  "likePatternLength",
  "variableNumber",
  "triggerDepth",
];
const MOST = 0x7fffffff;

function limitValue(value) {
  if (value === Infinity) return MOST;
  if (typeof value !== "number" || !NumberIsInteger(value)) {
    throw invalidArgType("Limit value must be a non-negative integer or Infinity.");
  }
  if (value < 0) throw outOfRange("Limit value must be non-negative.");
  return value > MOST ? MOST : value;
}

/** The limits in `options.limits` as [number, value, …]. */
export function limitsOf(options) {
  const { limits } = options;
  const wanted = [];
  if (limits === undefined) return wanted;
  objectArgument(limits, "options.limits");
  for (let i = 0; i < NAMES.length; i++) {
    const value = limits[NAMES[i]];
    if (value === undefined) continue;
    const name = `options.limits.${NAMES[i]}`;
    if (value !== Infinity && !NumberIsInteger(value)) {
      throw invalidArgType(`The "${name}" argument must be an integer.`);
    }
    if (value < 0) throw outOfRange(`The "${name}" argument must be non-negative.`);
    ArrayPrototypePush(wanted, i, limitValue(value));
  }
  return wanted;
}

/** Sets them. */
export function applyLimits(handle, wanted) {
  for (let i = 0; i < wanted.length; i += 2) op_sqlite_limit(handle, wanted[i], wanted[i + 1]);
}

/** The object behind `database.limits`. */
export function makeLimits(handle) {
  const limits = { __proto__: null };
  for (let i = 0; i < NAMES.length; i++) {
    ObjectDefineProperty(limits, NAMES[i], {
      __proto__: null,
      get: () => op_sqlite_limit(handle, i, -1),
      set: (value) => {
        op_sqlite_limit(handle, i, limitValue(value));
      },
      enumerable: true,
      configurable: false,
    });
  }
  return ObjectPreventExtensions(limits);
}
