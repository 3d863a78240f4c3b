// Lazy: WebSocket, its stream, its server's end, and EventSource.
import { EventSource } from "rt:ext/websocket/event_source.js";
import { upgradeWebSocket } from "rt:ext/websocket/upgrade.js";
import { WebSocketError, WebSocketStream } from "rt:ext/websocket/web_socket_stream.js";
import { WebSocket } from "rt:ext/websocket/web_socket.js";
import { fetching, provide } from "../lazy.js";

fetching(); // the kinds of bodies
provide("sockets", {
  __proto__: null,
  EventSource,
  upgradeWebSocket,
  WebSocket,
  WebSocketError,
  WebSocketStream,
});
