// What the WebSocket connections of this program received, to whoever they belong to. The event loop
// calls deliverSocketEvents; a message is a task of its own, with its microtasks after it.

import { op_run_microtasks } from "rt:ops/core";
import { op_ws_next } from "rt:ops/websocket";
import { primordials } from "rt:bootstrap/primordials.js";

const { SafeMap, TypedArrayPrototypeGetBuffer, Uint32Array, Uint8Array } = primordials;

// The enum SocketEventKind of src/ext/websocket/socket_hub.h.
export const kText = 1;
export const kBinary = 2;
export const kError = 3;
export const kClose = 4;

// Other tasks get their turn after so many.
const kBatch = 1000;

const receivers = new SafeMap(); // rid -> object with `onSocketEvent`
let numbers; // kind, rid, close code, clean; made at run time
let numberBytes;

/** `receiver.onSocketEvent(kind, data, code, clean)` is called for what connection `rid` brings. */
export function addSocket(rid, receiver) {
  receivers.set(rid, receiver);
}

export function removeSocket(rid) {
  receivers.delete(rid);
}

/** True when more is left. */
export function deliverSocketEvents() {
  if (receivers.size === 0) return false;
  if (numbers === undefined) {
    numbers = new Uint32Array(4);
    numberBytes = new Uint8Array(TypedArrayPrototypeGetBuffer(numbers));
  }
  for (let i = 0; i < kBatch; i++) {
    const data = op_ws_next(numberBytes);
    const kind = numbers[0];
    if (kind === 0) return false;
    const receiver = receivers.get(numbers[1]);
    if (receiver === undefined) continue;
    receiver.onSocketEvent(kind, data, numbers[2], numbers[3] === 1);
    op_run_microtasks();
  }
  return true;
}
