// Types of the web platform: fetch, blobs, forms. https://fetch.spec.whatwg.org

type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
type BlobPart = BufferSource | Blob | string;
interface BlobPropertyBag {
  type?: string;
  endings?: "transparent" | "native";
}
interface Blob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  slice(start?: number, end?: number, contentType?: string): Blob;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  text(): Promise<string>;
}
declare var Blob: {
  readonly prototype: Blob;
  new (blobParts?: Iterable<BlobPart>, options?: BlobPropertyBag): Blob;
};
interface FilePropertyBag extends BlobPropertyBag {
  lastModified?: number;
}
interface File extends Blob {
  readonly name: string;
  readonly lastModified: number;
  readonly webkitRelativePath: string;
}
declare var File: {
  readonly prototype: File;
  new (fileBits: Iterable<BlobPart>, fileName: string, options?: FilePropertyBag): File;
};

interface FileReaderEventMap {
  abort: ProgressEvent<FileReader>;
  error: ProgressEvent<FileReader>;
  load: ProgressEvent<FileReader>;
  loadend: ProgressEvent<FileReader>;
  loadstart: ProgressEvent<FileReader>;
  progress: ProgressEvent<FileReader>;
}
interface FileReader extends EventTarget {
  readonly readyState: 0 | 1 | 2;
  readonly result: string | ArrayBuffer | null;
  readonly error: DOMException | null;
  onabort: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  onerror: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  onload: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  onloadend: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  onloadstart: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  onprogress: ((this: FileReader, event: ProgressEvent<FileReader>) => any) | null;
  abort(): void;
  readAsArrayBuffer(blob: Blob): void;
  /** @deprecated `readAsArrayBuffer` */
  readAsBinaryString(blob: Blob): void;
  readAsDataURL(blob: Blob): void;
  readAsText(blob: Blob, encoding?: string): void;
  readonly EMPTY: 0;
  readonly LOADING: 1;
  readonly DONE: 2;
  addEventListener<K extends keyof FileReaderEventMap>(
    type: K,
    listener: (this: FileReader, event: FileReaderEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
declare var FileReader: {
  readonly prototype: FileReader;
  new (): FileReader;
  readonly EMPTY: 0;
  readonly LOADING: 1;
  readonly DONE: 2;
};

type FormDataEntryValue = File | string;
interface FormData {
  append(name: string, value: string): void;
  append(name: string, value: Blob, fileName?: string): void;
  delete(name: string): void;
  get(name: string): FormDataEntryValue | null;
  getAll(name: string): FormDataEntryValue[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  set(name: string, value: Blob, fileName?: string): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataEntryValue>;
  entries(): IterableIterator<[string, FormDataEntryValue]>;
  forEach(
    callback: (value: FormDataEntryValue, key: string, parent: FormData) => void,
    thisArg?: any,
  ): void;
  [Symbol.iterator](): IterableIterator<[string, FormDataEntryValue]>;
}
declare var FormData: {
  readonly prototype: FormData;
  new (): FormData;
};

type HeadersInit = Iterable<readonly [string, string] | string[]> | Record<string, string> | Headers;
interface Headers {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  entries(): IterableIterator<[string, string]>;
  forEach(callback: (value: string, key: string, parent: Headers) => void, thisArg?: any): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare var Headers: {
  readonly prototype: Headers;
  new (init?: HeadersInit): Headers;
};

type XMLHttpRequestBodyInit = Blob | BufferSource | FormData | URLSearchParams | string;
/** Besides the specification's, iterables of bytes. */
type BodyInit =
  | XMLHttpRequestBodyInit
  | ReadableStream<Uint8Array>
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>;
interface Body {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  formData(): Promise<FormData>;
  json(): Promise<any>;
  text(): Promise<string>;
}

type RequestInfo = Request | string;
type RequestCache =
  | "default"
  | "force-cache"
  | "no-cache"
  | "no-store"
  | "only-if-cached"
  | "reload";
type RequestCredentials = "include" | "omit" | "same-origin";
type RequestMode = "cors" | "navigate" | "no-cors" | "same-origin";
type RequestRedirect = "error" | "follow" | "manual";
type ReferrerPolicy =
  | ""
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "origin"
  | "origin-when-cross-origin"
  | "same-origin"
  | "strict-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";
type RequestDestination =
  | ""
  | "audio"
  | "audioworklet"
  | "document"
  | "embed"
  | "font"
  | "frame"
  | "iframe"
  | "image"
  | "json"
  | "manifest"
  | "object"
  | "paintworklet"
  | "report"
  | "script"
  | "sharedworker"
  | "style"
  | "track"
  | "video"
  | "worker"
  | "xslt";
type RequestDuplex = "half";
interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  cache?: RequestCache;
  credentials?: RequestCredentials;
  duplex?: RequestDuplex;
  integrity?: string;
  keepalive?: boolean;
  mode?: RequestMode;
  redirect?: RequestRedirect;
  referrer?: string;
  referrerPolicy?: ReferrerPolicy;
  signal?: AbortSignal | null;
  window?: null;
  /** What connects: `Deno.createHttpClient`. */
  client?: Deno.HttpClient;
}
interface Request extends Body {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly destination: RequestDestination;
  readonly referrer: string;
  readonly referrerPolicy: ReferrerPolicy;
  readonly mode: RequestMode;
  readonly credentials: RequestCredentials;
  readonly cache: RequestCache;
  readonly redirect: RequestRedirect;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly isReloadNavigation: boolean;
  readonly isHistoryNavigation: boolean;
  readonly duplex: RequestDuplex;
  readonly signal: AbortSignal;
  clone(): Request;
}
declare var Request: {
  readonly prototype: Request;
  new (input: RequestInfo | URL, init?: RequestInit): Request;
};

type ResponseType = "basic" | "cors" | "default" | "error" | "opaque" | "opaqueredirect";
interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}
interface Response extends Body {
  readonly type: ResponseType;
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  clone(): Response;
}
declare var Response: {
  readonly prototype: Response;
  new (body?: BodyInit | null, init?: ResponseInit): Response;
  error(): Response;
  json(data: any, init?: ResponseInit): Response;
  redirect(url: string | URL, status?: number): Response;
};
declare function fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

/** https://w3c.github.io/ServiceWorker/#cache-interface */
interface CacheQueryOptions {
  /** Take any method for GET. */
  ignoreMethod?: boolean;
  /** Do not compare what follows `?`. */
  ignoreSearch?: boolean;
  /** Do not compare the headers that `vary` of the response names. */
  ignoreVary?: boolean;
}
interface MultiCacheQueryOptions extends CacheQueryOptions {
  /** Look into this cache only. */
  cacheName?: string;
}
/** Requests (GET, for http and https) and the responses to them, for every later run of the program. */
interface Cache {
  /** Fetches and keeps the response; a TypeError if its status is not 2xx. */
  add(request: RequestInfo | URL): Promise<void>;
  /** The same for several: all or none. */
  addAll(requests: Iterable<RequestInfo | URL>): Promise<void>;
  /** Whether there was something to remove. */
  delete(request: RequestInfo | URL, options?: CacheQueryOptions): Promise<boolean>;
  keys(request?: RequestInfo | URL, options?: CacheQueryOptions): Promise<Request[]>;
  match(request: RequestInfo | URL, options?: CacheQueryOptions): Promise<Response | undefined>;
  matchAll(request?: RequestInfo | URL, options?: CacheQueryOptions): Promise<Response[]>;
  /** Reads the body to its end and keeps it; a QuotaExceededError if that were too much. */
  put(request: RequestInfo | URL, response: Response): Promise<void>;
}
declare var Cache: {
  readonly prototype: Cache;
  new (): never;
};
/** The caches of the program, by name: see `Cache`. */
interface CacheStorage {
  delete(cacheName: string): Promise<boolean>;
  has(cacheName: string): Promise<boolean>;
  keys(): Promise<string[]>;
  match(
    request: RequestInfo | URL,
    options?: MultiCacheQueryOptions,
  ): Promise<Response | undefined>;
  /** Makes it if there is none. */
  open(cacheName: string): Promise<Cache>;
}
declare var CacheStorage: {
  readonly prototype: CacheStorage;
  new (): never;
};
declare var caches: CacheStorage;
