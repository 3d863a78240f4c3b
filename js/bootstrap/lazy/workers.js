// Lazy: the means to start workers and to call to all of them.
import { BroadcastChannel } from "rt:ext/messaging/broadcast_channel.js";
import { Worker } from "rt:ext/worker/worker.js";
import { provide } from "../lazy.js";

provide("workers", { __proto__: null, BroadcastChannel, Worker });
