// Deno.FsFile and the functions that open one.

import { op_core_close, op_core_try_close } from "rt:ops/core";
import {
  op_fs_file_lock,
  op_fs_file_lock_sync,
  op_fs_file_seek,
  op_fs_file_seek_sync,
  op_fs_file_stat,
  op_fs_file_stat_sync,
  op_fs_file_sync,
  op_fs_file_sync_sync,
  op_fs_file_truncate,
  op_fs_file_truncate_sync,
  op_fs_file_try_lock,
  op_fs_file_unlock,
  op_fs_file_utime,
  op_fs_file_utime_sync,
} from "rt:ops/fs_file";
import { op_fs_open, op_fs_open_sync } from "rt:ops/fs";
import { op_io_set_raw } from "rt:ops/io";
import { primordials } from "rt:bootstrap/primordials.js";
import { withCaller } from "../io/async_error.js";
import { isTerminal } from "../io/terminal.js";
import { read, readSync, write, writeSync } from "../io/transfer.js";
import { readableStreamForRid, writableStreamForRid } from "../streams/streams.js";
import { kConstruct, withCode } from "../web/webidl.js";
import { toPath } from "./path.js";
import { toTimes } from "./times.js";

const {
  BigIntAsIntN,
  MathTrunc,
  NumberIsNaN,
  NumberMAX_SAFE_INTEGER,
  ObjectFreeze,
  Symbol,
  TypeError,
} = primordials;

/** Where FsFile.seek counts from. */
export const SeekMode = ObjectFreeze({
  0: "Start",
  1: "Current",
  2: "End",
  Start: 0,
  Current: 1,
  End: 2,
});

/** A 64-bit offset in the form ops take; a fraction is cut off, as in Deno. */
function toOffset(offset) {
  if (typeof offset === "bigint") {
    if (BigIntAsIntN(64, offset) === offset) return offset;
  } else if (typeof offset === "number") {
    const whole = NumberIsNaN(offset) ? 0 : MathTrunc(offset);
    if (whole >= -NumberMAX_SAFE_INTEGER && whole <= NumberMAX_SAFE_INTEGER) return whole + 0;
  } else {
    throw new TypeError(`offset must be a number or a bigint, not ${typeof offset}`);
  }
  throw withCode(new TypeError("Invalid argument (os error 22)"), "EINVAL");
}

function toWhence(whence) {
  if (whence !== 0 && whence !== 1 && whence !== 2) {
    throw new TypeError(`Invalid seek mode: ${whence}`);
  }
  return whence;
}

/** A length to truncate to: nothing and negative numbers mean 0, as in Deno. */
export function toLength(length) {
  if (length === undefined || length === null) return 0;
  if (typeof length !== "number") throw new TypeError("expected f64");
  const whole = MathTrunc(length);
  return whole > 0 ? toOffset(whole) : 0;
}

/** An open file. Made by Deno.open and its kin. */
export class FsFile {
  #rid;
  #readable = null;
  #writable = null;

  constructor(key, rid) {
    if (key !== kConstruct) {
      throw new TypeError(
        "'Deno.FsFile' cannot be constructed, use 'Deno.open()' or 'Deno.openSync()' instead",
      );
    }
    this.#rid = rid;
  }

  get rid() {
    return this.#rid;
  }

  /**
   * Writes some of `buffer`; resolves to how many bytes.
   * @param {Uint8Array} buffer
   */
  write(buffer) {
    return write(this.#rid, buffer);
  }

  writeSync(buffer) {
    return writeSync(this.#rid, buffer);
  }

  /**
   * Reads some bytes into `buffer`; resolves to how many, or null at the end.
   * @param {Uint8Array} buffer
   */
  read(buffer) {
    return read(this.#rid, buffer);
  }

  readSync(buffer) {
    return readSync(this.#rid, buffer);
  }

  /**
   * Moves the position; resolves to the new one, counted from the start.
   * @param {number | bigint} offset
   * @param {0 | 1 | 2} whence a SeekMode
   */
  async seek(offset, whence) {
    try {
      return await op_fs_file_seek(this.#rid, toOffset(offset), toWhence(whence));
    } catch (error) {
      throw withCaller(error, this.seek);
    }
  }

  seekSync(offset, whence) {
    return op_fs_file_seek_sync(this.#rid, toOffset(offset), toWhence(whence));
  }

  /** Cuts or extends the file to `length` bytes. Needs a file opened for writing. */
  async truncate(length = undefined) {
    try {
      await op_fs_file_truncate(this.#rid, toLength(length));
    } catch (error) {
      throw withCaller(error, this.truncate);
    }
  }

  truncateSync(length = undefined) {
    op_fs_file_truncate_sync(this.#rid, toLength(length));
  }

  /** A Deno.FileInfo. Needs the right to read the file's path. */
  async stat() {
    try {
      return await op_fs_file_stat(this.#rid);
    } catch (error) {
      throw withCaller(error, this.stat);
    }
  }

  statSync() {
    return op_fs_file_stat_sync(this.#rid);
  }

  /** Waits until contents and metadata are on the disk. */
  async sync() {
    try {
      await op_fs_file_sync(this.#rid, false);
    } catch (error) {
      throw withCaller(error, this.sync);
    }
  }

  syncSync() {
    op_fs_file_sync_sync(this.#rid, false);
  }

  /** Waits until the contents are on the disk. */
  async syncData() {
    try {
      await op_fs_file_sync(this.#rid, true);
    } catch (error) {
      throw withCaller(error, this.syncData);
    }
  }

  syncDataSync() {
    op_fs_file_sync_sync(this.#rid, true);
  }

  /**
   * Changes the file's times. Needs the right to write the file's path.
   * @param {number | Date} atime a Date, or seconds since 1970
   * @param {number | Date} mtime
   */
  async utime(atime, mtime) {
    try {
      await op_fs_file_utime(this.#rid, toTimes(atime, mtime));
    } catch (error) {
      throw withCaller(error, this.utime);
    }
  }

  utimeSync(atime, mtime) {
    op_fs_file_utime_sync(this.#rid, toTimes(atime, mtime));
  }

  /**
   * Waits for a lock of the whole file, seen by all processes that ask for one (flock).
   * @param {boolean} [exclusive] nobody else may hold one; otherwise it is shared
   */
  async lock(exclusive = false) {
    try {
      await op_fs_file_lock(this.#rid, !!exclusive);
    } catch (error) {
      throw withCaller(error, this.lock);
    }
  }

  lockSync(exclusive = false) {
    op_fs_file_lock_sync(this.#rid, !!exclusive);
  }

  /** `lock` that does not wait: resolves to whether it got the lock. */
  async tryLock(exclusive = false) {
    return op_fs_file_try_lock(this.#rid, !!exclusive);
  }

  tryLockSync(exclusive = false) {
    return op_fs_file_try_lock(this.#rid, !!exclusive);
  }

  /** Gives the lock up. */
  async unlock() {
    op_fs_file_unlock(this.#rid);
  }

  unlockSync() {
    op_fs_file_unlock(this.#rid);
  }

  close() {
    op_core_close(this.#rid);
  }

  [Symbol.dispose]() {
    op_core_try_close(this.#rid);
  }

  async [Symbol.asyncDispose]() {
    op_core_try_close(this.#rid);
  }

  /**
   * Raw mode of a terminal: keys arrive one by one and are not shown.
   * @param {boolean} mode
   * @param {{ cbreak?: boolean }} [options] cbreak: Ctrl-C and its like still send their signals
   */
  setRaw(mode, options = undefined) {
    op_io_set_raw(this.#rid, !!mode, !!options?.cbreak);
  }

  /** False, too, of a file that is closed. */
  isTerminal() {
    return isTerminal(this.#rid);
  }

  /** The rest of the file as a stream; reading to its end closes the file. */
  get readable() {
    return (this.#readable ??= readableStreamForRid(this.#rid));
  }

  /** A stream that writes at the file's position; closing it closes the file. */
  get writable() {
    return (this.#writable ??= writableStreamForRid(this.#rid));
  }
}

/** A mode for ops: an unsigned 32-bit number, or undefined. */
export function toMode(mode) {
  if (mode === undefined || mode === null) return undefined;
  if (typeof mode !== "number") throw new TypeError("expected u32");
  return mode >>> 0;
}

function toOpenOptions(options) {
  if (options === undefined || options === null) {
    return {
      read: true,
      write: false,
      append: false,
      truncate: false,
      create: false,
      createNew: false,
      mode: undefined,
    };
  }
  return {
    read: !!options.read,
    write: !!options.write,
    append: !!options.append,
    truncate: !!options.truncate,
    create: !!options.create,
    createNew: !!options.createNew,
    mode: toMode(options.mode),
  };
}

const kCreate = ObjectFreeze({
  __proto__: null,
  read: true,
  write: true,
  truncate: true,
  create: true,
});

/**
 * Opens a file; without options for reading.
 * @param {string | URL} path
 * @param {{ read?: boolean, write?: boolean, append?: boolean, truncate?: boolean, create?: boolean,
 *   createNew?: boolean, mode?: number }} [options]
 * @returns {Promise<FsFile>}
 */
export async function open(path, options = undefined) {
  try {
    return new FsFile(kConstruct, await op_fs_open(toPath(path), toOpenOptions(options)));
  } catch (error) {
    throw withCaller(error, open);
  }
}

/** `open`, blocking. */
export function openSync(path, options = undefined) {
  return new FsFile(kConstruct, op_fs_open_sync(toPath(path), toOpenOptions(options)));
}

/** Opens a file for reading and writing, made or emptied first. */
export async function create(path) {
  try {
    return new FsFile(kConstruct, await op_fs_open(toPath(path), toOpenOptions(kCreate)));
  } catch (error) {
    throw withCaller(error, create);
  }
}

/** `create`, blocking. */
export function createSync(path) {
  return openSync(path, kCreate);
}
