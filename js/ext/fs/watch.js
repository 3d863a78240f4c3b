// Deno.watchFs.

import { op_core_try_close } from "rt:ops/core";
import { op_fs_watch, op_fs_watch_next } from "rt:ops/fs_watch";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { withCaller } from "../io/async_error.js";
import { illegalConstructor, kConstruct } from "../web/webidl.js";
import { toPath } from "./path.js";

const { ArrayIsArray, ArrayPrototypePush, Symbol, SymbolAsyncIterator } = primordials;

/** What happens to files and folders, as an async iterable of events. */
class FsWatcher {
  #rid;
  // Events that arrived together and were not asked for yet.
  #events = [];
  #at = 0;
  #closed = false;
  #referenced = true;
  // The op that waits for more, if one does: askers share it.
  #pending = null;
  #promiseId = -1;

  constructor(key, rid) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
  }

  /** The program may end while this watches. */
  unref() {
    this.#referenced = false;
    if (this.#pending !== null) setOpReferenced(this.#promiseId, false);
  }

  /** The program goes on as long as somebody waits for events. */
  ref() {
    this.#referenced = true;
    if (this.#pending !== null) setOpReferenced(this.#promiseId, true);
  }

  async #more() {
    const answer = op_fs_watch_next(this.#rid);
    // Events that were there already came without a promise.
    if (!ArrayIsArray(answer)) {
      this.#promiseId = lastPromiseId();
      if (!this.#referenced) setOpReferenced(this.#promiseId, false);
    }
    return await answer;
  }

  async #fill() {
    const events = await this.#more();
    this.#pending = null;
    for (let i = 0; i < events.length; i++) {
      const { kind, paths, rescan } = events[i];
      const event = { __proto__: null, kind, paths, flag: rescan ? "rescan" : null };
      ArrayPrototypePush(this.#events, event);
    }
    // Nothing: closed.
    if (events.length === 0) this.#closed = true;
  }

  async next() {
    try {
      for (;;) {
        if (this.#at < this.#events.length) {
          const value = this.#events[this.#at++];
          if (this.#at === this.#events.length) {
            this.#events = [];
            this.#at = 0;
          }
          return { value, done: false };
        }
        if (this.#closed) return { value: undefined, done: true };
        this.#pending ??= this.#fill();
        await this.#pending;
      }
    } catch (error) {
      throw withCaller(error, this.next);
    }
  }

  async return(value = undefined) {
    if (!this.#closed) this.#end();
    return { value, done: true };
  }

  /** Stops watching; who waits for an event is told that there are no more. */
  close() {
    this.#end();
  }

  #end() {
    this.#closed = true;
    this.#events = [];
    this.#at = 0;
    op_core_try_close(this.#rid);
  }

  [SymbolAsyncIterator]() {
    return this;
  }

  [Symbol.dispose]() {
    this.#end();
  }
}

/**
 * Watches files and folders, with all that is below them unless `recursive` is false.
 * @param {string | string[]} paths
 * @param {{ recursive?: boolean }} [options]
 */
export function watchFs(paths, options = undefined) {
  const list = [];
  if (ArrayIsArray(paths)) {
    for (let i = 0; i < paths.length; i++) list[i] = toPath(paths[i]);
  } else {
    list[0] = toPath(paths);
  }
  const recursive = options?.recursive;
  return new FsWatcher(kConstruct, op_fs_watch(list, recursive === undefined || !!recursive));
}
