// Types of the web platform: timers, text, clones and what else stands on the global object.

/** Calls `callback` once, after `delay` milliseconds. */
declare function setTimeout(
  callback: (...args: any[]) => void,
  delay?: number,
  ...args: any[]
): number;
/** Calls `callback` every `delay` milliseconds. */
declare function setInterval(
  callback: (...args: any[]) => void,
  delay?: number,
  ...args: any[]
): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
declare function queueMicrotask(callback: () => void): void;
/** Base64 as text, a character a byte. */
declare function atob(data: string): string;
declare function btoa(data: string): string;
/** Reports an error as if nobody had caught it. */
declare function reportError(error: any): void;

interface StructuredSerializeOptions {
  transfer?: Transferable[];
}
type Transferable =
  | MessagePort
  | ArrayBuffer
  | ReadableStream
  | WritableStream
  | TransformStream;
/** A copy of a value and of all it refers to. */
declare function structuredClone<T = any>(value: T, options?: StructuredSerializeOptions): T;

interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}
interface TextDecodeOptions {
  /** There is more to come: what is cut off at the end waits for it. */
  stream?: boolean;
}
type AllowSharedBufferSource = ArrayBufferLike | ArrayBufferView<ArrayBufferLike>;
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: AllowSharedBufferSource, options?: TextDecodeOptions): string;
}
declare var TextDecoder: {
  readonly prototype: TextDecoder;
  new (label?: string, options?: TextDecoderOptions): TextDecoder;
};
interface TextEncoderEncodeIntoResult {
  read: number;
  written: number;
}
interface TextEncoder {
  readonly encoding: "utf-8";
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(input: string, dest: Uint8Array): TextEncoderEncodeIntoResult;
}
declare var TextEncoder: {
  readonly prototype: TextEncoder;
  new (): TextEncoder;
};

type LockMode = "exclusive" | "shared";
interface LockOptions {
  mode?: LockMode;
  ifAvailable?: boolean;
  steal?: boolean;
  signal?: AbortSignal;
}
interface LockInfo {
  name: string;
  mode: LockMode;
  clientId: string;
}
interface LockManagerSnapshot {
  held: LockInfo[];
  pending: LockInfo[];
}
/** https://w3c.github.io/web-locks/ */
interface Lock {
  readonly name: string;
  readonly mode: LockMode;
}
declare var Lock: {
  readonly prototype: Lock;
  new (): never;
};
interface LockManager {
  request<T>(name: string, callback: (lock: Lock | null) => T): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => T,
  ): Promise<Awaited<T>>;
  query(): Promise<LockManagerSnapshot>;
}
declare var LockManager: {
  readonly prototype: LockManager;
  new (): never;
};

interface PerformanceEntry {
  readonly name: string;
  readonly entryType: string;
  readonly startTime: number;
  readonly duration: number;
  toJSON(): any;
}
declare var PerformanceEntry: {
  readonly prototype: PerformanceEntry;
  new (): never;
};
interface PerformanceMarkOptions {
  detail?: any;
  startTime?: number;
}
interface PerformanceMark extends PerformanceEntry {
  readonly detail: any;
}
declare var PerformanceMark: {
  readonly prototype: PerformanceMark;
  new (name: string, options?: PerformanceMarkOptions): PerformanceMark;
};
interface PerformanceMeasureOptions {
  detail?: any;
  start?: string | number;
  duration?: number;
  end?: string | number;
}
interface PerformanceMeasure extends PerformanceEntry {
  readonly detail: any;
}
declare var PerformanceMeasure: {
  readonly prototype: PerformanceMeasure;
  new (): never;
};
type PerformanceEntryList = PerformanceEntry[];
/** https://w3c.github.io/performance-timeline/ */
interface Performance extends EventTarget {
  readonly timeOrigin: number;
  now(): number;
  toJSON(): any;
  mark(markName: string, options?: PerformanceMarkOptions): PerformanceMark;
  clearMarks(markName?: string): void;
  measure(
    measureName: string,
    startOrOptions?: string | PerformanceMeasureOptions,
    endMark?: string,
  ): PerformanceMeasure;
  clearMeasures(measureName?: string): void;
  getEntries(): PerformanceEntryList;
  getEntriesByName(name: string, type?: string): PerformanceEntryList;
  getEntriesByType(type: string): PerformanceEntryList;
}
declare var Performance: {
  readonly prototype: Performance;
  new (): never;
};
declare var performance: Performance;
interface PerformanceObserverInit {
  entryTypes?: string[];
  type?: string;
  buffered?: boolean;
}
interface PerformanceObserverEntryList {
  getEntries(): PerformanceEntryList;
  getEntriesByName(name: string, type?: string): PerformanceEntryList;
  getEntriesByType(type: string): PerformanceEntryList;
}
declare var PerformanceObserverEntryList: {
  readonly prototype: PerformanceObserverEntryList;
  new (): never;
};
interface PerformanceObserverCallback {
  (
    entries: PerformanceObserverEntryList,
    observer: PerformanceObserver,
    options: { droppedEntriesCount?: number },
  ): void;
}
interface PerformanceObserver {
  observe(options?: PerformanceObserverInit): void;
  disconnect(): void;
  takeRecords(): PerformanceEntryList;
}
declare var PerformanceObserver: {
  readonly prototype: PerformanceObserver;
  new (callback: PerformanceObserverCallback): PerformanceObserver;
  readonly supportedEntryTypes: readonly string[];
};
