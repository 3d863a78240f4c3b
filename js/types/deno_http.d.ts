// Types of the Deno namespace: serving HTTP, and fetch's clients.

declare namespace Deno {
  export interface ServeHandlerInfo<A extends Addr = Addr> {
    readonly remoteAddr: A;
    /** Settles when the response is sent, or could not be. */
    readonly completed: Promise<void>;
  }
  export type ServeHandler<A extends Addr = Addr> = (
    request: Request,
    info: ServeHandlerInfo<A>,
  ) => Response | Promise<Response>;

  /** What protects a server from its clients; left out: see docs/networking.md. */
  export interface ServeLimits {
    maxHeadBytes?: number;
    maxTargetBytes?: number;
    maxHeaders?: number;
    maxConnections?: number;
    maxPipelined?: number;
    headerTimeoutMs?: number;
    bodyTimeoutMs?: number;
    /** Bytes a second. */
    minBodyRate?: number;
    idleTimeoutMs?: number;
    writeTimeoutMs?: number;
    maxBodyBytes?: number;
    maxBufferedBodyBytes?: number;
  }
  export interface ServeOptions<A extends Addr = Addr> {
    /** Stops the server when it is aborted. */
    signal?: AbortSignal;
    /** Answers a request whose handler threw. */
    onError?: (error: unknown) => Response | Promise<Response>;
    onListen?: (localAddr: A) => void;
    /**
     * Packs bodies of known length and a type that becomes smaller, with brotli or gzip, for clients that take it.
     * @default {false}
     */
    automaticCompression?: boolean;
    limits?: ServeLimits;
  }
  export interface ServeTcpOptions extends ServeOptions<NetAddr> {
    transport?: "tcp";
    port?: number;
    hostname?: string;
    reusePort?: boolean;
    /** The name of a socket that a service manager passed (LISTEN_FDNAMES), instead of an address. */
    activated?: string;
  }
  export interface ServeUnixOptions extends ServeOptions<UnixAddr> {
    transport?: "unix";
    path: string;
  }
  export interface ServeInit<A extends Addr = Addr> {
    handler: ServeHandler<A>;
  }
  export interface HttpServer<A extends Addr = Addr> extends AsyncDisposable {
    addr: A;
    /** Settles when the server has ended. */
    finished: Promise<void>;
    /** Takes no more requests and waits for those under way. */
    shutdown(): Promise<void>;
    ref(): void;
    unref(): void;
  }
  /** Serves HTTP. */
  export function serve(handler: ServeHandler<NetAddr>): HttpServer<NetAddr>;
  export function serve(
    options: ServeUnixOptions,
    handler: ServeHandler<UnixAddr>,
  ): HttpServer<UnixAddr>;
  export function serve(
    options: ServeTcpOptions | (ServeTcpOptions & TlsCertifiedKeyPem),
    handler: ServeHandler<NetAddr>,
  ): HttpServer<NetAddr>;
  export function serve(options: ServeUnixOptions & ServeInit<UnixAddr>): HttpServer<UnixAddr>;
  export function serve(
    options: (ServeTcpOptions | (ServeTcpOptions & TlsCertifiedKeyPem)) & ServeInit<NetAddr>,
  ): HttpServer<NetAddr>;

  /** What `rt serve` wants as a module's default export. */
  export interface ServeDefaultExport {
    fetch: ServeHandler;
    onListen?: (localAddr: Addr) => void;
  }

  export interface WebSocketUpgrade {
    /** To be returned by the handler. */
    response: Response;
    socket: WebSocket;
  }
  export interface UpgradeWebSocketOptions {
    protocol?: string;
    /** Seconds without a word before the client is asked for one; 0: never. */
    idleTimeout?: number;
  }
  export function upgradeWebSocket(
    request: Request,
    options?: UpgradeWebSocketOptions,
  ): WebSocketUpgrade;

  export interface BasicAuth {
    username: string;
    password: string;
  }
  export type Proxy =
    | { transport?: "http" | "https" | "socks5"; url: string; basicAuth?: BasicAuth }
    | { transport: "tcp"; hostname: string; port: number; basicAuth?: BasicAuth }
    | { transport: "unix"; path: string; basicAuth?: BasicAuth };
  export interface CreateHttpClientOptions {
    /** Certificates to trust besides the store, PEM. */
    caCerts?: string[];
    proxy?: Proxy;
    poolMaxIdlePerHost?: number;
    /** Milliseconds; false: never. */
    poolIdleTimeout?: number | false;
    http1?: boolean;
    http2?: boolean;
    /** Whether a request may set `host` itself. */
    allowHost?: boolean;
    localAddress?: string;
  }
  /** What `fetch` connects with. */
  export class HttpClient implements Disposable {
    private constructor();
    close(): void;
    [Symbol.dispose](): void;
  }
  export function createHttpClient(
    options: CreateHttpClientOptions | (CreateHttpClientOptions & TlsCertifiedKeyPem),
  ): HttpClient;
}
