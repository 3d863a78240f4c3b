// Lazy: what makes a runtime a worker's. Evaluated before the worker's own code.
import { provide } from "../lazy.js";
import { startWorker } from "../worker.js";

provide("scope", { __proto__: null, startWorker });
