// The queue and the pulling of a readable stream of any chunks
// (https://streams.spec.whatwg.org/#rs-default-controller-abstract-ops). The hot part of reading:
// it makes no promise and no closure for a chunk.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  closeStream,
  errorStream,
  kClosed,
  kErrored,
  kReadable,
  Readable,
  waitingReads,
  wrappers,
} from "./readable.js";
import { asFinalResult, asResult, react } from "./promises.js";
import { Queue } from "./queue.js";
import { checkSize } from "./strategies.js";

const { FunctionPrototypeCall, PromiseReject } = primordials;

/** The source a script gave: its methods, each undefined or a function. */
export class ScriptSource {
  #object;
  #pull;
  #cancel;

  constructor(object, pull, cancel) {
    this.#object = object;
    this.#pull = pull;
    this.#cancel = cancel;
  }

  get pulls() {
    return this.#pull !== undefined;
  }

  pull(controller) {
    return asResult(FunctionPrototypeCall(this.#pull, this.#object, controller.object));
  }

  cancel(reason) {
    if (this.#cancel === undefined) return undefined;
    return asFinalResult(FunctionPrototypeCall(this.#cancel, this.#object, reason));
  }
}

/**
 * The controller inside. A source has `pulls` (false if there is no use in calling pull),
 * `pull(controller)` and `cancel(reason)`; both may throw, and answer as promises.js says.
 */
export class DefaultController {
  stream;
  source;
  highWaterMark;
  size; // null: every chunk counts 1
  queue = new Queue();
  sizes = null; // of the chunks in the queue
  total = 0;
  started = false;
  closeRequested = false;
  pulling = false;
  pullAgain = false;
  #object = null;
  #onPulled = null;
  #onPullFailed = null;

  constructor(stream, source, highWaterMark, size) {
    this.stream = stream;
    this.source = source;
    this.highWaterMark = highWaterMark;
    this.size = size;
    if (size !== null) this.sizes = new Queue();
    stream.controller = this;
  }

  get isByte() {
    return false;
  }

  /** The ReadableStreamDefaultController. */
  get object() {
    return (this.#object ??= wrappers.defaultController(this));
  }

  /** What follows the source's `start`, given its result. */
  start(result) {
    react(
      result,
      () => {
        this.started = true;
        this.callPullIfNeeded();
      },
      (reason) => this.error(reason),
    );
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === kErrored) return null;
    if (state === kClosed) return 0;
    return this.#room;
  }

  get #room() {
    return this.highWaterMark - (this.size === null ? this.queue.length : this.total);
  }

  get canEnqueue() {
    return !this.closeRequested && this.stream.state === kReadable;
  }

  /** "ReadableStreamDefaultControllerShouldCallPull" */
  get wantsMore() {
    if (!this.started || !this.canEnqueue) return false;
    return this.#room > 0 || waitingReads(this.stream) > 0;
  }

  callPullIfNeeded() {
    const { source } = this;
    if (source === null || !source.pulls || !this.wantsMore) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    let result;
    try {
      result = source.pull(this);
    } catch (error) {
      result = PromiseReject(error);
    }
    if (this.#onPulled === null) {
      this.#onPulled = () => this.pulled();
      this.#onPullFailed = (reason) => this.error(reason);
    }
    react(result, this.#onPulled, this.#onPullFailed);
  }

  /** What a source calls as a microtask whose `pull` returned kPending. */
  pulled() {
    this.pulling = false;
    if (!this.pullAgain) return;
    this.pullAgain = false;
    this.callPullIfNeeded();
  }

  /** Takes the first chunk of the queue, which is not empty. */
  take() {
    const chunk = this.queue.shift();
    if (this.size !== null) {
      this.total -= this.sizes.shift();
      if (this.total < 0) this.total = 0;
    }
    if (this.closeRequested && this.queue.length === 0) {
      this.#forget();
      closeStream(this.stream);
    } else {
      this.callPullIfNeeded();
    }
    return chunk;
  }

  pullSteps(request) {
    if (this.queue.length > 0) {
      request.chunk(this.take());
      return;
    }
    this.stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  /** Throws what the size function threw, or a RangeError for its result. */
  enqueue(chunk) {
    if (!this.canEnqueue) return;
    const { stream } = this;
    if (waitingReads(stream) > 0) {
      stream.reader.requests.shift().chunk(chunk);
    } else if (this.size === null) {
      this.queue.push(chunk);
    } else {
      try {
        const { size } = this;
        const amount = size(chunk);
        checkSize(amount);
        this.queue.push(chunk);
        this.sizes.push(amount);
        this.total += amount;
      } catch (error) {
        this.error(error);
        throw error;
      }
    }
    this.callPullIfNeeded();
  }

  close() {
    if (!this.canEnqueue) return;
    this.closeRequested = true;
    if (this.queue.length > 0) return;
    this.#forget();
    closeStream(this.stream);
  }

  error(reason) {
    if (this.stream.state !== kReadable) return;
    this.#reset();
    this.#forget();
    errorStream(this.stream, reason);
  }

  cancelSteps(reason) {
    this.#reset();
    const { source } = this;
    let result;
    try {
      result = source === null ? undefined : source.cancel(reason);
    } catch (error) {
      result = PromiseReject(error);
    }
    this.#forget();
    return result;
  }

  releaseSteps() {}

  #reset() {
    this.queue.clear();
    if (this.size !== null) this.sizes.clear();
    this.total = 0;
  }

  #forget() {
    this.source = null;
    // What `size` is stays told apart from "always 1", for the sizes in the queue.
    if (this.size !== null) this.size = noSize;
  }
}

function noSize() {
  return 1;
}

/**
 * "CreateReadableStream": a stream of built-in code. Its start is over a microtask later.
 */
export function createReadable(source, highWaterMark = 1, size = null) {
  const stream = new Readable();
  const controller = new DefaultController(stream, source, highWaterMark, size);
  controller.start(undefined);
  return stream;
}
