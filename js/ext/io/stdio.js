// Deno.stdin, Deno.stdout and Deno.stderr: resources 0, 1 and 2, there from the start.

import { op_core_close } from "rt:ops/core";
import { op_io_is_terminal } from "rt:ops/io";
import { readableStreamForRid, writableStreamForRid } from "../streams/streams.js";
import { illegalConstructor, kConstruct } from "../web/webidl.js";
import { read, readSync, write, writeSync } from "./transfer.js";

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
    return (this.#readable ??= readableStreamForRid(this.#rid));
  }

  isTerminal() {
    return op_io_is_terminal(this.#rid);
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
    return op_io_is_terminal(this.#rid);
  }
}

class Stdout extends Output {}
class Stderr extends Output {}

export const stdin = new Stdin(kConstruct);
export const stdout = new Stdout(kConstruct, 1);
export const stderr = new Stderr(kConstruct, 2);
