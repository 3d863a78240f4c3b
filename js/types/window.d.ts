// The global object of the main program.

interface Navigator {
  readonly hardwareConcurrency: number;
  readonly userAgent: string;
  readonly language: string;
  readonly languages: readonly string[];
  readonly locks: LockManager;
  readonly platform: string;
}
declare var Navigator: {
  readonly prototype: Navigator;
  new (): never;
};
declare var navigator: Navigator;

/** What --location says; without it `location` is undefined. */
interface Location {
  readonly ancestorOrigins: DOMStringList;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  assign(url: string): void;
  reload(): void;
  replace(url: string): void;
  toString(): string;
}
interface DOMStringList {
  readonly length: number;
  contains(string: string): boolean;
  item(index: number): string | null;
  [index: number]: string;
}
declare var Location: {
  readonly prototype: Location;
  new (): never;
};
declare var location: Location;

/** Ends the program, with code 0, after what is due already. */
declare function close(): void;
/** Whether `close` was called. */
declare var closed: boolean;

/** Strings that stay from one run to the next, or until the program ends. */
interface Storage {
  readonly length: number;
  clear(): void;
  getItem(key: string): string | null;
  key(index: number): string | null;
  removeItem(key: string): void;
  setItem(key: string, value: string): void;
  [name: string]: any;
}
declare var Storage: {
  readonly prototype: Storage;
  new (): never;
};
interface StorageEventInit extends EventInit {
  key?: string | null;
  oldValue?: string | null;
  newValue?: string | null;
  url?: string;
  storageArea?: Storage | null;
}
/** A change of a storage area. rt makes none: no other page changes them. */
interface StorageEvent extends Event {
  readonly key: string | null;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly url: string;
  readonly storageArea: Storage | null;
  /** @deprecated */
  initStorageEvent(
    type: string,
    bubbles?: boolean,
    cancelable?: boolean,
    key?: string | null,
    oldValue?: string | null,
    newValue?: string | null,
    url?: string,
    storageArea?: Storage | null,
  ): void;
}
declare var StorageEvent: {
  readonly prototype: StorageEvent;
  new (type: string, eventInitDict?: StorageEventInit): StorageEvent;
};
declare var localStorage: Storage;
declare var sessionStorage: Storage;

/** Shows a message and waits for Return. */
declare function alert(message?: string): void;
/** Asks a question; whether the answer was "y". */
declare function confirm(message?: string): boolean;
/** Asks for a line; null: there was none. */
declare function prompt(message?: string, defaultValue?: string): string | null;

interface WindowEventMap {
  beforeunload: Event;
  error: ErrorEvent;
  load: Event;
  rejectionhandled: PromiseRejectionEvent;
  unhandledrejection: PromiseRejectionEvent;
  unload: Event;
}
interface Window extends EventTarget {}
declare var onbeforeunload: ((this: typeof globalThis, event: Event) => any) | null;
/** Returning true means that the error is dealt with. */
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
declare var onload: ((this: typeof globalThis, event: Event) => any) | null;
declare var onrejectionhandled:
  | ((this: typeof globalThis, event: PromiseRejectionEvent) => any)
  | null;
declare var onunhandledrejection:
  | ((this: typeof globalThis, event: PromiseRejectionEvent) => any)
  | null;
declare var onunload: ((this: typeof globalThis, event: Event) => any) | null;
declare function addEventListener<K extends keyof WindowEventMap>(
  type: K,
  listener: (this: typeof globalThis, event: WindowEventMap[K]) => any,
  options?: boolean | AddEventListenerOptions,
): void;
declare function addEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: boolean | AddEventListenerOptions,
): void;
declare function removeEventListener<K extends keyof WindowEventMap>(
  type: K,
  listener: (this: typeof globalThis, event: WindowEventMap[K]) => any,
  options?: boolean | EventListenerOptions,
): void;
declare function removeEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: boolean | EventListenerOptions,
): void;
declare function dispatchEvent(event: Event): boolean;

declare var self: typeof globalThis;
