// What the WebSocket connections of this program received, to whoever they belong to. The event loop
// calls deliverSocketEvents; a message is a task of its own, with its microtasks after it.

import { op_run_microtasks } from "rt:ops/core";
import { op_ws_close_code, op_ws_data, op_ws_take } from "rt:ops/websocket";
import { primordials } from "rt:bootstrap/primordials.js";

const { SafeMap } = primordials;

// The enum SocketEventKind of src/ext/websocket/socket_hub.h.
export const kText = 1;
export const kBinary = 2;
export const kError = 3;
export const kClose = 4;

// Other tasks get their turn after so many.
const kBatch = 1000;

const receivers = new SafeMap(); // rid -> function or WebSocket

let toWebSocket;
/** Says what is called for a WebSocket: (socket, kind, data, code, clean). */
export function setToWebSocket(deliver) {
  toWebSocket = deliver;
}

/**
 * `receiver(kind, data, code, clean)` is called for what connection `rid` brings. A WebSocket itself may
 * stand for its function: one thing less to get from memory for each message.
 */
export function addSocket(rid, receiver) {
  receivers.set(rid, receiver);
}

export function removeSocket(rid) {
  receivers.delete(rid);
}

/** True when more is left. */
export function deliverSocketEvents() {
  if (receivers.size === 0) return false;
  for (let i = 0; i < kBatch; i++) {
    const taken = op_ws_take();
    if (taken === 0) return false;
    const kind = taken & 7;
    const receiver = receivers.get((taken - kind) / 8);
    if (receiver === undefined) continue;
    const data = op_ws_data();
    const end = kind === kClose ? op_ws_close_code() : 0;
    if (typeof receiver === "function") receiver(kind, data, end >> 1, (end & 1) === 1);
    else toWebSocket(receiver, kind, data, end >> 1, (end & 1) === 1);
    op_run_microtasks();
  }
  return true;
}
