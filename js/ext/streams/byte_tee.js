// Tee of a byte stream (https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee): a
// branch that is read with memory of the reader's passes that memory on to the stream.

import { createReadableBytes } from "./byte_controller.js";
import { soon } from "./promises.js";
import { acquireReader, cancelStream } from "./readable.js";
import { readInto } from "./readers.js";
import { TeeState } from "./tee.js";
import { cloneAsBytes } from "./views.js";

/** A read by a default reader, for both branches. */
class DefaultRead {
  #tee;

  constructor(state) {
    this.#tee = state;
  }

  chunk(value) {
    soon(() => this.#deliver(value));
  }

  #deliver(value) {
    const state = this.#tee;
    state.readAgain[0] = state.readAgain[1] = false;
    let second = value;
    if (!state.canceled[0] && !state.canceled[1]) {
      try {
        second = cloneAsBytes(value);
      } catch (error) {
        state.fail(error);
        return;
      }
    }
    if (!state.canceled[0]) state.controller(0).enqueue(value);
    if (!state.canceled[1]) state.controller(1).enqueue(second);
    state.readOn();
  }

  close() {
    const state = this.#tee;
    state.reading = false;
    if (!state.canceled[0]) state.controller(0).close();
    if (!state.canceled[1]) state.controller(1).close();
    if (state.controller(0).pending.length > 0) state.controller(0).respond(0);
    if (state.controller(1).pending.length > 0) state.controller(1).respond(0);
    state.finishUnlessBothCanceled();
  }

  error() {
    this.#tee.reading = false;
  }
}

/** A read into the memory that branch `index` was given. */
class ByobRead {
  #tee;
  #index;

  constructor(state, index) {
    this.#tee = state;
    this.#index = index;
  }

  chunk(value) {
    soon(() => this.#deliver(value));
  }

  #deliver(value) {
    const state = this.#tee;
    const index = this.#index;
    const other = 1 - index;
    state.readAgain[0] = state.readAgain[1] = false;
    const wanted = !state.canceled[index];
    if (!state.canceled[other]) {
      let copy;
      try {
        copy = cloneAsBytes(value);
      } catch (error) {
        state.fail(error);
        return;
      }
      if (wanted) state.controller(index).respondWithNewView(value);
      state.controller(other).enqueue(copy);
    } else if (wanted) {
      state.controller(index).respondWithNewView(value);
    }
    state.readOn();
  }

  close(view) {
    const state = this.#tee;
    const index = this.#index;
    const other = 1 - index;
    state.reading = false;
    const wanted = !state.canceled[index];
    const otherWanted = !state.canceled[other];
    if (wanted) state.controller(index).close();
    if (otherWanted) state.controller(other).close();
    if (view !== undefined) {
      if (wanted) state.controller(index).respondWithNewView(view);
      if (otherWanted && state.controller(other).pending.length > 0) {
        state.controller(other).respond(0);
      }
    }
    state.finishUnlessBothCanceled();
  }

  error() {
    this.#tee.reading = false;
  }
}

class ByteTee extends TeeState {
  readAgain = [false, false];

  controller(index) {
    return this.branches[index].controller;
  }

  pull(index) {
    if (this.reading) {
      this.readAgain[index] = true;
      return;
    }
    this.reading = true;
    const request = this.controller(index).byobRequest;
    if (request === null) {
      this.#useReader(false);
      this.reader.read(new DefaultRead(this));
    } else {
      this.#useReader(true);
      readInto(this.stream, request.view, 1, new ByobRead(this, index));
    }
  }

  #useReader(isByob) {
    if (this.reader.isByob === isByob) return;
    this.reader.releaseAndReject();
    this.reader = acquireReader(this.stream, isByob);
    this.followErrors();
  }

  /** A chunk is delivered: read again if a branch asked meanwhile. */
  readOn() {
    this.reading = false;
    if (this.readAgain[0]) this.pull(0);
    else if (this.readAgain[1]) this.pull(1);
  }

  fail(error) {
    this.controller(0).error(error);
    this.controller(1).error(error);
    this.finish(cancelStream(this.stream, error));
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
    this.#tee.pull(this.#index);
  }

  cancel(reason) {
    return this.#tee.cancel(this.#index, reason);
  }
}

/** The branches of a byte stream, as Readables. */
export function byteTee(stream) {
  const state = new ByteTee(stream);
  state.branches[0] = createReadableBytes(new BranchSource(state, 0));
  state.branches[1] = createReadableBytes(new BranchSource(state, 1));
  state.followErrors();
  return state.branches;
}
