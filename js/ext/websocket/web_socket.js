// WebSocket (https://websockets.spec.whatwg.org/#the-websocket-interface), both ends: a client's is
// made by its constructor, a server's by Deno.upgradeWebSocket. The connection itself is in C++
// (src/ext/websocket); its events come through delivery.js.

import { op_core_try_close } from "rt:ops/core";
import { op_ws_buffered, op_ws_close, op_ws_send_binary, op_ws_send_text } from "rt:ops/websocket";
import { primordials } from "rt:bootstrap/primordials.js";
import { blobBytes, blobFromParts, blobSize, isBlob } from "../blob/blob.js";
import { urlHref } from "../url/url.js";
import { DOMException } from "../web/dom_exception.js";
import {
  CloseEvent,
  defineEventHandler,
  ErrorEvent,
  Event,
  EventTarget,
  fireEvent,
  fireTo,
  listenersOf,
  makeMessageEventFrom,
} from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { encodeUtf8 } from "../web/text_encoding.js";
import {
  bufferSource,
  configureInterface,
  defineConstants,
  domString,
  illegalInvocation,
  isArrayBuffer,
  isObject,
  kConstruct,
  requiredArguments,
  sequenceFrom,
  unsignedShort,
  usvString,
} from "../web/webidl.js";
import {
  addSocket,
  kBinary,
  kClose,
  kError,
  kText,
  removeSocket,
  setToWebSocket,
} from "./delivery.js";
import {
  checkProtocols,
  checkReason,
  Handshake,
  isUserCloseCode,
  originOf,
  toClient,
  toHeaderList,
  toSocketUrl,
} from "./handshake.js";

const {
  ArrayBufferIsView,
  Error,
  PromisePrototypeThen,
  SymbolIterator,
  TypedArrayPrototypeGetByteLength,
  TypeError,
  Uint8Array,
} = primordials;

const kConnecting = 0;
const kOpen = 1;
const kClosing = 2;
const kClosed = 3;
// What the ops call a close frame without a code.
const kNoStatus = 1005;
const kAbnormal = 1006;

const kClamp = { __proto__: null, clamp: true };
const kPrefix = "Failed to construct 'WebSocket'";

/** The second argument: protocols, one or several, or an object of options as Deno has it. */
function toOptions(value) {
  const none = { __proto__: null, protocols: [], headers: [], client: undefined };
  if (value === undefined) return none;
  if (!isObject(value)) return { __proto__: null, ...none, protocols: [usvString(value)] };
  const method = value[SymbolIterator];
  if (method !== undefined && method !== null) {
    return {
      __proto__: null,
      ...none,
      protocols: sequenceFrom(value, method, domString, kPrefix, "Argument 2"),
    };
  }
  const { protocols, headers, client } = value;
  let list = [];
  if (isObject(protocols)) {
    const each = protocols[SymbolIterator];
    if (each === undefined || each === null) {
      throw new TypeError(`${kPrefix}: 'protocols' is not a string or a sequence of strings`);
    }
    list = sequenceFrom(protocols, each, domString, kPrefix, "'protocols'");
  } else if (protocols !== undefined) {
    list = [usvString(protocols)];
  }
  return {
    __proto__: null,
    protocols: list,
    headers: toHeaderList(headers, kPrefix),
    client: toClient(client),
  };
}

/** A socket for a connection that Deno.upgradeWebSocket will bring. */
export let makeServerSocket;
/** Its connection: a rid and the protocol; or why there is none. */
export let openServerSocket;
export let failServerSocket;

export class WebSocket extends EventTarget {
  #url = "";
  #origin = "";
  #state = kConnecting;
  #rid = 0;
  #handshake = null;
  #protocol = "";
  #extensions = "";
  #binaryType = "blob";
  #isServer = false;
  // Bytes that were sent when it was no longer open, or were left when it closed.
  #unsent = 0;

  constructor(url, protocols = undefined) {
    super();
    if (url === kConstruct) {
      this.#isServer = true;
      return;
    }
    requiredArguments(arguments.length, 1, kPrefix);
    const text = usvString(url);
    const options = toOptions(protocols);
    const parsed = toSocketUrl(text);
    checkProtocols(options.protocols);
    this.#url = urlHref(parsed);
    this.#origin = originOf(parsed);
    this.#handshake = new Handshake(parsed, options, "new WebSocket()");
    PromisePrototypeThen(
      this.#handshake.run(),
      ({ rid, protocol, extensions }) => {
        this.#extensions = extensions;
        this.#open(rid, protocol);
      },
      (error) => this.#fail(error),
    );
  }

  static {
    makeServerSocket = () => new WebSocket(kConstruct);
    openServerSocket = (socket, rid, protocol, extensions) => {
      socket.#extensions = extensions;
      socket.#open(rid, protocol);
    };
    failServerSocket = (socket, error) => socket.#fail(error);
    setToWebSocket((socket, kind, data, code, clean) =>
      socket.#onSocketEvent(kind, data, code, clean),
    );
  }

  #open(rid, protocol) {
    this.#handshake = null;
    this.#rid = rid;
    this.#protocol = protocol;
    addSocket(rid, this);
    if (this.#state === kConnecting) {
      this.#state = kOpen;
      fireEvent(this, new Event("open"));
    } else {
      // A server's that was closed before it was there.
      op_ws_close(rid, kNoStatus, "");
    }
  }

  #onSocketEvent(kind, data, code, clean) {
    switch (kind) {
      case kText:
      case kBinary:
        this.#fireMessage(kind, data);
        break;
      case kError:
        this.#state = kClosed;
        this.#fireError(data, new Error(data));
        break;
      case kClose:
        this.#state = kClosed;
        removeSocket(this.#rid);
        this.#unsent += op_ws_buffered(this.#rid);
        op_core_try_close(this.#rid);
        this.#rid = 0;
        this.#fireClose(clean, code, data);
        break;
    }
  }

  #fireMessage(kind, data) {
    if (this.#state !== kOpen) return;
    const listeners = listenersOf(this, "message");
    if (listeners === undefined) return;
    if (kind === kBinary && this.#binaryType === "blob") {
      data = blobFromParts([new Uint8Array(data)], "");
    }
    fireTo(this, makeMessageEventFrom("message", data, this.#origin), listeners);
  }

  /** The connection was never there. */
  #fail(error) {
    if (this.#state === kClosed) return;
    this.#handshake = null;
    this.#state = kClosed;
    this.#fireError(error?.message ?? "", error);
    this.#fireClose(false, kAbnormal, "");
  }

  #fireError(message, error) {
    fireEvent(this, new ErrorEvent("error", { __proto__: null, message, error }));
  }

  #fireClose(wasClean, code, reason) {
    fireEvent(this, new CloseEvent("close", { __proto__: null, wasClean, code, reason }));
  }

  get url() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#url;
  }

  get readyState() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#state;
  }

  /** Bytes of messages that were sent and have not left yet. */
  get bufferedAmount() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#rid === 0 ? this.#unsent : this.#unsent + op_ws_buffered(this.#rid);
  }

  get extensions() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#extensions;
  }

  get protocol() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#protocol;
  }

  /** "blob" or "arraybuffer": what the data of binary messages is. */
  get binaryType() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#binaryType;
  }

  set binaryType(value) {
    if (!(#url in this)) throw illegalInvocation();
    value = domString(value);
    if (value === "blob" || value === "arraybuffer") this.#binaryType = value;
  }

  close(code = undefined, reason = undefined) {
    if (!(#url in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'close' on 'WebSocket'";
    if (code !== undefined) {
      code = unsignedShort(code, prefix, "Argument 1", kClamp);
      // A server may give the protocol's own reasons too; op_ws_close knows which.
      if (!this.#isServer && !isUserCloseCode(code)) {
        throw new DOMException(
          "The close code must be either 1000 or in the range of 3000 to 4999",
          "InvalidAccessError",
        );
      }
    }
    if (reason !== undefined) {
      reason = usvString(reason);
      checkReason(reason);
    }
    if (this.#state === kConnecting) {
      this.#state = kClosing;
      this.#handshake?.cancel();
    } else if (this.#state === kOpen) {
      op_ws_close(this.#rid, code ?? (reason ? 1000 : kNoStatus), reason ?? "");
      this.#state = kClosing;
    }
  }

  /** Sends a string, a buffer, a view or a Blob. */
  send(data) {
    if (!(#url in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'send' on 'WebSocket'";
    requiredArguments(arguments.length, 1, prefix);
    if (typeof data === "string" && this.#state === kOpen) {
      op_ws_send_text(this.#rid, data);
      return;
    }
    const isBinary = ArrayBufferIsView(data) || isArrayBuffer(data);
    if (isBinary) bufferSource(data, prefix, "Argument 1");
    else if (!isBlob(data)) data = usvString(data);
    if (this.#state === kConnecting) {
      throw new DOMException("'readyState' not OPEN", "InvalidStateError");
    }
    if (typeof data === "string") {
      this.#sendText(data);
      return;
    }
    if (this.#state !== kOpen) {
      this.#unsent += isBinary ? data.byteLength : blobSize(data);
    } else if (isBinary) {
      op_ws_send_binary(this.#rid, ArrayBufferIsView(data) ? data : new Uint8Array(data));
    } else {
      op_ws_send_binary(this.#rid, blobBytes(data));
    }
  }

  #sendText(text) {
    if (this.#state === kOpen) op_ws_send_text(this.#rid, text);
    else this.#unsent += TypedArrayPrototypeGetByteLength(encodeUtf8(text));
  }

  [kInspect](inspect, options) {
    if (!(#url in this)) return inspect({}, options);
    return inspectAs("WebSocket", this, kInspected, inspect, options);
  }
}

const kInspected = [
  "url",
  "readyState",
  "extensions",
  "protocol",
  "binaryType",
  "bufferedAmount",
  "onmessage",
  "onerror",
  "onclose",
  "onopen",
];

defineEventHandler(WebSocket.prototype, "open");
defineEventHandler(WebSocket.prototype, "error");
defineEventHandler(WebSocket.prototype, "close");
defineEventHandler(WebSocket.prototype, "message");
configureInterface(WebSocket);
defineConstants(WebSocket, {
  __proto__: null,
  CONNECTING: kConnecting,
  OPEN: kOpen,
  CLOSING: kClosing,
  CLOSED: kClosed,
});
