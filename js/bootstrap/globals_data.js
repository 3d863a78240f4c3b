// The globals of js/ext/blob, compression, messaging, performance and their like, for globals.js. Data only.
import { BroadcastChannel } from "rt:ext/messaging/broadcast_channel.js";
import { MessageChannel, MessagePort } from "rt:ext/messaging/message_port.js";
import { structuredClone } from "rt:ext/messaging/structured_clone.js";

/** Interfaces. */
export const dataInterfaces = { __proto__: null, BroadcastChannel, MessageChannel, MessagePort };

/** Operations. */
export const dataOperations = { __proto__: null, structuredClone };
