// Deno.ChildProcess: a program that was started, and how it ended.

import { op_core_try_close } from "rt:ops/core";
import {
  op_process_kill,
  op_process_kill_child,
  op_process_read_all,
  op_process_wait,
} from "rt:ops/process";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { acquireReader, readableForRid, writableStreamForRid } from "../streams/streams.js";
import { addAbortAlgorithm, isSignalAborted, removeAbortAlgorithm } from "../web/abort.js";
import { decodeUtf8 } from "../web/text_encoding.js";
import { illegalConstructor, kConstruct } from "../web/webidl.js";
import { signalName, toSignal } from "./signals.js";

const {
  ArrayBufferIsView,
  JSONParse,
  ObjectDefineProperty,
  PromisePrototypeThen,
  Symbol,
  TypedArrayPrototypeGetBuffer,
  TypeError,
} = primordials;

function notPiped(name) {
  return new TypeError(`Cannot get '${name}': '${name}' is not piped`);
}

/** How a program ended, as `status` and output() say it. */
export function makeStatus(code, signal) {
  return { __proto__: null, success: code === 0 && signal === 0, code, signal: signalName(signal) };
}

/** What output() resolves to. Bytes that were not collected throw when they are read. */
export function makeOutput(status, stdout, stderr) {
  return {
    success: status.success,
    code: status.code,
    signal: status.signal,
    get stdout() {
      if (stdout === null) throw notPiped("stdout");
      return stdout;
    },
    get stderr() {
      if (stderr === null) throw notPiped("stderr");
      return stderr;
    },
  };
}

/** All that is left of a stream of a child, if nobody reads it. */
async function readAll(stream, rid) {
  acquireReader(stream, false);
  stream.disturbed = true;
  const bytes = await op_process_read_all(rid);
  op_core_try_close(rid);
  return bytes;
}

// What Deno's SubprocessReadableStream has besides: all of it in one form.
const kForms = {
  __proto__: null,
  bytes: (bytes) => bytes,
  arrayBuffer: (bytes) => TypedArrayPrototypeGetBuffer(bytes),
  text: (bytes) => decodeUtf8(bytes),
  json: (bytes) => JSONParse(decodeUtf8(bytes)),
};

function makeReadable(rid) {
  const stream = readableForRid(rid);
  for (const name in kForms) {
    ObjectDefineProperty(stream.object, name, {
      __proto__: null,
      value: async () => kForms[name](await readAll(stream, rid)),
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
  return stream;
}

/** A program that runs, or ran. Made by Deno.Command.spawn(). */
export class ChildProcess {
  #rid;
  #pid;
  #ended = false;
  #status;
  // Ops that keep the program alive: the wait, and collecting of output.
  #promiseIds = [];
  #referenced = true;
  #pipes;
  #stdin = null;
  // By name, once they were asked for.
  #readables = { __proto__: null, stdout: null, stderr: null };
  #collected = false;

  constructor(key = undefined, started = undefined, signal = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = started.rid;
    this.#pid = started.pid;
    this.#pipes = {
      __proto__: null,
      stdin: started.stdinRid,
      stdout: started.stdoutRid,
      stderr: started.stderrRid,
    };
    this.#status = this.#wait(signal);
    // Who does not look at it gets no rejection; there is none while the program runs.
    PromisePrototypeThen(this.#status, undefined, () => {});
  }

  async #wait(signal) {
    let onAbort = null;
    const answer = op_process_wait(this.#rid);
    this.#track(lastPromiseId());
    if (signal !== undefined && signal !== null) {
      onAbort = () => this.#killIfRunning();
      if (isSignalAborted(signal)) {
        onAbort();
      } else {
        addAbortAlgorithm(signal, onAbort);
      }
    }
    const { code, signal: number } = await answer;
    this.#ended = true;
    if (onAbort !== null) removeAbortAlgorithm(signal, onAbort);
    op_core_try_close(this.#rid);
    return makeStatus(code, number);
  }

  #track(id) {
    this.#promiseIds[this.#promiseIds.length] = id;
    if (!this.#referenced) setOpReferenced(id, false);
  }

  #killIfRunning() {
    try {
      this.kill("SIGTERM");
    } catch {
      // It ended by itself.
    }
  }

  get pid() {
    return this.#pid;
  }

  /** Resolves, when the program has ended, to how: { success, code, signal }. */
  get status() {
    return this.#status;
  }

  get stdin() {
    if (this.#pipes.stdin === null) throw notPiped("stdin");
    return (this.#stdin ??= writableStreamForRid(this.#pipes.stdin));
  }

  get stdout() {
    if (this.#pipes.stdout === null) throw notPiped("stdout");
    return this.#readable("stdout").object;
  }

  get stderr() {
    if (this.#pipes.stderr === null) throw notPiped("stderr");
    return this.#readable("stderr").object;
  }

  #readable(name) {
    return (this.#readables[name] ??= makeReadable(this.#pipes[name]));
  }

  #checkFree(name) {
    if (this.#pipes[name] !== null && (this.#collected || this.#readables[name]?.locked)) {
      throw new TypeError(`Cannot collect output: '${name}' is locked`);
    }
  }

  #collect(name) {
    const rid = this.#pipes[name];
    if (rid === null) return null;
    // What is collected here nobody else can read.
    if (this.#readables[name] !== null) acquireReader(this.#readables[name], false);
    const bytes = op_process_read_all(rid);
    // The end may have come already: then there is no promise.
    if (!ArrayBufferIsView(bytes)) this.#track(lastPromiseId());
    return bytes;
  }

  /** Collects what the program writes until it ends. */
  async output() {
    this.#checkFree("stdout");
    this.#checkFree("stderr");
    this.#collected = true;
    // Both at once: a program that fills one pipe may be waiting for it to be read.
    const stdout = this.#collect("stdout");
    const stderr = this.#collect("stderr");
    const stdoutBytes = await stdout;
    const stderrBytes = await stderr;
    const status = await this.#status;
    if (this.#pipes.stdout !== null) op_core_try_close(this.#pipes.stdout);
    if (this.#pipes.stderr !== null) op_core_try_close(this.#pipes.stderr);
    return makeOutput(status, stdoutBytes, stderrBytes);
  }

  /**
   * Sends the program a signal, SIGTERM if not said.
   * @param {string | number} [signal]
   */
  kill(signal = "SIGTERM") {
    const number = toSignal(signal);
    if (this.#ended) throw new TypeError("Child process has already terminated");
    op_process_kill_child(this.#rid, number);
  }

  /** The program that started it does not end before it. */
  ref() {
    this.#referenced = true;
    this.#setReferenced();
  }

  /** The program that started it may end before it. */
  unref() {
    this.#referenced = false;
    this.#setReferenced();
  }

  #setReferenced() {
    for (let i = 0; i < this.#promiseIds.length; i++) {
      setOpReferenced(this.#promiseIds[i], this.#referenced);
    }
  }

  /** Ends the program, if it still runs, and waits for that. */
  async [Symbol.asyncDispose]() {
    this.#killIfRunning();
    await this.#status;
  }
}

/**
 * Sends a signal to a process; to any but this one with all of the run permission.
 * @param {number} pid
 * @param {string | number} [signal]
 */
export function kill(pid, signal = "SIGTERM") {
  if (typeof pid !== "number" || (pid | 0) !== pid) throw new TypeError("expected i32");
  op_process_kill(pid, toSignal(signal));
}
