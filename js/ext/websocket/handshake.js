// The opening handshake as a client sends it (https://websockets.spec.whatwg.org/#websocket-opening-handshake),
// for WebSocket and WebSocketStream, and what both check of their arguments.

import { op_core_try_close } from "rt:ops/core";
import { op_fetch_send, op_fetch_upgrade } from "rt:ops/fetch";
import { op_ws_has_token, op_ws_make_key, op_ws_open_client } from "rt:ops/websocket";
import { primordials } from "rt:bootstrap/primordials.js";
import { errors } from "rt:bootstrap/errors.js";
import { fillList, isToken } from "../fetch/headers.js";
import { clientRid } from "../fetch/http_client.js";
import { URL, urlComponents, urlHref } from "../url/url.js";
import { DOMException } from "../web/dom_exception.js";
import { locationHref } from "../web/location.js";
import { encodeUtf8 } from "../web/text_encoding.js";

const {
  ArrayPrototypeIncludes,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  Error,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  TypedArrayPrototypeGetByteLength,
  TypeError,
} = primordials;

const kVersion = "13";
const kOffer = "permessage-deflate; client_max_window_bits";

/** The URL record of a WebSocket's URL: its scheme is ws or wss. Throws a SyntaxError. */
export function toSocketUrl(text) {
  let url;
  try {
    url = new URL(text, locationHref() ?? undefined);
  } catch (error) {
    throw new DOMException(error.message, "SyntaxError");
  }
  const { protocol } = urlComponents(url);
  // Both pairs of schemes have the same default ports.
  if (protocol === "http:" || protocol === "https:") {
    url = new URL(`ws${StringPrototypeSlice(urlHref(url), 4)}`);
  } else if (protocol !== "ws:" && protocol !== "wss:") {
    throw new DOMException(
      `Only ws & wss & http & https schemes are allowed in a WebSocket URL: received ${protocol}`,
      "SyntaxError",
    );
  }
  const href = urlHref(url);
  // A fragment may be there and empty.
  for (let i = 0; i < href.length; i++) {
    if (href[i] === "#") {
      throw new DOMException("Fragments are not allowed in a WebSocket URL", "SyntaxError");
    }
  }
  return url;
}

/** "ws://example.com:8080": the origin of a URL record. */
export function originOf(url) {
  const { protocol, hostname, port } = urlComponents(url);
  return `${protocol}//${hostname}${port === "" ? "" : `:${port}`}`;
}

/** Throws a SyntaxError for protocols that cannot be asked for. */
export function checkProtocols(protocols) {
  const seen = [];
  for (let i = 0; i < protocols.length; i++) {
    if (!isToken(protocols[i])) {
      throw new DOMException("Invalid protocol value", "SyntaxError");
    }
    const lower = StringPrototypeToLowerCase(protocols[i]);
    if (ArrayPrototypeIncludes(seen, lower)) {
      throw new DOMException("Cannot supply multiple times the same protocol", "SyntaxError");
    }
    ArrayPrototypePush(seen, lower);
  }
}

/** A HeadersInit as a flat list, without what the handshake says itself. */
export function toHeaderList(init, prefix) {
  const list = [];
  if (init !== undefined) fillList(list, init, prefix, "'headers' of 'WebSocketOptions'");
  const kept = [];
  for (let i = 0; i < list.length; i += 2) {
    const name = StringPrototypeToLowerCase(list[i]);
    if (StringPrototypeSlice(name, 0, 14) === "sec-websocket-") continue;
    ArrayPrototypePush(kept, name, list[i + 1]);
  }
  return kept;
}

/** The rid of a `client` option, or undefined. */
export function toClient(client) {
  if (client === undefined) return undefined;
  const rid = clientRid(client);
  if (rid === undefined) throw new TypeError("`client` must be a Deno.HttpClient");
  return rid;
}

/** Whether a close code may be given by a program. */
export function isUserCloseCode(code) {
  return code === 1000 || (code >= 3000 && code <= 4999);
}

/** Throws for a reason that fits no close frame. */
export function checkReason(reason) {
  if (TypedArrayPrototypeGetByteLength(encodeUtf8(reason)) > 123) {
    throw new DOMException("The close reason may not be longer than 123 bytes", "SyntaxError");
  }
}

/**
 * One handshake. The constructor checks that the host may be connected to and throws NotCapable;
 * nothing is sent before `run`.
 */
export class Handshake {
  #rid;
  #key;
  #protocols;
  #error;
  #cancelled = false;

  constructor(url, { protocols, headers, client }, api) {
    const href = urlHref(url);
    const secure = urlComponents(url).protocol === "wss:";
    const list = headers;
    this.#key = op_ws_make_key();
    this.#protocols = protocols;
    ArrayPrototypePush(list, "sec-websocket-version", kVersion, "sec-websocket-key", this.#key);
    ArrayPrototypePush(list, "sec-websocket-extensions", kOffer);
    if (protocols.length > 0) {
      ArrayPrototypePush(list, "sec-websocket-protocol", ArrayPrototypeJoin(protocols, ", "));
    }
    const target = secure
      ? `https${StringPrototypeSlice(href, 3)}`
      : `http${StringPrototypeSlice(href, 2)}`;
    try {
      this.#rid = op_fetch_upgrade(target, list, "websocket", api, client);
    } catch (error) {
      // What is not allowed is told at once, what cannot work (a blocked port) with an event.
      if (error instanceof errors.NotCapable) throw error;
      this.#error = error;
    }
  }

  /** The rid of the connection, its protocol and its extensions; rejects with what went wrong. */
  async run() {
    if (this.#error !== undefined) throw this.#error;
    const rid = this.#rid;
    const reply = await op_fetch_send(rid, rid);
    // Nobody may find an answer after it was cancelled.
    if (this.#cancelled) {
      if (reply.upgraded !== null) op_core_try_close(reply.upgraded);
      throw new errors.Interrupted("operation canceled");
    }
    op_core_try_close(rid);
    this.#rid = undefined;
    if (reply.status !== 101 || reply.upgraded === null) {
      throw new Error(`the server answered with status ${reply.status} instead of 101`);
    }
    try {
      return this.#open(reply);
    } catch (error) {
      op_core_try_close(reply.upgraded);
      throw error;
    }
  }

  #open({ head, upgraded }) {
    const field = (name) => {
      let value;
      for (let i = 1; i < head.length; i += 2) {
        if (head[i] !== name) continue;
        value = value === undefined ? head[i + 1] : `${value}, ${head[i + 1]}`;
      }
      return value;
    };
    if (StringPrototypeToLowerCase(field("upgrade") ?? "") !== "websocket") {
      throw new Error("invalid 'upgrade' in the server's answer");
    }
    if (!op_ws_has_token(field("connection") ?? "", "upgrade")) {
      throw new Error("invalid 'connection' in the server's answer");
    }
    const protocol = field("sec-websocket-protocol");
    const wanted = this.#protocols;
    if (protocol === undefined ? wanted.length > 0 : !ArrayPrototypeIncludes(wanted, protocol)) {
      throw new Error("the server chose no protocol that was asked for");
    }
    const extensions = field("sec-websocket-extensions") ?? "";
    const accept = field("sec-websocket-accept") ?? "";
    const rid = op_ws_open_client(upgraded, upgraded, this.#key, accept, extensions);
    return { __proto__: null, rid, protocol: protocol ?? "", extensions };
  }

  /** Ends it, whatever it is at. */
  cancel() {
    this.#cancelled = true;
    if (this.#rid !== undefined) op_core_try_close(this.#rid);
  }
}
