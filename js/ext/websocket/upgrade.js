// Deno.upgradeWebSocket: from a request of Deno.serve to a WebSocket. The upgrade begins with the
// call, as in Deno, so a handler may wait for the socket before it returns the response.

import { op_ws_answer, op_ws_has_token, op_ws_open_server } from "rt:ops/websocket";
import { primordials } from "rt:bootstrap/primordials.js";
import { requestHeaderList, toInnerRequest } from "../fetch/request.js";
import { RequestRecord } from "../http/request_record.js";
import { makeUpgradeResponse } from "../http/upgrade_response.js";
import { failServerSocket, makeServerSocket, openServerSocket } from "./web_socket.js";

const {
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  Number,
  StringPrototypeSplit,
  StringPrototypeTrim,
  TypeError,
} = primordials;

/** Seconds without a word before the client is asked for one, twice over: what Deno has. */
const kIdleTimeout = 30;
const kMaxIdleTimeout = 2 ** 31 / 1000;

function fieldReader(list) {
  return (name) => {
    let value = null;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) value = value === null ? list[i + 1] : `${value}, ${list[i + 1]}`;
    }
    return value;
  };
}

function chooseProtocol(asked, wanted) {
  if (wanted === undefined || wanted === null || wanted === "") return "";
  const protocols = [];
  const parts = StringPrototypeSplit(asked ?? "", ",");
  for (let i = 0; i < parts.length; i++)
    ArrayPrototypePush(protocols, StringPrototypeTrim(parts[i]));
  if (!ArrayPrototypeIncludes(protocols, `${wanted}`)) {
    throw new TypeError(`Protocol '${wanted}' not in the request's protocol list (non negotiable)`);
  }
  return `${wanted}`;
}

function toIdleTimeout(value) {
  if (value === undefined || value === null) return kIdleTimeout * 1000;
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds <= kMaxIdleTimeout)) {
    throw new TypeError(`Invalid idleTimeout: ${value}`);
  }
  return seconds * 1000;
}

/**
 * Upgrades the connection of a request to a WebSocket.
 * @param {Request} request
 * @param {{ protocol?: string, idleTimeout?: number }} [options]
 * @returns {{ socket: WebSocket, response: Response }} `response` is to be returned by the handler
 */
export function upgradeWebSocket(request, options = undefined) {
  const record = toInnerRequest(request);
  if (!(record instanceof RequestRecord)) {
    throw new TypeError(
      "Cannot upgrade to WebSocket: the request is none that Deno.serve has received",
    );
  }
  if (record.method !== "GET") {
    throw new TypeError(`Cannot upgrade to WebSocket: the method is ${record.method}, not GET`);
  }
  const field = fieldReader(requestHeaderList(request));
  if (!op_ws_has_token(field("upgrade") ?? "", "websocket")) {
    throw new TypeError("Invalid Header: 'upgrade' header must contain 'websocket'");
  }
  if (!op_ws_has_token(field("connection") ?? "", "upgrade")) {
    throw new TypeError("Invalid Header: 'connection' header must contain 'Upgrade'");
  }
  const key = field("sec-websocket-key");
  if (key === null) {
    throw new TypeError("Invalid Header: 'sec-websocket-key' header must be set");
  }
  if (field("sec-websocket-version") !== "13") {
    throw new TypeError("Invalid Header: 'sec-websocket-version' header must be '13'");
  }
  const idleTimeout = toIdleTimeout(options?.idleTimeout);
  const protocol = chooseProtocol(field("sec-websocket-protocol"), options?.protocol);
  const answer = op_ws_answer(key, field("sec-websocket-extensions") ?? "");
  const headers = [
    "upgrade",
    "websocket",
    "connection",
    "Upgrade",
    "sec-websocket-accept",
    answer.accept,
  ];
  if (protocol !== "") ArrayPrototypePush(headers, "sec-websocket-protocol", protocol);
  if (answer.extensions !== "") {
    ArrayPrototypePush(headers, "sec-websocket-extensions", answer.extensions);
  }
  if (!record.canUpgrade()) {
    throw new TypeError("Cannot upgrade to WebSocket: the request has a body, or is answered");
  }
  const socket = makeServerSocket();
  const stream = record.upgrade(headers);
  open(socket, stream, protocol, answer.extensions, idleTimeout);
  return { response: makeUpgradeResponse(record, headers), socket };
}

async function open(socket, stream, protocol, extensions, idleTimeout) {
  let rid;
  try {
    const streamRid = await stream;
    rid = op_ws_open_server(streamRid, streamRid, extensions, idleTimeout);
  } catch (error) {
    failServerSocket(socket, error);
    return;
  }
  openServerSocket(socket, rid, protocol, extensions);
}
