// WebSocketStream (https://github.com/ricea/websocketstream-explainer), as Deno has it: a WebSocket
// whose messages are the chunks of two streams, with backpressure both ways.

import { op_core_try_close } from "rt:ops/core";
import {
  op_ws_close,
  op_ws_drained,
  op_ws_send_binary,
  op_ws_send_text,
  op_ws_set_paused,
} from "rt:ops/websocket";
import { errors } from "rt:bootstrap/errors.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { ReadableStream, WritableStream } from "../streams/streams.js";
import { urlHref } from "../url/url.js";
import {
  addAbortAlgorithm,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
  toAbortSignal,
} from "../web/abort.js";
import { DOMException } from "../web/dom_exception.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  bufferSource,
  configureInterface,
  dictionary,
  illegalInvocation,
  isArrayBuffer,
  isObject,
  makeException,
  requiredArguments,
  sequence,
  unsignedShort,
  usvString,
} from "../web/webidl.js";
import { addSocket, kBinary, kClose, kError, kText, removeSocket } from "./delivery.js";
import {
  checkProtocols,
  checkReason,
  Handshake,
  isUserCloseCode,
  toHeaderList,
  toSocketUrl,
} from "./handshake.js";

const {
  ArrayBufferIsView,
  ObjectPrototypeIsPrototypeOf,
  PromisePrototypeThen,
  PromiseWithResolvers,
  Uint8Array,
} = primordials;

const kNoStatus = 1005;
const kAbnormal = 1006;
const kPrefix = "Failed to construct 'WebSocketStream'";
const kEnforce = { __proto__: null, enforceRange: true };

const toCloseInfo = dictionary("WebSocketCloseInfo", [
  {
    key: "closeCode",
    converter: (value, prefix, context) =>
      value === null ? null : unsignedShort(value, prefix, context, kEnforce),
    defaultValue: null,
  },
  { key: "reason", converter: usvString, defaultValue: "" },
]);

/** The code and reason to close with. Throws for what may not be given. */
function closeInfo(value, prefix, context) {
  const info = toCloseInfo(value, prefix, context);
  let { closeCode } = info;
  const { reason } = info;
  if (closeCode !== null && !isUserCloseCode(closeCode)) {
    throw new DOMException(
      "The close code must be either 1000 or in the range of 3000 to 4999",
      "InvalidAccessError",
    );
  }
  checkReason(reason);
  if (reason !== "" && closeCode === null) closeCode = 1000;
  return { __proto__: null, closeCode, reason };
}

let makeError; // a WebSocketError with a code of the peer's
let closeInfoOf; // what a WebSocketError says about closing

/** Why a WebSocketStream ended. */
export class WebSocketError extends DOMException {
  #closeCode;
  #reason;

  constructor(message = "", init = undefined) {
    super(message, "WebSocketError");
    const info = closeInfo(init, "Failed to construct 'WebSocketError'", "Argument 2");
    this.#closeCode = info.closeCode;
    this.#reason = info.reason;
  }

  static {
    makeError = (message, code, reason) => {
      const error = new WebSocketError(message);
      error.#closeCode = code;
      error.#reason = reason;
      return error;
    };
    closeInfoOf = (value) =>
      isObject(value) && #reason in value
        ? { __proto__: null, closeCode: value.#closeCode, reason: value.#reason }
        : { __proto__: null, closeCode: null, reason: "" };
  }

  get closeCode() {
    if (!(#reason in this)) throw illegalInvocation();
    return this.#closeCode;
  }

  get reason() {
    if (!(#reason in this)) throw illegalInvocation();
    return this.#reason;
  }

  [kInspect](inspect, options) {
    if (!(#reason in this)) return inspect({}, options);
    const keys = ["message", "name", "closeCode", "reason"];
    return inspectAs("WebSocketError", this, keys, inspect, options);
  }
}
configureInterface(WebSocketError);

const toStreamOptions = dictionary("WebSocketStreamOptions", [
  { key: "headers", converter: (value) => value },
  { key: "protocols", converter: sequence(usvString), defaultValue: () => [] },
  {
    key: "signal",
    converter: (value) => toAbortSignal(value, kPrefix, "'signal' of 'WebSocketStreamOptions'"),
  },
]);

/** Marks a promise as handled: nobody has to listen to both. */
function quietly(promise) {
  PromisePrototypeThen(promise, undefined, () => {});
}

export class WebSocketStream {
  #url;
  #opened = PromiseWithResolvers();
  #closed = PromiseWithResolvers();
  #handshake = null;
  #rid = 0;
  #isOver = false;
  #closing = false;
  #signal;
  #abort;
  #writing = null; // resolvers of a write that waits for room
  #readable; // controllers of the two streams
  #writable;

  constructor(url, options = undefined) {
    requiredArguments(arguments.length, 1, kPrefix);
    const text = usvString(url);
    const { headers, protocols, signal } = toStreamOptions(options, kPrefix, "Argument 2");
    const parsed = toSocketUrl(text);
    checkProtocols(protocols);
    this.#url = urlHref(parsed);
    const asked = {
      __proto__: null,
      protocols,
      headers: toHeaderList(headers, kPrefix),
      client: undefined,
    };
    quietly(this.#opened.promise);
    quietly(this.#closed.promise);
    if (signal !== undefined && isSignalAborted(signal)) {
      this.#reject(signalReason(signal));
      return;
    }
    this.#handshake = new Handshake(parsed, asked, "new WebSocketStream()");
    if (signal !== undefined) {
      this.#signal = signal;
      this.#abort = () => {
        this.#handshake?.cancel();
        this.#reject(signalReason(signal));
      };
      addAbortAlgorithm(signal, this.#abort);
    }
    PromisePrototypeThen(
      this.#handshake.run(),
      (connection) => this.#open(connection),
      (error) => {
        this.#connected();
        // What permissions refuse (an address, say) stays what it is, as with fetch.
        const refused = ObjectPrototypeIsPrototypeOf(errors.NotCapable.prototype, error);
        if (refused && !this.#closing) this.#reject(error);
        else {
          this.#reject(
            makeError(this.#closing ? "Closed while connecting" : error.message, null, ""),
          );
        }
      },
    );
  }

  /** The handshake is over: nobody can abort it any more. */
  #connected() {
    this.#handshake = null;
    if (this.#signal !== undefined) removeAbortAlgorithm(this.#signal, this.#abort);
    this.#signal = undefined;
  }

  #reject(error) {
    this.#isOver = true;
    this.#opened.reject(error);
    this.#closed.reject(error);
  }

  #open({ rid, protocol, extensions }) {
    this.#connected();
    if (this.#isOver) {
      op_core_try_close(rid);
      return;
    }
    this.#rid = rid;
    // Nothing is read before somebody wants it.
    op_ws_set_paused(rid, true);
    addSocket(rid, (kind, data, code, clean) => this.#onEvent(kind, data, code, clean));
    const self = this;
    const readable = new ReadableStream({
      __proto__: null,
      start(controller) {
        self.#readable = controller;
      },
      pull() {
        if (!self.#isOver) op_ws_set_paused(rid, false);
      },
      cancel(reason) {
        return self.#closeFor(reason);
      },
    });
    const writable = new WritableStream({
      __proto__: null,
      start(controller) {
        self.#writable = controller;
      },
      write(chunk) {
        return self.#write(chunk);
      },
      close() {
        return self.#closeFor(undefined);
      },
      abort(reason) {
        return self.#closeFor(reason);
      },
    });
    this.#opened.resolve({ readable, writable, extensions, protocol });
  }

  async #write(chunk) {
    if (typeof chunk === "string") {
      op_ws_send_text(this.#rid, chunk);
    } else if (isArrayBuffer(chunk) || ArrayBufferIsView(chunk)) {
      const prefix = "Failed to write to 'WebSocketStream'";
      bufferSource(chunk, prefix, "The chunk");
      op_ws_send_binary(this.#rid, ArrayBufferIsView(chunk) ? chunk : new Uint8Array(chunk));
    } else {
      throw makeException("", "A chunk", "is not a string, an ArrayBuffer or a view on one");
    }
    const drained = op_ws_drained(this.#rid);
    if (drained === true) return;
    // Whatever ends the connection ends the write.
    this.#writing = PromiseWithResolvers();
    PromisePrototypeThen(drained, this.#writing.resolve, this.#writing.reject);
    await this.#writing.promise;
    this.#writing = null;
  }

  #onEvent(kind, data, code, clean) {
    switch (kind) {
      case kText:
      case kBinary:
        if (this.#closing) return;
        this.#readable.enqueue(kind === kText ? data : new Uint8Array(data));
        if (this.#readable.desiredSize <= 0) op_ws_set_paused(this.#rid, true);
        break;
      case kError:
        this.#end(makeError(data, kAbnormal, ""));
        break;
      case kClose:
        removeSocket(this.#rid);
        op_core_try_close(this.#rid);
        if (clean && this.#writing === null) {
          this.#closed.resolve({ closeCode: code, reason: data });
          this.#end(undefined, new DOMException("The connection was closed", "InvalidStateError"));
        } else {
          this.#end(makeError("The connection was closed", code, data));
        }
        break;
    }
  }

  /** Ends both streams: with an error, or cleanly for who reads and with `writeError` for who writes. */
  #end(error, writeError = error) {
    if (this.#isOver) return;
    this.#isOver = true;
    if (error === undefined) {
      try {
        this.#readable.close();
      } catch {
        // It was cancelled.
      }
    } else {
      this.#closed.reject(error);
      this.#readable.error(error);
    }
    this.#writing?.reject(writeError);
    this.#writable.error(writeError);
  }

  /** Closes as a stream's end asks for it; resolves once it is closed. */
  async #closeFor(reason) {
    const { closeCode, reason: text } = closeInfoOf(reason);
    this.#startClose(closeCode, text);
    try {
      await this.#closed.promise;
    } catch {
      // `closed` says it.
    }
  }

  #startClose(closeCode, reason) {
    if (this.#isOver || this.#closing) return;
    this.#closing = true;
    if (this.#handshake !== null) this.#handshake.cancel();
    else op_ws_close(this.#rid, closeCode ?? kNoStatus, reason);
  }

  get url() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#url;
  }

  /** Resolves with `{ readable, writable, extensions, protocol }`. */
  get opened() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#opened.promise;
  }

  /** Resolves with `{ closeCode, reason }` after a closing handshake. */
  get closed() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#closed.promise;
  }

  close(info = undefined) {
    if (!(#url in this)) throw illegalInvocation();
    const { closeCode, reason } = closeInfo(
      info,
      "Failed to execute 'close' on 'WebSocketStream'",
      "Argument 1",
    );
    this.#startClose(closeCode, reason);
  }

  [kInspect](inspect, options) {
    if (!(#url in this)) return inspect({}, options);
    return inspectAs("WebSocketStream", this, ["closed", "opened", "url"], inspect, options);
  }
}
configureInterface(WebSocketStream);
