// What a WritableStream is inside (https://streams.spec.whatwg.org/#ws-abstract-ops): its state and
// the way from it to closed or errored. Its writer is in writer.js, its queue in
// writable_controller.js. Scripts never see these objects.

import { primordials } from "rt:bootstrap/primordials.js";
import { newDeferred, react } from "./promises.js";
import { Queue } from "./queue.js";

const { PromiseReject, TypeError } = primordials;

export const kWritable = 0;
export const kClosed = 1;
export const kErroring = 2;
export const kErrored = 3;

/** Makes the objects scripts see; filled in by the file that defines their classes. */
export const wrappers = { __proto__: null, writable: null, controller: null };

/**
 * A writable stream.
 *
 * A write request has two methods, of which one is called, once: `resolve()` and `reject(reason)`.
 */
export class Writable {
  state = kWritable;
  storedError = undefined;
  writer = null;
  controller = null;
  /** The resource this stream stands for (see resource.js), or null. */
  resource = null;
  backpressure = false;
  requests = new Queue(); // of the writes in the queue that have not begun
  inFlightWrite = null;
  closeRequest = null; // {promise, resolve, reject}
  inFlightClose = null;
  pendingAbort = null; // {deferred, reason, wasErroring}
  #object = null;

  /** The WritableStream. */
  get object() {
    return (this.#object ??= wrappers.writable(this));
  }

  set object(object) {
    this.#object = object;
  }

  get locked() {
    return this.writer !== null;
  }

  get closeQueuedOrInFlight() {
    return this.closeRequest !== null || this.inFlightClose !== null;
  }

  /** "WritableStreamAbort": undefined or a promise. */
  abort(reason) {
    if (this.state === kClosed || this.state === kErrored) return undefined;
    this.controller.abortSignal(reason);
    // Its listeners may have done anything.
    if (this.state === kClosed || this.state === kErrored) return undefined;
    if (this.pendingAbort !== null) return this.pendingAbort.deferred.promise;
    let wasErroring = false;
    if (this.state === kErroring) {
      wasErroring = true;
      reason = undefined;
    }
    const deferred = newDeferred();
    this.pendingAbort = { deferred, reason, wasErroring };
    if (!wasErroring) this.startErroring(reason);
    return deferred.promise;
  }

  /** "WritableStreamClose": a promise. */
  close() {
    if (this.state === kClosed || this.state === kErrored) {
      return PromiseReject(
        new TypeError("Writable stream is closed or errored, and cannot be closed."),
      );
    }
    const deferred = newDeferred();
    this.closeRequest = deferred;
    const { writer } = this;
    if (writer !== null && this.backpressure && this.state === kWritable) writer.onReady();
    this.controller.close();
    return deferred.promise;
  }

  /** "WritableStreamDealWithRejection" */
  dealWithRejection(error) {
    if (this.state === kWritable) this.startErroring(error);
    else this.#finishErroring();
  }

  startErroring(reason) {
    const { writer, controller } = this;
    this.state = kErroring;
    this.storedError = reason;
    if (writer !== null) writer.onReadyFailed(reason);
    if (this.inFlightWrite === null && this.inFlightClose === null && controller.started) {
      this.#finishErroring();
    }
  }

  #finishErroring() {
    this.state = kErrored;
    this.controller.reset();
    const reason = this.storedError;
    const { requests } = this;
    this.requests = new Queue();
    while (requests.length > 0) requests.shift().reject(reason);
    const { pendingAbort } = this;
    if (pendingAbort === null) {
      this.#rejectCloseAndClosed();
      return;
    }
    this.pendingAbort = null;
    const { deferred } = pendingAbort;
    if (pendingAbort.wasErroring) {
      deferred.reject(reason);
      this.#rejectCloseAndClosed();
      return;
    }
    react(
      this.controller.abortSteps(pendingAbort.reason),
      () => {
        deferred.resolve(undefined);
        this.#rejectCloseAndClosed();
      },
      (error) => {
        deferred.reject(error);
        this.#rejectCloseAndClosed();
      },
    );
  }

  #rejectCloseAndClosed() {
    if (this.closeRequest !== null) {
      this.closeRequest.reject(this.storedError);
      this.closeRequest = null;
    }
    if (this.writer !== null) this.writer.onErrored(this.storedError);
  }

  /** What an erroring stream does when nothing is in flight any more. */
  finishErroringIfIdle() {
    if (this.inFlightWrite === null && this.inFlightClose === null) this.#finishErroring();
  }

  finishWrite() {
    const request = this.inFlightWrite;
    this.inFlightWrite = null;
    request.resolve(undefined);
  }

  failWrite(error) {
    const request = this.inFlightWrite;
    this.inFlightWrite = null;
    request.reject(error);
    this.dealWithRejection(error);
  }

  finishClose() {
    this.inFlightClose.resolve(undefined);
    this.inFlightClose = null;
    if (this.state === kErroring) {
      // The close won over the abort.
      this.storedError = undefined;
      if (this.pendingAbort !== null) {
        this.pendingAbort.deferred.resolve(undefined);
        this.pendingAbort = null;
      }
    }
    this.state = kClosed;
    if (this.writer !== null) this.writer.onClosed();
  }

  failClose(error) {
    this.inFlightClose.reject(error);
    this.inFlightClose = null;
    if (this.pendingAbort !== null) {
      this.pendingAbort.deferred.reject(error);
      this.pendingAbort = null;
    }
    this.dealWithRejection(error);
  }

  updateBackpressure(backpressure) {
    if (backpressure === this.backpressure) return;
    this.backpressure = backpressure;
    const { writer } = this;
    if (writer === null) return;
    if (backpressure) writer.onBackpressure();
    else writer.onReady();
  }
}
