// Makes a runtime a worker's: turns the main program's global, as it is in the snapshot, into a
// DedicatedWorkerGlobalScope. Runs once, before the worker's main module; called through the hooks.
import { setBeforeExit } from "rt:ext/os/os.js";
import { defineEventHandler } from "rt:ext/web/events.js";
import { locationHref, replaceLocation } from "rt:ext/web/location.js";
import {
  DedicatedWorkerGlobalScope,
  makeWorkerLocation,
  openParentChannel,
  WorkerGlobalScope,
  WorkerLocation,
  WorkerNavigator,
  workerNavigator,
  workerOperations,
} from "rt:ext/worker/scope.js";
import { denoNs } from "./deno.js";
import { primordials } from "./primordials.js";

const {
  globalThis,
  ObjectDefineProperty,
  ObjectKeys,
  ObjectSetPrototypeOf,
  ReflectDeleteProperty,
  SymbolToStringTag,
} = primordials;

/** What only the main program's global has. */
const kWindowOnly = [
  "Location",
  "Navigator",
  "Storage",
  "StorageEvent",
  "localStorage",
  "sessionStorage",
  "alert",
  "confirm",
  "prompt",
  "closed",
  "onload",
  "onbeforeunload",
  "onunload",
  SymbolToStringTag,
];

const interfaces = {
  __proto__: null,
  DedicatedWorkerGlobalScope,
  WorkerGlobalScope,
  WorkerLocation,
  WorkerNavigator,
};

function define(name, value, enumerable) {
  ObjectDefineProperty(globalThis, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable,
    configurable: true,
  });
}

/**
 * @param {string} name of the worker
 * @param {number} port its end of the channel with its parent
 */
export function startWorker(name, port) {
  for (let i = 0; i < kWindowOnly.length; i++) ReflectDeleteProperty(globalThis, kWindowOnly[i]);
  ReflectDeleteProperty(denoNs, "mainModule");
  const classes = ObjectKeys(interfaces);
  for (let i = 0; i < classes.length; i++) define(classes[i], interfaces[classes[i]], false);
  define("name", name, true);
  define("postMessage", workerOperations.postMessage, true);
  define("close", workerOperations.close, true);
  ObjectDefineProperty(globalThis, "navigator", {
    __proto__: null,
    get: () => workerNavigator,
    set: undefined,
    enumerable: true,
    configurable: true,
  });
  replaceLocation(makeWorkerLocation(locationHref()));
  ObjectSetPrototypeOf(globalThis, DedicatedWorkerGlobalScope.prototype);
  defineEventHandler(globalThis, "message");
  defineEventHandler(globalThis, "messageerror");
  // A worker has no `unload`.
  setBeforeExit(() => {});
  openParentChannel(port);
}
