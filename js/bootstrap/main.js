// The root of the built-ins: imports all of them, fills the global object and gives C++ the functions it
// calls (the hooks). Runs once, when the snapshot is built.
import { op_core_set_hooks } from "rt:ops/core";
import { op_console_now, op_console_print } from "rt:ops/console";
import { inspect, inspectFields } from "rt:ext/console/inspect.js";
import { formatError, formatUncaught } from "rt:ext/console/uncaught.js";
import { setColors, stdoutTakesColors } from "rt:ext/console/styles.js";
import { setQuiet } from "rt:ext/io/quiet.js";
import { deliverMessages } from "rt:ext/messaging/message_port.js";
// The lexer of CommonJS is not ours and takes the global objects as they are when it is evaluated.
import "rt:ext/module/export_names.js";
import { blobModule } from "rt:ext/blob/blob_module.js";
import { exitCode, setBeforeExit, setExitCode, setExitGuard } from "rt:ext/os/os.js";
import { DOMException, QuotaExceededError } from "rt:ext/web/dom_exception.js";
import { Event, eventInitMembers, eventState, kDispatching } from "rt:ext/web/event.js";
import { addInspectedKeys } from "rt:ext/web/event_types.js";
import { reportException } from "rt:ext/web/report.js";
import {
  configureInterface,
  dictionary,
  domString,
  illegalInvocation,
  interfaceType,
  nullable,
  requiredArguments,
  unsignedLong,
  usvString,
} from "rt:ext/web/webidl.js";
import { activeTimers, fireTimers, startTimer, stopTimer, trackTimers } from "rt:ext/web/timers.js";
import { deliverSocketEvents } from "rt:ext/websocket/delivery.js";
import { installAtomics } from "./atomics.js";
import { denoNs } from "./deno.js";
import { errorPrototypes } from "./errors.js";
import { installGlobals } from "./globals.js";
import * as lazy from "./lazy.js";
import {
  dispatchBeforeUnload,
  dispatchLoad,
  dispatchUnload,
  onRejectionHandled,
  onUnhandledRejection,
  setReporter,
  setUncaught,
} from "./lifecycle.js";
import { primordials } from "./primordials.js";
import { deliver, makeAsyncOp, PENDING } from "./ring.js";

const { ErrorPrototypeToString, JSONParse } = primordials;

const v8Console = globalThis.console;

installGlobals();
installAtomics();
setReporter();
setBeforeExit(dispatchUnload);
Object.defineProperty(globalThis, "Deno", {
  __proto__: null,
  value: denoNs,
  writable: true,
  enumerable: false,
  configurable: true,
});

op_core_set_hooks({
  __proto__: null,
  /** What an async op returns when its answer comes later. */
  pendingMarker: PENDING,
  /** Settles the promises of finished ops: (id, value, id, value, …). */
  deliver,
  /** A timer is due. */
  fireTimers,
  /** Whether one will fire, referenced or not. */
  hasTimers: () => activeTimers().length > 0,
  /** Message ports or WebSockets have something: true when more is left. */
  deliverMessages() {
    const more = deliverMessages();
    return deliverSocketEvents() || more;
  },
  /** Class name to prototype, for exceptions made in C++. */
  errorPrototypes: { __proto__: null, ...errorPrototypes, DOMException: DOMException.prototype },
  makeDomException: (message, name) => new DOMException(message, name),
  /** Name and message, as `error.stack` begins. */
  errorToString: (error) => ErrorPrototypeToString(error),
  /**
   * The text for an error nobody caught: (error, inPromise, sourceLine, column, location, the name
   * of the worker if it was in one).
   */
  formatUncaught,
  /** The same for a test that failed: (error, sourceLine, column, location). */
  formatFailure: (error, sourceLine, column, location) =>
    formatError(error, {
      __proto__: null,
      colors: stdoutTakesColors(),
      sourceLine,
      column,
      location,
    }),
  /** What bundles that are loaded later (js/testing, js/lazy) need of this one. */
  internals: {
    __proto__: null,
    activeTimers,
    DOMException,
    denoNs,
    /** For further classes of events. */
    events: {
      __proto__: null,
      addInspectedKeys,
      Event,
      eventInitMembers,
      eventState,
      kDispatching,
    },
    exitCode,
    inspect,
    inspectFields,
    makeAsyncOp,
    now: op_console_now,
    print: (text) => op_console_print(text, false),
    primordials,
    QuotaExceededError,
    reportException,
    setExitCode,
    setExitGuard,
    setUncaught,
    startTimer,
    stdoutTakesColors,
    stopTimer,
    /** From now on a timer's origin is what `place` returned when it was made. */
    trackTimerPlaces: (place) =>
      trackTimers({ __proto__: null, made: () => place(), enter() {}, leave() {} }),
    trackTimers,
    webidl: {
      __proto__: null,
      configureInterface,
      dictionary,
      domString,
      illegalInvocation,
      interfaceType,
      nullable,
      requiredArguments,
      unsignedLong,
      usvString,
    },
    /** V8's own console, which the inspector listens to. */
    v8Console,
  },
  /** Before the main module is evaluated: (stdout has colours, stderr has colours, --quiet). */
  start(stdoutColors, stderrColors, quiet) {
    setColors(stdoutColors, stderrColors);
    setQuiet(quiet);
  },
  /** The same for a worker, besides: (name, port). */
  startWorker: (name, port) => lazy.scope().startWorker(name, port),
  /** After the main module was evaluated. */
  load: dispatchLoad,
  /** An error out of a callback that V8 called itself. */
  reportException,
  /** `rt serve`: (namespace of the main module, options as JSON). */
  serveModule: (exports, options) => lazy.serving().serveModule(exports, JSONParse(options)),
  loadLazy: lazy.loadLazy,
  /** WebAssembly.compileStreaming: (what is no promise any more, V8's compilation). */
  compileStream: (source, compilation) => lazy.fetching().compileStream(source, compilation),
  /** Modules that JavaScript makes (src/module/required.cc). */
  importCommonJs: (path, code, text) => lazy.node().importCommonJs(path, code, text),
  evaluateCommonJs: (path, names, isMain) => lazy.node().evaluateCommonJs(path, names, isMain),
  builtinNames: (name) => lazy.node().importNames(name),
  builtinValues: (name, wanted) => lazy.node().importValues(name, wanted),
  blobModule,
  /** A promise was rejected and nobody listens: true if the program took care of it. */
  onUnhandledRejection,
  /** A promise the program took care of was handled later: (promise, reason). */
  onRejectionHandled,
  /** Nothing is left to do: `beforeunload`. True asks for another look at the loop. */
  beforeExit: dispatchBeforeUnload,
  /** The end: `unload`. */
  exit: dispatchUnload,
});
