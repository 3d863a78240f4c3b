// What a ReadableStream is inside (https://streams.spec.whatwg.org/#rs-abstract-ops): its state,
// its reader, and the operations that hold for both kinds of controller. Scripts never see these
// objects; the classes they see are made when they are asked for.

import { primordials } from "rt:bootstrap/primordials.js";
import { newDeferred, quiet, rejectedQuietly } from "./promises.js";
import { Queue } from "./queue.js";

const { PromiseReject, PromiseResolve, TypeError } = primordials;

export const kReadable = 0;
export const kClosed = 1;
export const kErrored = 2;

/** Makes the objects scripts see; filled in by the files that define their classes. */
export const wrappers = {
  __proto__: null,
  readable: null,
  defaultController: null,
  byteController: null,
};

/**
 * A readable stream. `controller` is a DefaultController or a ByteController; both have
 * `pullSteps(request)`, `cancelSteps(reason)`, `releaseSteps()`.
 *
 * A read request has three methods, of which one is called, once: `chunk(value)`, `close()`,
 * `error(reason)`. For a BYOB reader `close` is given the view, or undefined.
 */
export class Readable {
  state = kReadable;
  reader = null;
  storedError = undefined;
  disturbed = false;
  controller = null;
  /** The resource this stream stands for (see resource.js), or null. */
  resource = null;
  #object = null;

  /** The ReadableStream. */
  get object() {
    return (this.#object ??= wrappers.readable(this));
  }

  set object(object) {
    this.#object = object;
  }

  get locked() {
    return this.reader !== null;
  }
}

/** A reader of either kind; `stream` is null once the lock is released. */
export class Reader {
  isByob;
  stream;
  requests = new Queue();
  #closed = null;

  constructor(stream, isByob) {
    this.stream = stream;
    this.isByob = isByob;
  }

  /** The `closed` promise: made when somebody first wants it. */
  get closed() {
    if (this.#closed !== null) return this.#closed.promise;
    const { stream } = this;
    let promise;
    if (stream === null) promise = rejectedQuietly(releasedError());
    else if (stream.state === kClosed) promise = PromiseResolve(undefined);
    else if (stream.state === kErrored) promise = rejectedQuietly(stream.storedError);
    else {
      this.#closed = newDeferred();
      return this.#closed.promise;
    }
    this.#closed = { promise, resolve: null, reject: null };
    return promise;
  }

  onClosed() {
    if (this.#closed !== null) this.#closed.resolve(undefined);
  }

  onErrored(reason) {
    if (this.#closed === null) return;
    this.#closed.reject(reason);
    quiet(this.#closed.promise);
  }

  /** "ReadableStreamReaderGenericRelease" */
  release() {
    const { stream } = this;
    if (this.#closed !== null) {
      if (stream.state === kReadable) this.onErrored(releasedError());
      else {
        this.#closed = { promise: rejectedQuietly(releasedError()), resolve: null, reject: null };
      }
    }
    stream.controller.releaseSteps();
    stream.reader = null;
    this.stream = null;
  }

  /** Releases the lock and rejects what still waits ("ReadableStreamDefaultReaderRelease"). */
  releaseAndReject() {
    this.release();
    const { requests } = this;
    if (requests.length === 0) return;
    this.requests = new Queue();
    const error = releasedError();
    while (requests.length > 0) requests.shift().error(error);
  }

  /** "ReadableStreamDefaultReaderRead" */
  read(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === kReadable) stream.controller.pullSteps(request);
    else if (stream.state === kClosed) request.close();
    else request.error(stream.storedError);
  }
}

function releasedError() {
  return new TypeError("The reader was released.");
}

/** What every method of a released reader fails with. */
export function noStreamError(what) {
  return new TypeError(`Cannot ${what} a stream using a released reader`);
}

/** Takes the lock; throws when somebody has it. */
export function acquireReader(stream, isByob) {
  if (stream.reader !== null) throw new TypeError("ReadableStream is locked.");
  if (isByob && !stream.controller.isByte) {
    throw new TypeError("Cannot use a BYOB reader with a non-byte stream");
  }
  const reader = new Reader(stream, isByob);
  stream.reader = reader;
  return reader;
}

/** "ReadableStreamCancel": undefined or a promise. */
export function cancelStream(stream, reason) {
  stream.disturbed = true;
  if (stream.state === kClosed) return undefined;
  if (stream.state === kErrored) return PromiseReject(stream.storedError);
  const { reader } = stream;
  closeStream(stream);
  if (reader?.isByob) {
    const { requests } = reader;
    reader.requests = new Queue();
    while (requests.length > 0) requests.shift().close(undefined);
  }
  return stream.controller.cancelSteps(reason);
}

/** "ReadableStreamClose" */
export function closeStream(stream) {
  stream.state = kClosed;
  const { reader } = stream;
  if (reader === null) return;
  reader.onClosed();
  if (reader.isByob) return;
  const { requests } = reader;
  if (requests.length === 0) return;
  reader.requests = new Queue();
  while (requests.length > 0) requests.shift().close();
}

/** "ReadableStreamError" */
export function errorStream(stream, reason) {
  stream.state = kErrored;
  stream.storedError = reason;
  const { reader } = stream;
  if (reader === null) return;
  reader.onErrored(reason);
  const { requests } = reader;
  if (requests.length === 0) return;
  reader.requests = new Queue();
  while (requests.length > 0) requests.shift().error(reason);
}

/** How many reads wait at a default reader. */
export function waitingReads(stream) {
  const { reader } = stream;
  return reader === null || reader.isByob ? 0 : reader.requests.length;
}
