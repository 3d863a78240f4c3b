// MessageChannel and MessagePort (https://html.spec.whatwg.org/#message-channels). The queues are
// in C++ (src/ext/messaging); a port is a number here. Messages are dispatched by the event loop,
// through deliverMessages.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_run_microtasks } from "rt:ops/core";
import {
  op_message_port_close,
  op_message_port_pair,
  op_message_port_post,
  op_message_port_set_ref,
  op_message_port_start,
  op_message_take,
} from "rt:ops/messaging";
import {
  defineEventHandler,
  Event,
  EventTarget,
  fireEvent,
  makeMessageEvent,
  setIsMessagePort,
} from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  kConstruct,
  requiredArguments,
} from "../web/webidl.js";
import {
  cloneDelegate,
  dataCloneError,
  registerTransferable,
  transferArgument,
} from "./structured_clone.js";

const {
  ArrayPrototypeIncludes,
  FunctionPrototypeCall,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  SafeFinalizationRegistry,
  SafeMap,
} = primordials;

// The enum Delivery of src/ext/messaging/ops.cc.
const kMessageError = 1;
const kClosed = 2;

// Receivers by number, while messages may come for them: they stay alive. Others may be collected.
const receivers = new SafeMap();
let collected = null; // SafeFinalizationRegistry

/** Built-in code: `onDelivery(kind, data, ports)` is called for what arrives at number `id`. */
export function addReceiver(id, onDelivery) {
  receivers.set(id, onDelivery);
}
export function removeReceiver(id) {
  receivers.delete(id);
}

/** A port that is dropped closes its channel. */
function closeWhenCollected(port, id) {
  collected ??= new SafeFinalizationRegistry(op_message_port_close);
  collected.register(port, id, port);
}

let makePort; // a MessagePort for a number
let portState;

/** Whether a value is a MessagePort. */
export const isMessagePort = (value) => portState.isPort(value);

/** One end of a channel. */
export class MessagePort extends EventTarget {
  #id = 0; // 0: closed or transferred
  #detached = false;
  #started = false;
  #referenced = true;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    super();
  }

  static {
    makePort = (id) => {
      const port = new MessagePort(kConstruct);
      port.#id = id;
      closeWhenCollected(port, id);
      return port;
    };
    portState = {
      __proto__: null,
      isPort: (value) => typeof value === "object" && value !== null && #id in value,
      isDetached: (port) => port.#detached,
      start: (port) => port.#start(),
      take: (port) => {
        const id = port.#id;
        port.#detached = true;
        port.#drop();
        return id;
      },
    };
  }

  #start() {
    if (this.#started || this.#id === 0) return;
    this.#started = true;
    addReceiver(this.#id, (kind, data, ports) => this.#onDelivery(kind, data, ports));
    op_message_port_start(this.#id);
  }

  #drop() {
    if (this.#started) removeReceiver(this.#id);
    this.#id = 0;
  }

  #onDelivery(kind, data, ports) {
    if (kind === kClosed) {
      this.#drop();
      fireEvent(this, new Event("close"));
    } else if (kind === kMessageError) {
      fireEvent(this, makeMessageEvent("messageerror", data));
    } else {
      fireEvent(this, makeMessageEvent("message", data, ports));
    }
  }

  postMessage(message, transfer = undefined) {
    if (!(#id in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'postMessage' on 'MessagePort'";
    requiredArguments(arguments.length, 1, prefix);
    const { buffers, objects } = transferArgument(transfer, prefix);
    if (ArrayPrototypeIncludes(objects, this)) {
      throw dataCloneError("Transfer list contains source port");
    }
    op_message_port_post(this.#id, message, buffers, objects, cloneDelegate);
  }

  start() {
    if (!(#id in this)) throw illegalInvocation();
    this.#start();
  }

  close() {
    if (!(#id in this)) throw illegalInvocation();
    if (this.#id === 0) return;
    op_message_port_close(this.#id);
    this.#drop();
  }

  /** Keeps the program alive while the port is open and started (the default). */
  ref() {
    if (!(#id in this)) throw illegalInvocation();
    this.#referenced = true;
    if (this.#id !== 0) op_message_port_set_ref(this.#id, true);
  }

  /** Lets the program end although the port is open. */
  unref() {
    if (!(#id in this)) throw illegalInvocation();
    this.#referenced = false;
    if (this.#id !== 0) op_message_port_set_ref(this.#id, false);
  }

  /** Whether the port keeps the program alive now. */
  hasRef() {
    if (!(#id in this)) throw illegalInvocation();
    return this.#id !== 0 && this.#started && this.#referenced;
  }

  [kInspect](inspect, options) {
    if (!(#id in this)) return inspect({}, options);
    return inspectAs("MessagePort", this, ["onmessage", "onmessageerror"], inspect, options);
  }
}
for (const type of ["message", "messageerror", "close"]) {
  defineEventHandler(MessagePort.prototype, type);
}
// Setting `onmessage` starts the port
// (https://html.spec.whatwg.org/#handler-messageport-onmessage).
{
  const { get, set } = ObjectGetOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  const accessors = {
    set onmessage(value) {
      FunctionPrototypeCall(set, this, value);
      if (portState.isPort(this)) portState.start(this);
    },
  };
  ObjectDefineProperty(MessagePort.prototype, "onmessage", {
    __proto__: null,
    get,
    set: ObjectGetOwnPropertyDescriptor(accessors, "onmessage").set,
    enumerable: true,
    configurable: true,
  });
}
configureInterface(MessagePort);
setIsMessagePort(isMessagePort);

// The first transferable: src/ext/messaging/message.cc knows ports by the tag 0.
registerTransferable(
  isMessagePort,
  portState.isDetached,
  (port) => ({ data: portState.take(port), transfer: [] }),
  (id) => makePort(id),
);

/** Built-in code: a MessagePort for a number. */
export const portOfId = (id) => makePort(id);
/** Built-in code: the number of a port, which is detached: whoever asks closes it from now on. */
export function takePort(port) {
  collected.unregister(port);
  return portState.take(port);
}

/** Two ports: what one is sent the other receives. */
export class MessageChannel {
  #port1;
  #port2;

  constructor() {
    const ids = op_message_port_pair();
    this.#port1 = makePort(ids[0]);
    this.#port2 = makePort(ids[1]);
  }

  get port1() {
    if (!(#port1 in this)) throw illegalInvocation();
    return this.#port1;
  }

  get port2() {
    if (!(#port1 in this)) throw illegalInvocation();
    return this.#port2;
  }

  [kInspect](inspect, options) {
    if (!(#port1 in this)) return inspect({}, options);
    return inspectAs("MessageChannel", this, ["port1", "port2"], inspect, options);
  }
}
configureInterface(MessageChannel);

// Messages a turn: what is left waits for the next, so that timers and finished ops get their turn.
const kMaxDeliveries = 1000;

/**
 * Dispatches what arrived, each message as a task of its own. Called by the event loop.
 * True: there is more.
 */
export function deliverMessages() {
  for (let i = 0; i < kMaxDeliveries; i++) {
    const delivery = op_message_take(cloneDelegate);
    if (delivery === undefined) return false;
    const receive = receivers.get(delivery[0]);
    if (receive !== undefined) receive(delivery[1], delivery[2], delivery[3]);
    op_run_microtasks();
  }
  return true;
}
