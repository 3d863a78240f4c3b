// Puts the web platform on the global object, with the property attributes WebIDL gives each kind:
// interfaces are hidden, operations and attributes are enumerable.
import { primordials } from "rt:bootstrap/primordials.js";
import { console } from "rt:ext/console/console.js";
import { Crypto, crypto } from "rt:ext/crypto/crypto.js";
import { loadBundle } from "rt:ext/module/lazy.js";
import {
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TextDecoderStream,
  TextEncoderStream,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from "rt:ext/streams/streams.js";
import { URL, URLSearchParams } from "rt:ext/url/url.js";
import { AbortController, AbortSignal } from "rt:ext/web/abort.js";
import { atob, btoa } from "rt:ext/web/base64.js";
import { DOMException, QuotaExceededError } from "rt:ext/web/dom_exception.js";
import {
  CloseEvent,
  CustomEvent,
  defineEventHandler,
  ErrorEvent,
  Event,
  EventTarget,
  MessageEvent,
  ProgressEvent,
  PromiseRejectionEvent,
  reportException,
  setGlobalEventTarget,
} from "rt:ext/web/events.js";
import { Navigator, navigator } from "rt:ext/web/navigator.js";
import { Performance, performance } from "rt:ext/web/performance.js";
import { TextDecoder, TextEncoder } from "rt:ext/web/text_encoding.js";
import {
  clearInterval,
  clearTimeout,
  queueMicrotask,
  setInterval,
  setTimeout,
  setTimerGlobal,
} from "rt:ext/web/timers.js";
import { requiredArguments } from "rt:ext/web/webidl.js";
import { dataAccessors, dataInterfaces, dataOperations } from "./globals_data.js";
import * as lazy from "./lazy.js";

const { FunctionPrototypeCall, ObjectDefineProperty, ObjectKeys, SymbolToStringTag } = primordials;

/** Interfaces: writable, configurable, not enumerable. */
const interfaces = {
  __proto__: null,
  AbortController,
  AbortSignal,
  ByteLengthQueuingStrategy,
  CloseEvent,
  CountQueuingStrategy,
  Crypto,
  CustomEvent,
  DOMException,
  ErrorEvent,
  Event,
  EventTarget,
  MessageEvent,
  Navigator,
  Performance,
  ProgressEvent,
  PromiseRejectionEvent,
  QuotaExceededError,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TextDecoder,
  TextDecoderStream,
  TextEncoder,
  TextEncoderStream,
  TransformStream,
  TransformStreamDefaultController,
  URL,
  URLSearchParams,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  ...dataInterfaces,
};

/** Interfaces that are evaluated at their first use: [group, names]. */
const lazyInterfaces = [
  [lazy.caches, ["Cache", "CacheStorage"]],
  [lazy.crypto, ["CryptoKey", "SubtleCrypto"]],
  [lazy.fetching, ["FormData", "Headers", "Request", "Response"]],
  [lazy.files, ["CompressionStream", "DecompressionStream", "FileReader"]],
  [lazy.locks, ["Lock", "LockManager"]],
  [lazy.patterns, ["URLPattern"]],
  [lazy.performance, ["PerformanceObserver", "PerformanceObserverEntryList"]],
  [lazy.sockets, ["EventSource", "WebSocket", "WebSocketError", "WebSocketStream"]],
  [lazy.workers, ["BroadcastChannel", "Worker"]],
];

/** Reports an error as uncaught: https://html.spec.whatwg.org/#dom-reporterror */
function reportError(error) {
  requiredArguments(arguments.length, 1, "Failed to execute 'reportError'");
  reportException(error, true);
}

/** Operations of the global: writable, configurable, enumerable. */
const operations = {
  __proto__: null,
  atob,
  btoa,
  clearInterval,
  clearTimeout,
  queueMicrotask,
  reportError,
  setInterval,
  setTimeout,
  ...dataOperations,
};

/** Read-only attributes. */
const attributes = { __proto__: null, crypto, navigator };

/** Attributes that assignment replaces ([Replaceable] in WebIDL). */
const replaceable = { __proto__: null, performance };

function define(name, descriptor) {
  ObjectDefineProperty(globalThis, name, { __proto__: null, configurable: true, ...descriptor });
}

/**
 * `onerror` of the global (https://html.spec.whatwg.org/#the-event-handler-processing-algorithm):
 * true cancels.
 */
function callErrorHandler(handler, target, event) {
  if (typeof handler !== "function") return;
  if (!(event instanceof ErrorEvent)) {
    if (FunctionPrototypeCall(handler, target, event) === false) event.preventDefault();
    return;
  }
  const { message, filename, lineno, colno, error } = event;
  if (FunctionPrototypeCall(handler, target, message, filename, lineno, colno, error) === true) {
    event.preventDefault();
  }
}

/** Called once, when the snapshot is built. */
export function installGlobals() {
  for (const name of ObjectKeys(interfaces)) {
    define(name, { value: interfaces[name], writable: true, enumerable: false });
  }
  for (const name of ObjectKeys(operations)) {
    define(name, { value: operations[name], writable: true, enumerable: true });
  }
  for (const name of ObjectKeys(attributes)) {
    const value = attributes[name];
    define(name, { get: () => value, set: undefined, enumerable: true });
  }
  for (const name of ObjectKeys(replaceable)) {
    const value = replaceable[name];
    define(name, {
      get: () => value,
      set: (replacement) => {
        define(name, { value: replacement, writable: true, enumerable: true });
      },
      enumerable: true,
    });
  }
  for (const accessor of dataAccessors) {
    define(accessor[0], {
      get: accessor[1],
      set: accessor[2],
      enumerable: true,
      configurable: accessor[0] !== "location",
    });
  }
  for (let i = 0; i < lazyInterfaces.length; i++) {
    lazy.defineLazy(globalThis, lazyInterfaces[i][0], lazyInterfaces[i][1], false);
  }
  lazy.defineLazy(globalThis, lazy.fetching, ["fetch"], true);
  lazy.defineLazy(globalThis, lazy.caches, ["caches"], true);
  const storage = () => loadBundle("sqlite").storage;
  lazy.defineLazy(globalThis, storage, ["Storage", "StorageEvent"], false);
  lazy.defineLazy(globalThis, storage, ["localStorage", "sessionStorage"], true);
  define("console", { value: console, writable: true, enumerable: false });
  // Node's two, as Deno has them.
  lazy.defineLazy(globalThis, lazy.node, ["process"], false);
  define("global", { value: globalThis, writable: true, enumerable: false });
  define("self", { value: globalThis, writable: true, enumerable: true });
  define(SymbolToStringTag, { value: "Window", writable: false, enumerable: false });

  // The global is an event target by these three functions; its prototype stays Object.prototype's
  // child, which V8 does not let a snapshot change.
  setGlobalEventTarget(globalThis);
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) {
    define(name, { value: EventTarget.prototype[name], writable: true, enumerable: true });
  }
  defineEventHandler(globalThis, "error", callErrorHandler);
  for (const type of ["unhandledrejection", "rejectionhandled", "load", "beforeunload", "unload"]) {
    defineEventHandler(globalThis, type);
  }
  setTimerGlobal(globalThis);
}
