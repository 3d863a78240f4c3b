// Tee of a stream of any chunks
// (https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee).

import { primordials } from "rt:bootstrap/primordials.js";
import { structuredClone } from "../messaging/structured_clone.js";
import { createReadable } from "./default_controller.js";
import { newDeferred, quiet, soon } from "./promises.js";
import { acquireReader, cancelStream } from "./readable.js";

const { PromisePrototypeThen } = primordials;

/** The two branches and what they have in common. */
export class TeeState {
  stream;
  reader;
  branches = [null, null];
  canceled = [false, false];
  reasons = [undefined, undefined];
  reading = false;
  #cancelled = newDeferred();

  constructor(stream) {
    this.stream = stream;
    this.reader = acquireReader(stream, false);
  }

  /** Everything is over: nobody needs to wait for the source's cancel. */
  finish(result = undefined) {
    const { resolve, reject } = this.#cancelled;
    // Not `resolve(promise)`, which would call a `then` that a script may have replaced.
    if (result === undefined) resolve(undefined);
    else PromisePrototypeThen(result, () => resolve(undefined), reject);
  }

  finishUnlessBothCanceled() {
    if (!this.canceled[0] || !this.canceled[1]) this.finish();
  }

  /** A branch is cancelled; the source only when both are. */
  cancel(index, reason) {
    this.canceled[index] = true;
    this.reasons[index] = reason;
    if (this.canceled[1 - index]) {
      this.finish(cancelStream(this.stream, [this.reasons[0], this.reasons[1]]));
    }
    return this.#cancelled.promise;
  }

  /** When the stream breaks, so do the branches. */
  followErrors() {
    const { reader } = this;
    quiet(
      PromisePrototypeThen(reader.closed, undefined, (reason) => {
        if (this.reader !== reader) return;
        this.branches[0].controller.error(reason);
        this.branches[1].controller.error(reason);
        this.finishUnlessBothCanceled();
      }),
    );
  }
}

/** The source of a branch. */
class BranchSource {
  #tee;
  #index;

  constructor(state, index) {
    this.#tee = state;
    this.#index = index;
  }

  get pulls() {
    return true;
  }

  pull() {
    this.#tee.pull();
  }

  cancel(reason) {
    return this.#tee.cancel(this.#index, reason);
  }
}

class DefaultTee extends TeeState {
  #readAgain = false;
  #clone;

  constructor(stream, clone) {
    super(stream);
    this.#clone = clone;
  }

  pull() {
    if (this.reading) {
      this.#readAgain = true;
      return;
    }
    this.reading = true;
    this.reader.read(this);
  }

  // The read request.

  chunk(value) {
    soon(() => this.#deliver(value));
  }

  #deliver(value) {
    this.#readAgain = false;
    let second = value;
    if (!this.canceled[1] && this.#clone) {
      try {
        second = structuredClone(value);
      } catch (error) {
        this.branches[0].controller.error(error);
        this.branches[1].controller.error(error);
        this.finish(cancelStream(this.stream, error));
        return;
      }
    }
    if (!this.canceled[0]) this.branches[0].controller.enqueue(value);
    if (!this.canceled[1]) this.branches[1].controller.enqueue(second);
    this.reading = false;
    if (this.#readAgain) this.pull();
  }

  close() {
    this.reading = false;
    if (!this.canceled[0]) this.branches[0].controller.close();
    if (!this.canceled[1]) this.branches[1].controller.close();
    this.finishUnlessBothCanceled();
  }

  error() {
    this.reading = false;
  }
}

/** The branches of a stream, as Readables; `clone`: the second gets structured clones. */
export function tee(stream, clone) {
  const state = new DefaultTee(stream, clone);
  state.branches[0] = createReadable(new BranchSource(state, 0));
  state.branches[1] = createReadable(new BranchSource(state, 1));
  state.followErrors();
  return state.branches;
}
