// pipeTo (https://streams.spec.whatwg.org/#readable-stream-pipe-to): reads and writes without going
// through anything a script can see or replace. A chunk makes no promise of its own.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  addAbortAlgorithm,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
} from "../web/abort.js";
import { canPipeNatively, runNatively } from "./native_pipe.js";
import { newDeferred, quiet, react, soon, toUndefinedPromise } from "./promises.js";
import {
  acquireReader,
  cancelStream,
  kClosed as kReadableClosed,
  kErrored as kReadableErrored,
  kReadable,
} from "./readable.js";
import { kClosed, kErrored, kWritable } from "./writable.js";
import { acquireWriter } from "./writer.js";

const { PromisePrototypeThen, SafePromiseAll, TypeError } = primordials;

// Chunks moved in one go before what they caused may run.
const kBurst = 32;

/** A pipe; it is its own read request and its own write request. */
class Pipe {
  #source;
  #dest;
  #reader;
  #writer;
  #options;
  #done = newDeferred();
  #shuttingDown = false;
  #reading = false;
  #isSync = false; // the read under way is answered from the queue
  #waiting = false; // for the writer to be ready
  #chunk = undefined; // read, but not written yet
  #hasChunk = false;
  #writes = 0; // that are not over
  #afterWrites = null;
  #pump = () => this.#run();
  #deliver = () => this.#flush();
  #abort = () => this.#aborted();

  constructor(source, dest, options) {
    this.#source = source;
    this.#dest = dest;
    this.#options = options;
    this.#reader = acquireReader(source, false);
    this.#writer = acquireWriter(dest);
    this.#writer.pipe = this;
  }

  start() {
    const source = this.#source;
    const dest = this.#dest;
    const { signal, preventCancel } = this.#options;
    const { promise } = this.#done;
    source.disturbed = true;
    if (signal !== undefined) {
      if (isSignalAborted(signal)) {
        this.#aborted();
        return promise;
      }
      addAbortAlgorithm(signal, this.#abort);
    }
    if (source.state === kReadableErrored) this.#sourceErrored(source.storedError);
    if (dest.state === kErrored) this.#destErrored(dest.storedError);
    if (source.state === kReadableClosed) this.#sourceClosed();
    if (dest.closeQueuedOrInFlight || dest.state === kClosed) {
      const error = new TypeError("The destination WritableStream is closed");
      this.#shutdown(preventCancel ? null : () => cancelStream(source, error), true, error);
    }
    if (this.#shuttingDown) return promise;
    quiet(
      PromisePrototypeThen(
        this.#reader.closed,
        () => this.#sourceClosed(),
        (reason) => this.#sourceErrored(reason),
      ),
    );
    PromisePrototypeThen(this.#writer.closed, undefined, (reason) => this.#destErrored(reason));
    if (canPipeNatively(source, dest, this.#options)) runNatively(source, dest);
    else soon(this.#pump);
    return promise;
  }

  /** Moves chunks until there is none, or no room. */
  #run() {
    const source = this.#source;
    const dest = this.#dest;
    const { controller } = source;
    for (let i = 0; i < kBurst; i++) {
      if (this.#shuttingDown || this.#reading || this.#hasChunk) return;
      if (dest.state !== kWritable || dest.closeQueuedOrInFlight) return;
      if (source.state !== kReadable) return;
      if (dest.backpressure) {
        this.#waiting = true;
        return;
      }
      if (!controller.isByte && controller.queue.length > 0) {
        this.#write(controller.take());
        continue;
      }
      this.#reading = true;
      this.#isSync = controller.isByte && controller.total > 0;
      this.#reader.read(this);
      if (!this.#isSync) return;
    }
    soon(this.#pump);
  }

  #write(chunk) {
    this.#writes++;
    if (!this.#writer.write(chunk, this)) this.#writes--;
  }

  // The read request.

  chunk(chunk) {
    this.#reading = false;
    if (this.#isSync) {
      this.#write(chunk);
      return;
    }
    // This is inside the source's call of enqueue: the sink must not run there.
    this.#chunk = chunk;
    this.#hasChunk = true;
    soon(this.#deliver);
  }

  close() {
    this.#reading = false;
  }

  error() {
    this.#reading = false;
  }

  /** Writes what was read. */
  #flush() {
    if (!this.#hasChunk) return;
    const chunk = this.#chunk;
    this.#hasChunk = false;
    this.#chunk = undefined;
    this.#write(chunk);
    this.#run();
  }

  // The write request.

  resolve() {
    this.#writes--;
    this.#checkWrites();
  }

  reject() {
    this.#writes--;
    this.#checkWrites();
  }

  #checkWrites() {
    if (this.#writes > 0 || this.#afterWrites === null) return;
    soon(this.#afterWrites);
    this.#afterWrites = null;
  }

  /** The writer has room again. */
  onReady() {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#run();
  }

  #sourceErrored(error) {
    const dest = this.#dest;
    this.#shutdown(this.#options.preventAbort ? null : () => dest.abort(error), true, error);
  }

  #destErrored(error) {
    const source = this.#source;
    this.#shutdown(
      this.#options.preventCancel ? null : () => cancelStream(source, error),
      true,
      error,
    );
  }

  #sourceClosed() {
    const writer = this.#writer;
    this.#shutdown(
      this.#options.preventClose ? null : () => writer.closeWithErrorPropagation(),
      false,
      undefined,
    );
  }

  #aborted() {
    const { signal, preventAbort, preventCancel } = this.#options;
    const source = this.#source;
    const dest = this.#dest;
    const error = signalReason(signal);
    this.#shutdown(
      () => {
        const abort = !preventAbort && dest.state === kWritable ? dest.abort(error) : undefined;
        if (preventCancel || source.state !== kReadable) return abort;
        const cancel = cancelStream(source, error);
        if (abort === undefined) return cancel;
        // Of two failures the sink's comes first.
        return SafePromiseAll([abort, toUndefinedPromise(cancel)]);
      },
      true,
      error,
    );
  }

  /** "Shutdown with an action"; `action` may be null. */
  #shutdown(action, isError, error) {
    if (this.#shuttingDown) return;
    this.#shuttingDown = true;
    const finish = () => {
      if (action === null) {
        this.#finalize(isError, error);
        return;
      }
      react(
        action(),
        () => this.#finalize(isError, error),
        (reason) => this.#finalize(true, reason),
      );
    };
    const dest = this.#dest;
    if (dest.state === kWritable && !dest.closeQueuedOrInFlight) {
      this.#flush();
      if (this.#writes > 0) this.#afterWrites = finish;
      // As long as waiting for writes takes when there are none: the sink's start may end
      // meanwhile.
      else soon(() => soon(finish));
    } else {
      finish();
    }
  }

  #finalize(isError, error) {
    this.#writer.pipe = null;
    this.#writer.release();
    this.#reader.releaseAndReject();
    const { signal } = this.#options;
    if (signal !== undefined) removeAbortAlgorithm(signal, this.#abort);
    if (isError) this.#done.reject(error);
    else this.#done.resolve(undefined);
  }
}

/** The options of a pipe that passes on everything. */
export const kPipeAll = {
  __proto__: null,
  preventAbort: false,
  preventCancel: false,
  preventClose: false,
  signal: undefined,
};

/** Pipes a Readable into a Writable, neither of them locked; returns the promise of the end. */
export function pipe(source, dest, options) {
  return new Pipe(source, dest, options).start();
}
