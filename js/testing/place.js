// Where in the user's code a call stands.
import { primordials } from "./internals.js";

const { Error, ErrorCaptureStackTrace, ObjectGetOwnPropertyDescriptor, RegExpPrototypeExec } =
  primordials;

const FRAME = /^ +at (?:async )?(?:.* \()?((?!rt:)[a-z]+:.*?):(\d+):(\d+)\)?$/m;

/**
 * The first frame that is not rt's, as {url, line, column}.
 * @returns {{url: string, line: number, column: number}}
 */
export function callerPlace() {
  const holder = {};
  // A script's stackTraceLimit or prepareStackTrace must not hide it.
  const limit = ObjectGetOwnPropertyDescriptor(Error, "stackTraceLimit");
  const prepare = ObjectGetOwnPropertyDescriptor(Error, "prepareStackTrace");
  if (limit?.writable && limit.value !== 10) Error.stackTraceLimit = 10;
  if (prepare?.writable) Error.prepareStackTrace = undefined;
  ErrorCaptureStackTrace(holder, callerPlace);
  const { stack } = holder;
  if (limit?.writable && limit.value !== 10) Error.stackTraceLimit = limit.value;
  if (prepare?.writable) Error.prepareStackTrace = prepare.value;
  const match = typeof stack === "string" ? RegExpPrototypeExec(FRAME, stack) : null;
  if (match === null) return { url: "", line: 0, column: 0 };
  return { url: match[1], line: +match[2], column: +match[3] };
}
