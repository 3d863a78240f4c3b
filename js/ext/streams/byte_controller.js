// The queue and the pulling of a readable byte stream
// (https://streams.spec.whatwg.org/#rbs-controller-abstract-ops). Memory that enters the stream is
// detached from whoever gave it: two parties never hold the same bytes.

import { primordials } from "rt:bootstrap/primordials.js";
import { viewLength, viewOffset } from "../web/buffer_source.js";
import { react } from "./promises.js";
import { Queue } from "./queue.js";
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
import {
  bufferLength,
  cloneBuffer,
  copyBytes,
  kBytes,
  transferBuffer,
  viewBuffer,
  viewKind,
} from "./views.js";

const {
  ArrayBuffer,
  ArrayBufferPrototypeGetDetached,
  MathMin,
  PromiseReject,
  RangeError,
  TypeError,
  Uint8Array,
} = primordials;

/** Who a pull-into is for. */
const kNobody = 0;
const kDefaultReader = 1;
const kByobReader = 2;

/** A read of bytes straight into memory somebody provided. */
class PullInto {
  buffer;
  bufferLength;
  offset;
  length;
  filled = 0;
  minimum;
  kind;
  reader;

  constructor(buffer, offset, length, minimum, kind, reader) {
    this.buffer = buffer;
    this.bufferLength = bufferLength(buffer);
    this.offset = offset;
    this.length = length;
    this.minimum = minimum;
    this.kind = kind;
    this.reader = reader;
  }

  /** "ConvertPullIntoDescriptor" */
  view() {
    const { make, elementSize } = this.kind;
    return new make(transferBuffer(this.buffer), this.offset, this.filled / elementSize);
  }
}

/** The request a source answers; what a ReadableStreamBYOBRequest stands for. */
export class ByobRequest {
  controller;
  view;
  object = null;

  constructor(controller, view) {
    this.controller = controller;
    this.view = view;
  }
}

/** The controller inside; for `source` see DefaultController. */
export class ByteController {
  stream;
  source;
  highWaterMark;
  autoAllocate; // chunk size, or 0
  queue = new Queue(); // {buffer, offset, length}
  total = 0;
  pending = new Queue(); // PullInto
  started = false;
  closeRequested = false;
  pulling = false;
  pullAgain = false;
  #request = null;
  #object = null;
  #onPulled = null;
  #onPullFailed = null;

  constructor(stream, source, highWaterMark, autoAllocate) {
    this.stream = stream;
    this.source = source;
    this.highWaterMark = highWaterMark;
    this.autoAllocate = autoAllocate;
    stream.controller = this;
  }

  get isByte() {
    return true;
  }

  /** The ReadableByteStreamController. */
  get object() {
    return (this.#object ??= wrappers.byteController(this));
  }

  /** Whether nothing was asked of the source and nothing of it is left. */
  get isIdle() {
    return this.total === 0 && this.pending.length === 0 && !this.pulling && !this.closeRequested;
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
    return this.highWaterMark - this.total;
  }

  get #waitingByobReads() {
    const { reader } = this.stream;
    return reader?.isByob ? reader.requests.length : 0;
  }

  callPullIfNeeded() {
    const { source } = this;
    if (source === null || !source.pulls || !this.started || this.closeRequested) return;
    if (this.stream.state !== kReadable) return;
    if (this.highWaterMark - this.total <= 0) {
      if (waitingReads(this.stream) === 0 && this.#waitingByobReads === 0) return;
    }
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

  /** Throws a TypeError when a read waits for the rest of an element. */
  close() {
    const { stream } = this;
    if (this.closeRequested || stream.state !== kReadable) return;
    if (this.total > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pending.length > 0) {
      const first = this.pending.peek();
      if (first.filled % first.kind.elementSize !== 0) {
        const error = new TypeError("Cannot close a stream in the middle of an element");
        this.error(error);
        throw error;
      }
    }
    this.source = null;
    closeStream(stream);
  }

  error(reason) {
    if (this.stream.state !== kReadable) return;
    this.#clearPending();
    this.#resetQueue();
    this.source = null;
    errorStream(this.stream, reason);
  }

  cancelSteps(reason) {
    this.#clearPending();
    this.#resetQueue();
    const { source } = this;
    let result;
    try {
      result = source === null ? undefined : source.cancel(reason);
    } catch (error) {
      result = PromiseReject(error);
    }
    this.source = null;
    return result;
  }

  /** What a released reader waited for is kept for the next one. */
  releaseSteps() {
    if (this.pending.length === 0) return;
    const first = this.pending.peek();
    first.reader = kNobody;
    this.pending.clear();
    this.pending.push(first);
  }

  /** A default reader's read. */
  pullSteps(request) {
    if (this.total > 0) {
      request.chunk(this.#takeView());
      return;
    }
    if (this.autoAllocate > 0) {
      let buffer;
      try {
        buffer = new ArrayBuffer(this.autoAllocate);
      } catch (error) {
        request.error(error);
        return;
      }
      this.pending.push(new PullInto(buffer, 0, this.autoAllocate, 1, kBytes, kDefaultReader));
    }
    this.stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  /** A BYOB reader's read: at least `minimum` elements into `view`. */
  pullInto(view, minimum, request) {
    const { stream } = this;
    const kind = viewKind(view);
    const offset = viewOffset(view);
    const length = viewLength(view);
    let buffer;
    try {
      buffer = transferBuffer(viewBuffer(view));
    } catch (error) {
      request.error(error);
      return;
    }
    const into = new PullInto(
      buffer,
      offset,
      length,
      minimum * kind.elementSize,
      kind,
      kByobReader,
    );
    if (this.pending.length === 0) {
      if (stream.state === kClosed) {
        request.close(new kind.make(buffer, offset, 0));
        return;
      }
      if (this.total > 0) {
        if (this.#fillFromQueue(into)) {
          const filled = into.view();
          this.#drained();
          request.chunk(filled);
          return;
        }
        if (this.closeRequested) {
          const error = new TypeError("Insufficient bytes to fill elements in the given buffer");
          this.error(error);
          request.error(error);
          return;
        }
      }
      this.pending.push(into);
      stream.reader.requests.push(request);
      this.callPullIfNeeded();
      return;
    }
    this.pending.push(into);
    stream.reader.requests.push(request);
  }

  /** Takes over the memory of `view`. Throws for detached memory. */
  enqueue(view) {
    const { stream } = this;
    if (this.closeRequested || stream.state !== kReadable) return;
    const buffer = viewBuffer(view);
    if (ArrayBufferPrototypeGetDetached(buffer)) {
      throw new TypeError("chunk's buffer is detached and so cannot be enqueued");
    }
    const offset = viewOffset(view);
    const length = viewLength(view);
    this.enqueueBuffer(transferBuffer(buffer), offset, length);
  }

  /** `enqueue` of memory nobody else can reach. */
  enqueueBuffer(buffer, offset, length) {
    const { stream, pending } = this;
    const { reader } = stream;
    if (pending.length > 0) {
      const first = pending.peek();
      if (ArrayBufferPrototypeGetDetached(first.buffer)) {
        throw new TypeError(
          "The BYOB request's buffer has been detached and so cannot be filled with an " +
            "enqueued chunk",
        );
      }
      this.#invalidateRequest();
      first.buffer = transferBuffer(first.buffer);
      if (first.reader === kNobody) this.#queueAbandoned(first);
    }
    if (reader === null) {
      this.#push(buffer, offset, length);
    } else if (!reader.isByob) {
      const { requests } = reader;
      while (requests.length > 0 && this.total > 0) requests.shift().chunk(this.#takeView());
      if (requests.length === 0) {
        this.#push(buffer, offset, length);
      } else {
        if (pending.length > 0) pending.shift();
        requests.shift().chunk(new Uint8Array(buffer, offset, length));
      }
    } else {
      this.#push(buffer, offset, length);
      this.#commitFilled();
    }
    this.callPullIfNeeded();
  }

  /** The request for the first pull-into, or null when there is none. */
  get byobRequest() {
    if (this.#request === null && this.pending.length > 0) {
      const first = this.pending.peek();
      const start = first.offset + first.filled;
      this.#request = new ByobRequest(
        this,
        new Uint8Array(first.buffer, start, first.length - first.filled),
      );
    }
    return this.#request;
  }

  /** The source wrote that many bytes into the first pull-into. */
  respond(count) {
    const first = this.pending.peek();
    if (this.stream.state === kClosed) {
      if (count !== 0) {
        throw new TypeError("bytesWritten must be 0 when calling respond() on a closed stream");
      }
    } else {
      if (count === 0) {
        throw new TypeError(
          "bytesWritten must be greater than 0 when calling respond() on a readable stream",
        );
      }
      if (first.filled + count > first.length) {
        throw new RangeError("bytesWritten out of range");
      }
    }
    first.buffer = transferBuffer(first.buffer);
    this.#respond(count);
  }

  /** The same, with the memory handed back in another view. */
  respondWithNewView(view) {
    const first = this.pending.peek();
    const offset = viewOffset(view);
    const length = viewLength(view);
    const buffer = viewBuffer(view);
    if (this.stream.state === kClosed) {
      if (length !== 0) {
        throw new TypeError(
          "The view's length must be 0 when calling respondWithNewView() on a closed stream",
        );
      }
    } else if (length === 0) {
      throw new TypeError(
        "The view's length must be greater than 0 when calling respondWithNewView() on a " +
          "readable stream",
      );
    }
    if (first.offset + first.filled !== offset) {
      throw new RangeError("The region specified by view does not match byobRequest");
    }
    if (first.bufferLength !== bufferLength(buffer)) {
      throw new RangeError("The buffer of view has different capacity than byobRequest");
    }
    if (first.filled + length > first.length) {
      throw new RangeError("The region specified by view is larger than byobRequest");
    }
    first.buffer = transferBuffer(buffer);
    this.#respond(length);
  }

  #respond(count) {
    const first = this.pending.peek();
    this.#invalidateRequest();
    if (this.stream.state === kClosed) this.#respondClosed(first);
    else this.#respondReadable(count, first);
    this.callPullIfNeeded();
  }

  #respondClosed(first) {
    if (first.reader === kNobody) this.pending.shift();
    const filled = new Queue();
    const count = this.#waitingByobReads;
    while (filled.length < count) filled.push(this.pending.shift());
    while (filled.length > 0) this.#commit(filled.shift());
  }

  #respondReadable(count, first) {
    first.filled += count;
    if (first.reader === kNobody) {
      this.#queueAbandoned(first);
      this.#commitFilled();
      return;
    }
    if (first.filled < first.minimum) return;
    this.pending.shift();
    const rest = first.filled % first.kind.elementSize;
    if (rest > 0) {
      this.#pushClone(first.buffer, first.offset + first.filled - rest, rest);
      first.filled -= rest;
    }
    const filled = this.#fillPending();
    this.#commit(first);
    while (filled.length > 0) this.#commit(filled.shift());
  }

  /** "CommitPullIntoDescriptor" */
  #commit(into) {
    const request = this.stream.reader.requests.shift();
    const view = into.view();
    if (this.stream.state === kClosed) request.close(view);
    else request.chunk(view);
  }

  #commitFilled() {
    const filled = this.#fillPending();
    while (filled.length > 0) this.#commit(filled.shift());
  }

  /** "ProcessPullIntoDescriptorsUsingQueue": those that are filled, no longer pending. */
  #fillPending() {
    const filled = new Queue();
    while (this.pending.length > 0 && this.total > 0) {
      if (this.#fillFromQueue(this.pending.peek())) filled.push(this.pending.shift());
    }
    return filled;
  }

  /** Copies what is queued; true once the minimum is there. */
  #fillFromQueue(into) {
    const room = into.length - into.filled;
    let count = MathMin(this.total, room);
    const aligned = into.filled + count - ((into.filled + count) % into.kind.elementSize);
    const ready = aligned >= into.minimum;
    if (ready) count = aligned - into.filled;
    while (count > 0) {
      const head = this.queue.peek();
      const part = MathMin(count, head.length);
      copyBytes(into.buffer, into.offset + into.filled, head.buffer, head.offset, part);
      if (head.length === part) {
        this.queue.shift();
      } else {
        head.offset += part;
        head.length -= part;
      }
      this.total -= part;
      into.filled += part;
      count -= part;
    }
    return ready;
  }

  #takeView() {
    const { buffer, offset, length } = this.queue.shift();
    this.total -= length;
    this.#drained();
    return new Uint8Array(buffer, offset, length);
  }

  /** "HandleQueueDrain" */
  #drained() {
    if (this.total === 0 && this.closeRequested) {
      this.source = null;
      closeStream(this.stream);
    } else {
      this.callPullIfNeeded();
    }
  }

  #push(buffer, offset, length) {
    this.queue.push({ buffer, offset, length });
    this.total += length;
  }

  #pushClone(buffer, offset, length) {
    let copy;
    try {
      copy = cloneBuffer(buffer, offset, length);
    } catch (error) {
      this.error(error);
      throw error;
    }
    this.#push(copy, 0, length);
  }

  /** Bytes read for a reader that is gone go to the queue. */
  #queueAbandoned(first) {
    if (first.filled > 0) this.#pushClone(first.buffer, first.offset, first.filled);
    this.pending.shift();
  }

  #invalidateRequest() {
    if (this.#request === null) return;
    this.#request.controller = null;
    this.#request.view = null;
    this.#request = null;
  }

  #clearPending() {
    this.#invalidateRequest();
    this.pending.clear();
  }

  #resetQueue() {
    this.queue.clear();
    this.total = 0;
  }
}

/** "CreateReadableByteStream": of built-in code. Its start is over a microtask later. */
export function createReadableBytes(source) {
  const stream = new Readable();
  new ByteController(stream, source, 0, 0).start(undefined);
  return stream;
}
