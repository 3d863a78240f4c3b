// EventSource (https://html.spec.whatwg.org/#the-eventsource-interface) on fetch: one request at a
// time, a parser of lines, and a timer between two of them.

import { errors } from "rt:bootstrap/errors.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { takeBody } from "../fetch/body.js";
import { fetch } from "../fetch/fetch.js";
import { fillList, getFromList } from "../fetch/headers.js";
import { toInnerResponse } from "../fetch/response.js";
import { newDeferred } from "../streams/promises.js";
import { acquireReader } from "../streams/streams.js";
import { URL, urlHref } from "../url/url.js";
import { abortSignal, createAbortSignal } from "../web/abort.js";
import { DOMException } from "../web/dom_exception.js";
import {
  defineEventHandler,
  ErrorEvent,
  Event,
  EventTarget,
  fireEvent,
  makeMessageEventFrom,
} from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { locationHref } from "../web/location.js";
import { parseMimeType } from "../web/mime.js";
import { decodeWith, encodeUtf8, TextDecoder } from "../web/text_encoding.js";
import { startTimer, stopTimer } from "../web/timers.js";
import {
  boolean,
  configureInterface,
  defineConstants,
  dictionary,
  illegalInvocation,
  requiredArguments,
  usvString,
} from "../web/webidl.js";
import { EventParser } from "./event_parser.js";
import { originOf } from "./handshake.js";

const { ArrayBufferIsView, ArrayPrototypePush, MathMin, StringFromCharCode, TypeError } =
  primordials;

const kConnecting = 0;
const kOpen = 1;
const kClosed = 2;
/** Before a server says `retry`; what Deno has. */
const kReconnectMs = 5000;
const kMaxReconnectMs = 2 ** 31 - 1;

const toInit = dictionary("EventSourceInit", [
  { key: "headers", converter: (value) => value },
  { key: "withCredentials", converter: boolean, defaultValue: false },
]);

const kStream = { __proto__: null, stream: true };

/** The next chunk of an internal reader, in a box; undefined at the end. */
function nextChunk(reader) {
  const { promise, resolve, reject } = newDeferred();
  reader.read({
    __proto__: null,
    chunk: (chunk) => resolve({ __proto__: null, chunk }),
    close: () => resolve(undefined),
    error: reject,
  });
  return promise;
}

/** Text as the string of bytes that a header carries it in. */
function utf8ByteString(text) {
  const bytes = encodeUtf8(text);
  let result = "";
  for (let i = 0; i < bytes.length; i++) result += StringFromCharCode(bytes[i]);
  return result;
}

const kPrefix = "Failed to construct 'EventSource'";

/** A source of server-sent events. */
export class EventSource extends EventTarget {
  #url;
  #withCredentials;
  #headers = [];
  #state = kConnecting;
  #signal = createAbortSignal();
  #timer = undefined;
  #reconnectMs = kReconnectMs;
  #lastEventId = "";

  constructor(url, eventSourceInitDict = undefined) {
    super();
    requiredArguments(arguments.length, 1, kPrefix);
    const text = usvString(url);
    const init = toInit(eventSourceInitDict, kPrefix, "Argument 2");
    try {
      this.#url = urlHref(new URL(text, locationHref() ?? undefined));
    } catch (error) {
      throw new DOMException(error.message, "SyntaxError");
    }
    this.#withCredentials = init.withCredentials;
    if (init.headers !== undefined) {
      fillList(this.#headers, init.headers, kPrefix, "'headers' of 'EventSourceInit' (Argument 2)");
    }
    this.#connect();
  }

  #request() {
    const list = [];
    const custom = this.#headers;
    const add = (name, value) => {
      if (getFromList(custom, name) === null) ArrayPrototypePush(list, [name, value]);
    };
    add("accept", "text/event-stream");
    add("cache-control", "no-cache");
    for (let i = 0; i < custom.length; i += 2) {
      ArrayPrototypePush(list, [custom[i], custom[i + 1]]);
    }
    const id = this.#lastEventId;
    if (id !== "") ArrayPrototypePush(list, ["last-event-id", utf8ByteString(id)]);
    return { __proto__: null, headers: list, signal: this.#signal };
  }

  async #connect() {
    let response;
    try {
      response = await fetch(this.#url, this.#request());
    } catch (error) {
      // What is not allowed now will not be later.
      if (error instanceof errors.NotCapable) this.#fail(error);
      else this.#reconnect(error);
      return;
    }
    if (this.#state === kClosed) return;
    const inner = toInnerResponse(response);
    const { status, headerList } = inner;
    const type = getFromList(headerList ?? [], "content-type");
    if (status !== 200 || type === null || parseMimeType(type)?.essence !== "text/event-stream") {
      abortSignal(this.#signal);
      this.#fail(new TypeError("The server's answer is no event stream"));
      return;
    }
    this.#state = kOpen;
    fireEvent(this, new Event("open"));
    let cause;
    try {
      await this.#readEvents(inner);
    } catch (error) {
      cause = error;
    }
    this.#reconnect(cause);
  }

  async #readEvents(inner) {
    const origin = originOf(new URL(inner.url));
    const body = takeBody(inner);
    if (body === null) return;
    const decoder = new TextDecoder();
    const parser = new EventParser(this.#lastEventId);
    const feed = (bytes) => {
      parser.feed(decodeWith(decoder, bytes, kStream), (type, data, id) => {
        this.#lastEventId = id;
        if (data === null || this.#state === kClosed) return;
        fireEvent(this, makeMessageEventFrom(type, data, origin, id));
      });
      if (parser.retryMs >= 0) this.#reconnectMs = MathMin(parser.retryMs, kMaxReconnectMs);
    };
    if (typeof body === "string" || ArrayBufferIsView(body)) {
      feed(typeof body === "string" ? encodeUtf8(body) : body);
      return;
    }
    const reader = acquireReader(body.open(), false);
    while (this.#state !== kClosed) {
      const next = await nextChunk(reader);
      if (next === undefined) return;
      feed(next.chunk);
    }
  }

  /** Tries again after a while. */
  #reconnect(cause) {
    if (this.#state === kClosed) return;
    this.#state = kConnecting;
    this.#fireError(cause);
    if (this.#state === kClosed) return;
    this.#timer = startTimer(() => {
      this.#timer = undefined;
      this.#connect();
    }, this.#reconnectMs);
  }

  #fail(cause) {
    if (this.#state === kClosed) return;
    this.#state = kClosed;
    this.#fireError(cause);
  }

  #fireError(error) {
    const message = error?.message ?? "";
    fireEvent(this, new ErrorEvent("error", { __proto__: null, message, error }));
  }

  get url() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#url;
  }

  get withCredentials() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#withCredentials;
  }

  get readyState() {
    if (!(#url in this)) throw illegalInvocation();
    return this.#state;
  }

  close() {
    if (!(#url in this)) throw illegalInvocation();
    if (this.#state === kClosed) return;
    this.#state = kClosed;
    abortSignal(this.#signal);
    if (this.#timer !== undefined) stopTimer(this.#timer);
  }

  [kInspect](inspect, options) {
    if (!(#url in this)) return inspect({}, options);
    const keys = ["readyState", "url", "withCredentials", "onopen", "onmessage", "onerror"];
    return inspectAs("EventSource", this, keys, inspect, options);
  }
}

defineEventHandler(EventSource.prototype, "open");
defineEventHandler(EventSource.prototype, "message");
defineEventHandler(EventSource.prototype, "error");
configureInterface(EventSource);
defineConstants(EventSource, {
  __proto__: null,
  CONNECTING: kConnecting,
  OPEN: kOpen,
  CLOSED: kClosed,
});
