// Deno.serve: checks its arguments, listens, and keeps taking requests until the server is closed.
// The loop empties the queue with synchronous calls and waits only when there is nothing to do.

import { op_core_try_close } from "rt:ops/core";
import {
  op_http_notify_serving,
  op_http_serve,
  op_http_serve_tls,
  op_http_serve_unix,
  op_http_shutdown,
  op_http_try_wait,
  op_http_wait,
} from "rt:ops/http";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { console } from "../console/console.js";
import { isQuiet } from "../io/quiet.js";
import {
  addAbortAlgorithm,
  isSignalAborted,
  removeAbortAlgorithm,
  toAbortSignal,
} from "../web/abort.js";
import { withActivated } from "../net/activated.js";
import { serverIdentity, wantsTls } from "../tls/tls.js";
import { defaultOnError, makeDispatch } from "./respond.js";

const {
  FunctionPrototypeCall,
  Number,
  NumberIsInteger,
  ObjectHasOwn,
  ObjectKeys,
  RangeError,
  StringPrototypeIncludes,
  StringPrototypeTrim,
  SymbolAsyncDispose,
  TypeError,
} = primordials;

function toPort(value) {
  const isNumeral = typeof value === "string" && StringPrototypeTrim(value) !== "";
  const port = isNumeral ? Number(value) : value;
  if (!NumberIsInteger(port)) {
    throw new TypeError(`Invalid port: ${typeof value === "string" ? `'${value}'` : value}`);
  }
  if (port < 0 || port > 65535) throw new RangeError(`Invalid port (out of range): ${value}`);
  return port;
}

/** Every limit there is; see src/ext/http/engine/limits.h for what each means. */
const kNoLimits = {
  __proto__: null,
  maxHeadBytes: undefined,
  maxTargetBytes: undefined,
  maxHeaders: undefined,
  maxConnections: undefined,
  maxPipelined: undefined,
  headerTimeoutMs: undefined,
  bodyTimeoutMs: undefined,
  minBodyRate: undefined,
  idleTimeoutMs: undefined,
  writeTimeoutMs: undefined,
  maxBodyBytes: undefined,
  maxBufferedBodyBytes: undefined,
};

/** A misspelt limit would protect nobody: unknown names are refused. */
function toLimits(value) {
  const limits = { ...kNoLimits };
  if (value === undefined || value === null) return limits;
  const names = ObjectKeys(value);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (!ObjectHasOwn(kNoLimits, name)) throw new TypeError(`Unknown limit: '${name}'`);
    const limit = value[name];
    if (limit === undefined) continue;
    if (typeof limit !== "number") throw new TypeError(`Invalid limit: '${name}'`);
    limits[name] = limit;
  }
  return limits;
}

/** "http://127.0.0.1:8000/", and where to look when the server listens everywhere. */
function announcement(addr, scheme) {
  if (addr.transport === "unix") return `Listening on ${addr.path}`;
  const host = StringPrototypeIncludes(addr.hostname, ":") ? `[${addr.hostname}]` : addr.hostname;
  const everywhere = addr.hostname === "0.0.0.0" || addr.hostname === "::";
  const hint = everywhere ? ` (${scheme}://localhost:${addr.port}/)` : "";
  return `Listening on ${scheme}://${host}:${addr.port}/${hint}`;
}

function listen(given) {
  const options = withActivated(given);
  const serveOptions = {
    __proto__: null,
    reusePort: options.reusePort === true,
    limits: toLimits(options.limits),
  };
  const { path } = options;
  if (path !== undefined) {
    if (typeof path !== "string") throw new TypeError("Invalid path: must be a string");
    const { rid } = op_http_serve_unix(path, path, serveOptions);
    return { rid, addr: { __proto__: null, transport: "unix", path } };
  }
  const port = toPort(options.port ?? 8000);
  const host = `${options.hostname ?? "0.0.0.0"}`;
  const address = { __proto__: null, host, port };
  const bound = wantsTls(options)
    ? op_http_serve_tls(address, serveOptions, serverIdentity(options, "Deno.serve"))
    : op_http_serve(address, serveOptions);
  return {
    rid: bound.rid,
    addr: { __proto__: null, hostname: bound.hostname, port: bound.port, transport: "tcp" },
  };
}

/** Takes requests until the server is closed. */
async function takeRequests(rid, dispatch, state) {
  for (;;) {
    for (let id = op_http_try_wait(rid); id !== 0; id = op_http_try_wait(rid)) dispatch(id);
    // A handler, or whoever aborted the signal, may have closed it meanwhile.
    if (state.closed) return;
    const waiting = op_http_wait(rid);
    if (typeof waiting === "object") {
      state.waiting = lastPromiseId();
      if (!state.referenced) setOpReferenced(state.waiting, false);
    }
    const id = await waiting;
    state.waiting = 0;
    if (id === 0) return;
    dispatch(id);
  }
}

function parseArguments(first, second) {
  let options;
  let handler;
  if (typeof first === "function") {
    handler = first;
    options = second;
  } else if (typeof second === "function") {
    handler = second;
    options = first;
  } else {
    options = first;
    if (options === undefined || options === null) {
      throw new TypeError(
        "Cannot serve HTTP requests: either a `handler` or `options` must be specified",
      );
    }
    handler = options.handler;
  }
  if (typeof handler !== "function") {
    throw new TypeError(
      `Cannot serve HTTP requests: handler must be a function, received ${typeof handler}`,
    );
  }
  return { handler, options: options ?? { __proto__: null } };
}

/**
 * Serves HTTP with the handler: `serve(handler)`, `serve(options, handler)` or
 * `serve({ handler, … })`.
 * @returns {object} the server: `addr finished ref unref shutdown`, `Symbol.asyncDispose`
 */
export function serve(first = undefined, second = undefined) {
  const { handler, options } = parseArguments(first, second);
  const onListen =
    options.onListen ??
    ((addr) =>
      isQuiet() || console.error(announcement(addr, wantsTls(options) ? "https" : "http")));
  const onError = options.onError ?? defaultOnError;
  if (typeof onListen !== "function") throw new TypeError("onListen must be a function");
  if (typeof onError !== "function") throw new TypeError("onError must be a function");
  const signal =
    options.signal === undefined || options.signal === null
      ? null
      : toAbortSignal(options.signal, "Failed to execute 'Deno.serve'", "'signal' of 'options'");

  const { rid, addr } = listen(options);
  const state = { referenced: true, waiting: 0, shutdown: null, closed: false };
  function close() {
    state.closed = true;
    op_core_try_close(rid);
  }
  try {
    FunctionPrototypeCall(onListen, options, addr);
  } catch (error) {
    op_core_try_close(rid);
    throw error;
  }
  op_http_notify_serving(rid);
  if (signal !== null) {
    if (isSignalAborted(signal)) close();
    else addAbortAlgorithm(signal, close);
  }

  const dispatch = makeDispatch(handler, onError, addr, !!options.automaticCompression);
  const finished = (async () => {
    // Not before the caller has its server.
    await undefined;
    try {
      await takeRequests(rid, dispatch, state);
    } finally {
      close();
      if (signal !== null) removeAbortAlgorithm(signal, close);
    }
  })();

  async function shutdown() {
    if (!state.closed) await (state.shutdown ??= op_http_shutdown(rid));
    await finished;
  }
  function setReferenced(referenced) {
    state.referenced = referenced;
    if (state.waiting !== 0) setOpReferenced(state.waiting, referenced);
  }
  return {
    addr,
    finished,
    shutdown,
    ref() {
      setReferenced(true);
    },
    unref() {
      setReferenced(false);
    },
    [SymbolAsyncDispose]() {
      return shutdown();
    },
  };
}

/** `rt serve file`: serves the module's default export, an object with `fetch`. */
export function serveModule(exports, options) {
  const handlerObject = exports.default;
  const fetch = handlerObject?.fetch;
  if (typeof fetch !== "function") {
    throw new TypeError(
      "rt serve: the module's default export must be an object with a 'fetch' method",
    );
  }
  const { onListen } = handlerObject;
  if (typeof onListen === "function") {
    options.onListen = (addr) => FunctionPrototypeCall(onListen, handlerObject, addr);
  }
  return serve(options, (request, info) => handlerObject.fetch(request, info));
}
