// The process for scripts: who it is, how it was started, how it ends.

import { op_core_exit, op_core_set_exit_code } from "rt:ops/core";
import {
  op_os_args,
  op_os_build,
  op_os_exec_path,
  op_os_exit_code,
  op_os_main_module,
  op_os_memory_usage,
  op_os_no_color,
  op_os_pid,
  op_os_ppid,
} from "rt:ops/os";
import { op_os_native_memory } from "rt:ops/machine";
import { primordials } from "rt:bootstrap/primordials.js";

const { NumberIsInteger, ObjectFreeze, RangeError, String, TypeError } = primordials;

// The Deno whose API rt follows: what programs compare Deno.version.deno with.
const kDenoApiLevel = "2.9.6";

const constants = op_os_build();

/** Versions of what is inside. */
export const version = ObjectFreeze({
  deno: kDenoApiLevel,
  v8: constants.v8,
  typescript: constants.typescript,
  rt: constants.rt,
});

/** What this executable was built for. */
export const build = ObjectFreeze({
  target: `${constants.arch}-${constants.vendor}-${constants.os}-${constants.env}`,
  arch: constants.arch,
  os: constants.os,
  vendor: constants.vendor,
  env: constants.env,
  standalone: false,
});

let argsList = null;

/** The script's arguments. */
export function args() {
  return (argsList ??= op_os_args());
}

export function pid() {
  return op_os_pid();
}

export function ppid() {
  return op_os_ppid();
}

/** Whether NO_COLOR asks for plain text. */
export function noColor() {
  return op_os_no_color();
}

/** The URL of the main module. */
export function mainModule() {
  return op_os_main_module();
}

/** Where the executable is. */
export function execPath() {
  return op_os_exec_path();
}

/** Memory use in bytes; `native`: what open resources hold besides the heap, by their kind. */
export function memoryUsage() {
  const usage = op_os_memory_usage();
  const list = op_os_native_memory();
  const native = { __proto__: null };
  for (let i = 0; i < list.length; i++) native[list[i][0]] = list[i][1];
  usage.native = native;
  return usage;
}

/** The code the process will end with. */
export function exitCode() {
  return op_os_exit_code();
}

/** @param {number} code an integer */
export function setExitCode(code) {
  if (typeof code !== "number") {
    throw new TypeError(`Exit code must be a number, got: ${String(code)} (${typeof code})`);
  }
  if (!NumberIsInteger(code)) {
    throw new RangeError(`Exit code must be an integer, got: ${code}`);
  }
  op_core_set_exit_code(code | 0);
}

let beforeExit = () => {};
let exiting = false;
let exitGuard = null;

/** The test runner's: called with the code first, and may refuse by throwing. */
export function setExitGuard(guard) {
  exitGuard = guard;
}

/** What `exit` does first: dispatching `unload`. */
export function setBeforeExit(action) {
  beforeExit = action;
}

/**
 * Ends the process: with `code` if that is a number, else with Deno.exitCode. `unload` listeners run first;
 * nothing after the call does.
 * @param {number} [code]
 */
export function exit(code = undefined) {
  if (exitGuard !== null) exitGuard(typeof code === "number" ? code | 0 : op_os_exit_code());
  if (typeof code === "number") op_core_set_exit_code(code | 0);
  if (!exiting) {
    exiting = true;
    beforeExit();
  }
  // A listener may have changed its mind about the code.
  op_core_exit(op_os_exit_code());
  // JavaScript stops at the next loop turn: here.
  while (true);
}
