// Lazy: the means to start workers and to call to all of them, and what makes a runtime a worker's.
import { BroadcastChannel } from "rt:ext/messaging/broadcast_channel.js";
import { Worker } from "rt:ext/worker/worker.js";
import { provide } from "../lazy.js";
import { startWorker } from "../worker.js";

provide("workers", { __proto__: null, BroadcastChannel, startWorker, Worker });
