// Deno.stdin, Deno.stdout and Deno.stderr: resources 0, 1 and 2, there from the start.

import { op_core_close } from "rt:ops/core";
import { op_io_console_size, op_io_set_raw } from "rt:ops/io";
import { readableStreamForRid, writableStreamForRid } from "../streams/streams.js";
import { illegalConstructor, kConstruct } from "../web/webidl.js";
import { isTerminal } from "./terminal.js";
import { read, readSync, write, writeSync } from "./transfer.js";

// Who read all of standard input through its stream may still ask what it is.
const kInput = { __proto__: null, outlivesEnd: true };

class Stdin {
  #rid = 0;
  #readable = null;

  constructor(key) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  get rid() {
    return this.#rid;
  }

  /** @param {Uint8Array} buffer */
  read(buffer) {
    return read(this.#rid, buffer);
  }

  readSync(buffer) {
    return readSync(this.#rid, buffer);
  }

  close() {
    op_core_close(this.#rid);
  }

  get readable() {
    return (this.#readable ??= readableStreamForRid(this.#rid, kInput));
  }

  /**
   * Raw mode of the terminal: keys arrive one by one and are not shown. It ends with the program.
   * @param {boolean} mode
   * @param {{ cbreak?: boolean }} [options] cbreak: Ctrl-C and its like still send their signals
   */
  setRaw(mode, options = undefined) {
    op_io_set_raw(this.#rid, !!mode, !!options?.cbreak);
  }

  isTerminal() {
    return isTerminal(this.#rid);
  }
}

class Output {
  #rid;
  #writable = null;

  constructor(key, rid) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
  }

  get rid() {
    return this.#rid;
  }

  /** @param {Uint8Array} buffer */
  write(buffer) {
    return write(this.#rid, buffer);
  }

  writeSync(buffer) {
    return writeSync(this.#rid, buffer);
  }

  close() {
    op_core_close(this.#rid);
  }

  get writable() {
    return (this.#writable ??= writableStreamForRid(this.#rid));
  }

  isTerminal() {
    return isTerminal(this.#rid);
  }
}

/** How many columns and rows the terminal has. */
export function consoleSize() {
  const size = op_io_console_size();
  return { columns: size[0], rows: size[1] };
}

class Stdout extends Output {}
class Stderr extends Output {}

export const stdin = new Stdin(kConstruct);
export const stdout = new Stdout(kConstruct, 1);
export const stderr = new Stderr(kConstruct, 2);
