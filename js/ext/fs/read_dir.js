// Deno.readDir and readDirSync. A folder's entries come in portions of names and kinds; their objects are
// made one by one as they are asked for.

import { op_fs_read_dir_sync } from "rt:ops/fs";
import { op_fs_next_entries, op_fs_open_dir } from "rt:ops/fs_meta";
import { op_core_try_close } from "rt:ops/core";
import { primordials } from "rt:bootstrap/primordials.js";
import { withCaller } from "../io/async_error.js";
import { toPath } from "./path.js";

const {
  AsyncIteratorPrototype,
  ObjectSetPrototypeOf,
  PromisePrototypeThen,
  PromiseResolve,
  SymbolAsyncIterator,
} = primordials;

// DirEntry::Kind in src/permissions/sinks.h.
const kFile = 0;
const kDirectory = 1;
const kSymlink = 2;

const kNoEntries = [];
const ignore = () => {};

/** The entry at `i` of an array of names and kinds in turn. */
function entryAt(entries, i) {
  const kind = entries[i + 1];
  return {
    name: entries[i],
    isFile: kind === kFile,
    isDirectory: kind === kDirectory,
    isSymlink: kind === kSymlink,
  };
}

// An own promise, so that it never throws at once.
async function nextEntries(rest) {
  return await op_fs_next_entries(rest);
}

/**
 * What an async generator over the entries would be, without the several promises that costs for each of
 * them. Like one it answers calls in their order, whether or not the last was awaited. It reads one portion
 * ahead: the folder is read while the entries before are used.
 */
class DirEntries {
  #path;
  #isOpened = false;
  #isEnded = false;
  #entries = kNoEntries;
  #at = 0;
  /** What is left of the folder, as a resource. */
  #rest = null;
  /** The portion that is being read. */
  #ahead = null;
  /** The promise of the last call that had to wait, and how many do. */
  #last = null;
  #waiting = 0;

  constructor(path) {
    this.#path = path;
  }

  next() {
    if (this.#waiting === 0) {
      if (this.#at < this.#entries.length) return PromiseResolve(this.#take());
      if (this.#isEnded) return PromiseResolve({ value: undefined, done: true });
    }
    return this.#inTurn(() => this.#find());
  }

  return(value = undefined) {
    return this.#inTurn(async () => {
      await this.#close();
      return { value: await value, done: true };
    });
  }

  throw(error) {
    return this.#inTurn(async () => {
      await this.#close();
      throw error;
    });
  }

  #take() {
    const value = entryAt(this.#entries, this.#at);
    this.#at += 2;
    return { value, done: false };
  }

  #inTurn(step) {
    const before = this.#last;
    this.#waiting++;
    const mine = this.#wait(before, step);
    this.#last = mine;
    return mine;
  }

  async #wait(before, step) {
    try {
      if (before !== null) await PromisePrototypeThen(before, ignore, ignore);
      return await step();
    } finally {
      if (--this.#waiting === 0) this.#last = null;
    }
  }

  async #find() {
    try {
      while (this.#at >= this.#entries.length && !this.#isEnded) await this.#fill();
    } catch (error) {
      await this.#close();
      throw withCaller(error);
    }
    if (this.#isEnded && this.#at >= this.#entries.length) return { value: undefined, done: true };
    return this.#take();
  }

  async #fill() {
    if (!this.#isOpened) {
      this.#isOpened = true;
      const first = await op_fs_open_dir(this.#path);
      this.#rest = first.rest;
      this.#entries = first.entries;
    } else {
      this.#entries = await this.#ahead;
      this.#ahead = null;
      this.#at = 0;
      if (this.#entries.length === 0) await this.#close();
    }
    if (this.#rest === null) {
      this.#isEnded = true;
      return;
    }
    this.#ahead = nextEntries(this.#rest);
    // Its error is for whoever gets that far.
    PromisePrototypeThen(this.#ahead, undefined, ignore);
  }

  async #close() {
    this.#isOpened = true;
    this.#isEnded = true;
    this.#entries = kNoEntries;
    this.#at = 0;
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead !== null) await PromisePrototypeThen(ahead, ignore, ignore);
    const rest = this.#rest;
    this.#rest = null;
    if (rest !== null) op_core_try_close(rest);
  }
}
ObjectSetPrototypeOf(DirEntries.prototype, AsyncIteratorPrototype);

/**
 * The entries of a folder, as an async iterable, in no order. The folder is opened, and errors come, when it
 * is iterated; a huge one is read in portions.
 * @param {string | URL} path
 * @returns {AsyncIterable<{ name: string, isFile: boolean, isDirectory: boolean, isSymlink: boolean }>}
 */
export function readDir(path) {
  const folder = toPath(path);
  return {
    [SymbolAsyncIterator]() {
      return new DirEntries(folder);
    },
  };
}

/** `readDir`, blocking: an iterator. */
export function readDirSync(path) {
  return iterate(op_fs_read_dir_sync(toPath(path)));
}

function* iterate(entries) {
  for (let i = 0; i < entries.length; i += 2) yield entryAt(entries, i);
}
