// The global object of a worker, instead of window.d.ts: `/// <reference lib="deno.worker" />`.

interface WorkerNavigator {
  readonly hardwareConcurrency: number;
  readonly userAgent: string;
  readonly language: string;
  readonly languages: readonly string[];
  readonly locks: LockManager;
  readonly platform: string;
}
declare var WorkerNavigator: {
  readonly prototype: WorkerNavigator;
  new (): never;
};
declare var navigator: WorkerNavigator;

/** The address of the worker's main module. */
interface WorkerLocation {
  readonly hash: string;
  readonly host: string;
  readonly hostname: string;
  readonly href: string;
  readonly origin: string;
  readonly pathname: string;
  readonly port: string;
  readonly protocol: string;
  readonly search: string;
  toString(): string;
}
declare var WorkerLocation: {
  readonly prototype: WorkerLocation;
  new (): never;
};
declare var location: WorkerLocation;

interface WorkerGlobalScopeEventMap {
  error: ErrorEvent;
  message: MessageEvent;
  messageerror: MessageEvent;
  rejectionhandled: PromiseRejectionEvent;
  unhandledrejection: PromiseRejectionEvent;
}
interface WorkerGlobalScope extends EventTarget {}
declare var WorkerGlobalScope: {
  readonly prototype: WorkerGlobalScope;
  new (): never;
};
interface DedicatedWorkerGlobalScope extends WorkerGlobalScope {}
declare var DedicatedWorkerGlobalScope: {
  readonly prototype: DedicatedWorkerGlobalScope;
  new (): never;
};
/** The name the worker was given. */
declare var name: string;
declare function postMessage(message: any, transfer: Transferable[]): void;
declare function postMessage(message: any, options?: StructuredSerializeOptions): void;
/** Ends the worker. */
declare function close(): void;
declare var onmessage: ((this: typeof globalThis, event: MessageEvent) => any) | null;
declare var onmessageerror: ((this: typeof globalThis, event: MessageEvent) => any) | null;
declare var onerror:
  | ((
      this: typeof globalThis,
      message: Event | string,
      filename?: string,
      lineno?: number,
      colno?: number,
      error?: any,
    ) => any)
  | null;
declare var onrejectionhandled:
  | ((this: typeof globalThis, event: PromiseRejectionEvent) => any)
  | null;
declare var onunhandledrejection:
  | ((this: typeof globalThis, event: PromiseRejectionEvent) => any)
  | null;
declare function addEventListener<K extends keyof WorkerGlobalScopeEventMap>(
  type: K,
  listener: (this: typeof globalThis, event: WorkerGlobalScopeEventMap[K]) => any,
  options?: boolean | AddEventListenerOptions,
): void;
declare function addEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: boolean | AddEventListenerOptions,
): void;
declare function removeEventListener<K extends keyof WorkerGlobalScopeEventMap>(
  type: K,
  listener: (this: typeof globalThis, event: WorkerGlobalScopeEventMap[K]) => any,
  options?: boolean | EventListenerOptions,
): void;
declare function removeEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: boolean | EventListenerOptions,
): void;
declare function dispatchEvent(event: Event): boolean;

declare var self: typeof globalThis;
