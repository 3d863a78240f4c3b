// BroadcastChannel (https://html.spec.whatwg.org/#broadcasting-to-other-browsing-contexts): reaches
// every other channel of the same name in the process. Never its own.

import {
  op_broadcast_join,
  op_broadcast_post,
  op_message_port_close,
  op_message_port_set_ref,
} from "rt:ops/messaging";
import { DOMException } from "../web/dom_exception.js";
import { defineEventHandler, EventTarget, fireEvent, makeMessageEvent } from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  domString,
  illegalInvocation,
  requiredArguments,
} from "../web/webidl.js";
import { addReceiver, removeReceiver } from "./message_port.js";
import { cloneDelegate } from "./structured_clone.js";

// Of the enum Delivery of src/ext/messaging/ops.cc.
const kMessage = 0;

/** Keeps the program alive until it is closed, as in Deno and Node. */
export class BroadcastChannel extends EventTarget {
  #name;
  #id; // 0: closed

  constructor(name) {
    const prefix = "Failed to construct 'BroadcastChannel'";
    requiredArguments(arguments.length, 1, prefix);
    super();
    this.#name = domString(name, prefix, "Argument 1");
    this.#id = op_broadcast_join(this.#name);
    addReceiver(this.#id, (kind, data) => {
      const type = kind === kMessage ? "message" : "messageerror";
      fireEvent(this, makeMessageEvent(type, data));
    });
  }

  get name() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#name;
  }

  postMessage(message) {
    if (!(#name in this)) throw illegalInvocation();
    requiredArguments(arguments.length, 1, "Failed to execute 'postMessage' on 'BroadcastChannel'");
    if (this.#id === 0) {
      throw new DOMException("BroadcastChannel is already closed", "InvalidStateError");
    }
    op_broadcast_post(this.#id, message, cloneDelegate);
  }

  close() {
    if (!(#name in this)) throw illegalInvocation();
    if (this.#id === 0) return;
    op_message_port_close(this.#id);
    removeReceiver(this.#id);
    this.#id = 0;
  }

  /** Keeps the program alive until the channel is closed (the default). */
  ref() {
    if (!(#name in this)) throw illegalInvocation();
    if (this.#id !== 0) op_message_port_set_ref(this.#id, true);
  }

  /** Lets the program end although the channel is open. */
  unref() {
    if (!(#name in this)) throw illegalInvocation();
    if (this.#id !== 0) op_message_port_set_ref(this.#id, false);
  }

  [kInspect](inspect, options) {
    if (!(#name in this)) return inspect({}, options);
    const keys = ["name", "onmessage", "onmessageerror"];
    return inspectAs("BroadcastChannel", this, keys, inspect, options);
  }
}
const kEvents = ["message", "messageerror"];
for (let i = 0; i < kEvents.length; i++) {
  const type = kEvents[i];
  defineEventHandler(BroadcastChannel.prototype, type);
}
configureInterface(BroadcastChannel);
