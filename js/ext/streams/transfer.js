// Streams that move to another runtime (https://streams.spec.whatwg.org/#transferrable-streams): the
// stream stays and is piped into, or out of, a channel whose other end looks like it. Chunks are
// cloned. A channel keeps the program alive only while somebody waits for a chunk from it.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_message_port_close,
  op_message_port_pair,
  op_message_port_post,
  op_message_port_set_ref,
  op_message_port_start,
} from "rt:ops/messaging";
import { addReceiver, portOfId, removeReceiver, takePort } from "../messaging/message_port.js";
import {
  cloneDelegate,
  dataCloneError,
  registerTransferable,
} from "../messaging/structured_clone.js";
import { createReadable } from "./default_controller.js";
import { kPipeAll, pipe } from "./pipe.js";
import { newDeferred, quiet } from "./promises.js";
import { kReadable } from "./readable.js";
import { toReadable } from "./readable_stream.js";
import { makeTransformStream, toTransform } from "./transform_stream.js";
import { createWritable } from "./writable_controller.js";
import { toWritable } from "./writable_stream.js";

const { PromisePrototypeThen, PromiseReject, TypeError } = primordials;

// Of the enum Delivery of src/ext/messaging/ops.cc.
const kMessage = 0;
const kClosed = 2;

const kNone = [];

/** One end of the channel. */
class Endpoint {
  #id;

  constructor(id, onMessage, onLost) {
    this.#id = id;
    op_message_port_set_ref(id, false);
    addReceiver(id, (kind, data) => {
      if (kind === kMessage) {
        onMessage(data.type, data.value);
      } else if (kind === kClosed) {
        this.#drop();
        onLost(new TypeError("The other end of the stream is gone"));
      } else {
        const error = dataCloneError("A chunk could not be read");
        this.#post("error", error);
        this.close();
        onLost(error);
      }
    });
    op_message_port_start(id);
  }

  #drop() {
    removeReceiver(this.#id);
    this.#id = 0;
  }

  #post(type, value) {
    const message = { __proto__: null, type, value };
    op_message_port_post(this.#id, message, kNone, kNone, cloneDelegate);
  }

  /** "PackAndPostMessageHandlingError": throws what kept `value` from being cloned. */
  post(type, value) {
    if (this.#id === 0) return;
    try {
      this.#post(type, value);
    } catch (error) {
      try {
        this.#post("error", error);
      } catch {
        this.#post("error", undefined);
      }
      throw error;
    }
  }

  waitFor(on) {
    if (this.#id !== 0) op_message_port_set_ref(this.#id, on);
  }

  close() {
    if (this.#id === 0) return;
    const id = this.#id;
    this.#drop();
    op_message_port_close(id);
  }

  /** Posts the last message; undefined or a rejected promise, as an algorithm answers. */
  end(type, value) {
    try {
      this.post(type, value);
      return undefined;
    } catch (error) {
      return PromiseReject(error);
    } finally {
      this.close();
    }
  }
}

/** "SetUpCrossRealmTransformReadable" */
function readableFrom(id) {
  let stream;
  const endpoint = new Endpoint(
    id,
    (type, value) => {
      const { controller } = stream;
      endpoint.waitFor(false);
      if (type === "chunk") {
        if (stream.state === kReadable) controller.enqueue(value);
      } else {
        endpoint.close();
        if (type === "close") controller.close();
        else controller.error(value);
      }
    },
    (error) => stream.controller.error(error),
  );
  stream = createReadable(
    {
      __proto__: null,
      pulls: true,
      pull() {
        endpoint.waitFor(true);
        endpoint.post("pull", undefined);
      },
      cancel: (reason) => endpoint.end("error", reason),
    },
    0,
  );
  return stream;
}

/** "SetUpCrossRealmTransformWritable" */
function writableFrom(id) {
  let stream;
  let room = newDeferred(); // null: the other end wants a chunk
  const makeRoom = () => {
    const waiting = room;
    room = null;
    waiting?.resolve(undefined);
  };
  const fail = (error) => {
    stream.controller.errorIfNeeded(error);
    makeRoom();
  };
  const endpoint = new Endpoint(
    id,
    (type, value) => {
      if (type === "pull") makeRoom();
      else fail(value);
    },
    fail,
  );
  const send = (chunk) => {
    room = newDeferred();
    try {
      endpoint.post("chunk", chunk);
    } catch (error) {
      endpoint.close();
      throw error;
    }
  };
  stream = createWritable({
    __proto__: null,
    write: (chunk) =>
      room === null ? send(chunk) : PromisePrototypeThen(room.promise, () => send(chunk)),
    close: () => endpoint.end("close", undefined),
    abort: (reason) => endpoint.end("error", reason),
  });
  return stream;
}

/** Leaves a ReadableStream's stand-in behind the port that is returned. */
function sendReadable(stream) {
  const ids = op_message_port_pair();
  quiet(pipe(stream, writableFrom(ids[0]), kPipeAll));
  return portOfId(ids[1]);
}

function sendWritable(stream) {
  const ids = op_message_port_pair();
  quiet(pipe(readableFrom(ids[0]), stream, kPipeAll));
  return portOfId(ids[1]);
}

registerTransferable(
  (value) => toReadable(value) !== undefined,
  (value) => toReadable(value).locked,
  (value) => {
    const port = sendReadable(toReadable(value));
    return { data: { port }, transfer: [port] };
  },
  ({ port }) => readableFrom(takePort(port)).object,
);

registerTransferable(
  (value) => toWritable(value) !== undefined,
  (value) => toWritable(value).locked,
  (value) => {
    const port = sendWritable(toWritable(value));
    return { data: { port }, transfer: [port] };
  },
  ({ port }) => writableFrom(takePort(port)).object,
);

registerTransferable(
  (value) => toTransform(value) !== undefined,
  (value) => {
    const { readable, writable } = toTransform(value);
    return readable.locked || writable.locked;
  },
  (value) => {
    const { readable, writable } = toTransform(value);
    const ports = [sendReadable(readable), sendWritable(writable)];
    return { data: { readable: ports[0], writable: ports[1] }, transfer: ports };
  },
  ({ readable, writable }) =>
    makeTransformStream(readableFrom(takePort(readable)), writableFrom(takePort(writable))),
);
