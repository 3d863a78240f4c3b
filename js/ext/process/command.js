// Deno.Command and its short forms.

import { op_process_output_sync, op_process_spawn } from "rt:ops/process";
import { primordials } from "rt:bootstrap/primordials.js";
import { isURL } from "../url/url.js";
import { isObject, kConstruct } from "../web/webidl.js";
import { pathFromFileUrl } from "../fs/path.js";
import { throwIfAborted } from "../io/cancel.js";
import { toAbortSignal } from "../web/abort.js";
import { ChildProcess, makeOutput, makeStatus } from "./child.js";

const { ArrayIsArray, ObjectKeys, String, TypeError } = primordials;

const kNoOptions = { __proto__: null };

function toText(value) {
  return isURL(value) ? pathFromFileUrl(value) : String(value);
}

// A variable that was never set is no program of the name "undefined".
function toCommand(value) {
  if (typeof value === "string" || isURL(value)) return toText(value);
  const shown = value === null ? "null" : isObject(value) ? "an object" : typeof value;
  throw new TypeError(`A command must be a string or a URL, not ${shown}`);
}

function toList(args) {
  const list = [];
  if (args === undefined || args === null) return list;
  if (!ArrayIsArray(args)) throw new TypeError("'args' must be an array");
  for (let i = 0; i < args.length; i++) list[i] = String(args[i]);
  return list;
}

function toId(id, name) {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== "number" || id >>> 0 !== id) {
    throw new TypeError(`'${name}' must be an unsigned 32-bit integer`);
  }
  return id;
}

function toStdio(value, standard) {
  if (value === undefined || value === null) return standard;
  return String(value);
}

/**
 * What the ops take.
 * @param {string[]} standard what stdin, stdout and stderr are if the options do not say
 */
function toCommandOptions(command, options, standard) {
  const env = options.env;
  const names = [];
  const values = [];
  if (env !== undefined && env !== null) {
    if (!isObject(env)) throw new TypeError("'env' must be an object");
    const keys = ObjectKeys(env);
    for (let i = 0; i < keys.length; i++) {
      names[i] = keys[i];
      values[i] = String(env[keys[i]]);
    }
  }
  const cwd = options.cwd;
  return {
    command,
    args: toList(options.args),
    cwd: cwd === undefined || cwd === null ? undefined : toText(cwd),
    clearEnv: !!options.clearEnv,
    envNames: names,
    envValues: values,
    uid: toId(options.uid, "uid"),
    gid: toId(options.gid, "gid"),
    detached: !!options.detached,
    stdio: [
      toStdio(options.stdin, standard[0]),
      toStdio(options.stdout, standard[1]),
      toStdio(options.stderr, standard[2]),
    ],
  };
}

const kSpawned = ["null", "inherit", "inherit"];
const kCollected = ["null", "piped", "piped"];

function refusePipedStdin(options) {
  if (options.stdin === "piped") {
    throw new TypeError(
      "Piped stdin is not supported for this function, use 'Deno.Command.spawn()' instead",
    );
  }
}

function start(command, options, standard) {
  const { signal } = options;
  if (signal !== undefined && signal !== null) toAbortSignal(signal, "", "'signal'");
  const started = op_process_spawn(toCommandOptions(command, options, standard));
  return new ChildProcess(kConstruct, started, signal);
}

function run(command, options) {
  refusePipedStdin(options);
  return start(command, options, kCollected).output();
}

function runSync(command, options) {
  refusePipedStdin(options);
  throwIfAborted(options.signal);
  const result = op_process_output_sync(toCommandOptions(command, options, kCollected));
  const status = makeStatus(result.code, result.signal);
  return makeOutput(status, result.stdoutBytes, result.stderrBytes);
}

/**
 * A program to start. `windowsRawArguments` and what else is only for other systems is accepted and
 * has no effect.
 */
export class Command {
  #command;
  #options;

  /**
   * @param {string | URL} command
   * @param {{ args?: string[], cwd?: string | URL, clearEnv?: boolean,
   *   env?: Record<string, string>, uid?: number, gid?: number, signal?: AbortSignal,
   *   stdin?: string, stdout?: string, stderr?: string, detached?: boolean }} [options]
   */
  constructor(command, options = undefined) {
    this.#command = command;
    this.#options = options ?? kNoOptions;
  }

  /** Runs it to its end: how it ended and what it wrote. */
  async output() {
    return await run(toCommand(this.#command), this.#options);
  }

  /** `output`, blocking. */
  outputSync() {
    return runSync(toCommand(this.#command), this.#options);
  }

  /** Starts it. */
  spawn() {
    return start(toCommand(this.#command), this.#options, kSpawned);
  }
}

// (command, options) or (command, args, options).
function toOptions(args, options) {
  if (!ArrayIsArray(args)) return args ?? kNoOptions;
  return { __proto__: null, ...(options ?? kNoOptions), args };
}

/** `new Deno.Command(command, { args, ...options }).spawn()`. */
export function spawn(command, args = undefined, options = undefined) {
  return start(toCommand(command), toOptions(args, options), kSpawned);
}

/** `new Deno.Command(command, { args, ...options }).output()`. */
export async function spawnAndWait(command, args = undefined, options = undefined) {
  return await run(toCommand(command), toOptions(args, options));
}

/** `new Deno.Command(command, { args, ...options }).outputSync()`. */
export function spawnAndWaitSync(command, args = undefined, options = undefined) {
  return runSync(toCommand(command), toOptions(args, options));
}
