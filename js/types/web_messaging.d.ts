// Types of the web platform: messages, workers, sockets. https://html.spec.whatwg.org https://websockets.spec.whatwg.org

interface MessagePortEventMap {
  close: Event;
  message: MessageEvent;
  messageerror: MessageEvent;
}
interface MessagePort extends EventTarget {
  onclose: ((this: MessagePort, event: Event) => any) | null;
  onmessage: ((this: MessagePort, event: MessageEvent) => any) | null;
  onmessageerror: ((this: MessagePort, event: MessageEvent) => any) | null;
  postMessage(message: any, transfer: Transferable[]): void;
  postMessage(message: any, options?: StructuredSerializeOptions): void;
  start(): void;
  close(): void;
  /** The program goes on while it is open. */
  ref(): void;
  unref(): void;
  hasRef(): boolean;
  addEventListener<K extends keyof MessagePortEventMap>(
    type: K,
    listener: (this: MessagePort, event: MessagePortEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var MessagePort: {
  readonly prototype: MessagePort;
  new (): never;
};
interface MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}
declare var MessageChannel: {
  readonly prototype: MessageChannel;
  new (): MessageChannel;
};
interface BroadcastChannelEventMap {
  message: MessageEvent;
  messageerror: MessageEvent;
}
interface BroadcastChannel extends EventTarget {
  readonly name: string;
  onmessage: ((this: BroadcastChannel, event: MessageEvent) => any) | null;
  onmessageerror: ((this: BroadcastChannel, event: MessageEvent) => any) | null;
  postMessage(message: any): void;
  close(): void;
  ref(): void;
  unref(): void;
  addEventListener<K extends keyof BroadcastChannelEventMap>(
    type: K,
    listener: (this: BroadcastChannel, event: BroadcastChannelEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var BroadcastChannel: {
  readonly prototype: BroadcastChannel;
  new (name: string): BroadcastChannel;
};

interface WorkerOptions {
  type?: "classic" | "module";
  name?: string;
  deno?: {
    /** Within those of the program (default: "inherit"). */
    permissions?: Deno.PermissionOptions;
  };
  /** As in Node. */
  resourceLimits?: {
    maxOldGenerationSizeMb?: number;
    maxYoungGenerationSizeMb?: number;
    codeRangeSizeMb?: number;
    stackSizeMb?: number;
  };
}
interface WorkerEventMap {
  error: ErrorEvent;
  message: MessageEvent;
  messageerror: MessageEvent;
}
interface Worker extends EventTarget {
  onerror: ((this: Worker, event: ErrorEvent) => any) | null;
  onmessage: ((this: Worker, event: MessageEvent) => any) | null;
  onmessageerror: ((this: Worker, event: MessageEvent) => any) | null;
  postMessage(message: any, transfer: Transferable[]): void;
  postMessage(message: any, options?: StructuredSerializeOptions): void;
  terminate(): void;
  addEventListener<K extends keyof WorkerEventMap>(
    type: K,
    listener: (this: Worker, event: WorkerEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var Worker: {
  readonly prototype: Worker;
  new (specifier: string | URL, options?: WorkerOptions): Worker;
};

type BinaryType = "arraybuffer" | "blob";
interface WebSocketEventMap {
  close: CloseEvent;
  error: Event;
  message: MessageEvent;
  open: Event;
}
interface WebSocketInit {
  protocols?: string | string[];
  headers?: HeadersInit;
  client?: Deno.HttpClient;
}
interface WebSocket extends EventTarget {
  binaryType: BinaryType;
  readonly bufferedAmount: number;
  readonly extensions: string;
  readonly protocol: string;
  readonly readyState: 0 | 1 | 2 | 3;
  readonly url: string;
  onclose: ((this: WebSocket, event: CloseEvent) => any) | null;
  onerror: ((this: WebSocket, event: Event | ErrorEvent) => any) | null;
  onmessage: ((this: WebSocket, event: MessageEvent) => any) | null;
  onopen: ((this: WebSocket, event: Event) => any) | null;
  close(code?: number, reason?: string): void;
  send(data: string | BufferSource | Blob): void;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  addEventListener<K extends keyof WebSocketEventMap>(
    type: K,
    listener: (this: WebSocket, event: WebSocketEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var WebSocket: {
  readonly prototype: WebSocket;
  new (url: string | URL, protocolsOrOptions?: string | string[] | WebSocketInit): WebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
};
interface WebSocketStreamOptions {
  protocols?: string[];
  signal?: AbortSignal;
  headers?: HeadersInit;
}
interface WebSocketConnection {
  readable: ReadableStream<string | Uint8Array<ArrayBuffer>>;
  writable: WritableStream<string | BufferSource>;
  extensions: string;
  protocol: string;
}
interface WebSocketCloseInfo {
  closeCode?: number;
  reason?: string;
}
/** A WebSocket whose messages are the chunks of streams. */
interface WebSocketStream {
  readonly url: string;
  readonly opened: Promise<WebSocketConnection>;
  readonly closed: Promise<WebSocketCloseInfo>;
  close(closeInfo?: WebSocketCloseInfo): void;
}
declare var WebSocketStream: {
  readonly prototype: WebSocketStream;
  new (url: string | URL, options?: WebSocketStreamOptions): WebSocketStream;
};
interface WebSocketError extends DOMException {
  readonly closeCode: number | null;
  readonly reason: string;
}
declare var WebSocketError: {
  readonly prototype: WebSocketError;
  new (message?: string, init?: WebSocketCloseInfo): WebSocketError;
};

interface EventSourceInit {
  withCredentials?: boolean;
  headers?: HeadersInit;
  client?: Deno.HttpClient;
}
interface EventSourceEventMap {
  error: Event;
  message: MessageEvent;
  open: Event;
}
interface EventSource extends EventTarget {
  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: 0 | 1 | 2;
  onerror: ((this: EventSource, event: Event) => any) | null;
  onmessage: ((this: EventSource, event: MessageEvent) => any) | null;
  onopen: ((this: EventSource, event: Event) => any) | null;
  close(): void;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  addEventListener<K extends keyof EventSourceEventMap>(
    type: K,
    listener: (this: EventSource, event: EventSourceEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: (this: EventSource, event: MessageEvent) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var EventSource: {
  readonly prototype: EventSource;
  new (url: string | URL, eventSourceInitDict?: EventSourceInit): EventSource;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
};
