// Errors as Node makes them: a class of the language and a `code`; and checks of arguments.

import { primordials } from "rt:bootstrap/primordials.js";

const { Error, NumberIsInteger, RangeError, TypeError } = primordials;

function coded(error, code) {
  error.code = code;
  return error;
}

export const invalidArgType = (message) => coded(new TypeError(message), "ERR_INVALID_ARG_TYPE");
export const invalidState = (message) => coded(new Error(message), "ERR_INVALID_STATE");
export const outOfRange = (message) => coded(new RangeError(message), "ERR_OUT_OF_RANGE");
export const illegalConstructor = () =>
  coded(new TypeError("Illegal constructor"), "ERR_ILLEGAL_CONSTRUCTOR");
export const constructCallRequired = () =>
  coded(new TypeError("Cannot call constructor without `new`"), "ERR_CONSTRUCT_CALL_REQUIRED");
export const invalidUrlScheme = () =>
  coded(new TypeError("The URL must be of scheme file:"), "ERR_INVALID_URL_SCHEME");
export const noExtensions = () =>
  coded(
    new Error("SQLite extensions cannot be loaded: rt does not run native code of theirs"),
    "ERR_LOAD_SQLITE_EXTENSION",
  );

/** An error with SQLite's own code, which C++ gave as a number. */
export function sqliteError(code, message) {
  const error = coded(new Error(message), "ERR_SQLITE_ERROR");
  error.errcode = code;
  error.errstr = message;
  return error;
}

/** `value`, which must be a string. */
export function stringArgument(value, name) {
  if (typeof value === "string") return value;
  throw invalidArgType(`The "${name}" argument must be a string.`);
}

/** `value`, which must be a boolean. */
export function booleanArgument(value, name) {
  if (typeof value === "boolean") return value;
  throw invalidArgType(`The "${name}" argument must be a boolean.`);
}

/** `value`, which must be a function. */
export function functionArgument(value, name) {
  if (typeof value === "function") return value;
  throw invalidArgType(`The "${name}" argument must be a function.`);
}

/** `value`, which must be an object. */
export function objectArgument(value, name) {
  if ((typeof value === "object" && value !== null) || typeof value === "function") return value;
  throw invalidArgType(`The "${name}" argument must be an object.`);
}

/** A boolean option, or `otherwise`. */
export function booleanOption(options, name, otherwise) {
  const value = options[name];
  return value === undefined ? otherwise : booleanArgument(value, `options.${name}`);
}

/** An integer option, or `otherwise`. */
export function integerOption(options, name, otherwise) {
  const value = options[name];
  if (value === undefined) return otherwise;
  if (NumberIsInteger(value)) return value;
  throw invalidArgType(`The "options.${name}" argument must be an integer.`);
}

/** A string option, or `otherwise`. */
export function stringOption(options, name, otherwise) {
  const value = options[name];
  return value === undefined ? otherwise : stringArgument(value, `options.${name}`);
}

/** A function option, or undefined. */
export function functionOption(options, name) {
  const value = options[name];
  return value === undefined ? undefined : functionArgument(value, `options.${name}`);
}
