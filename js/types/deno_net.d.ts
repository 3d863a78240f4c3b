// Types of the Deno namespace: connections, names, TLS.

declare namespace Deno {
  export interface NetAddr {
    transport: "tcp" | "udp";
    hostname: string;
    port: number;
  }
  export interface UnixAddr {
    transport: "unix" | "unixpacket";
    path: string;
  }
  export type Addr = NetAddr | UnixAddr;

  export interface Listener<T extends Conn = Conn, A extends Addr = Addr>
    extends AsyncIterable<T>,
      Disposable {
    readonly addr: A;
    accept(): Promise<T>;
    next(): Promise<IteratorResult<T>>;
    return(value?: any): Promise<IteratorResult<T>>;
    close(): void;
    ref(): void;
    unref(): void;
    [Symbol.asyncIterator](): AsyncIterableIterator<T>;
  }
  export type TcpListener = Listener<TcpConn, NetAddr>;
  export type UnixListener = Listener<UnixConn, UnixAddr>;
  export type TlsListener = Listener<TlsConn, NetAddr>;

  export interface Conn<A extends Addr = Addr> extends Disposable {
    readonly localAddr: A;
    readonly remoteAddr: A;
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly writable: WritableStream<Uint8Array>;
    read(p: Uint8Array): Promise<number | null>;
    write(p: Uint8Array): Promise<number>;
    /** Says that nothing more will be written. */
    closeWrite(): Promise<void>;
    close(): void;
    ref(): void;
    unref(): void;
  }
  export interface TcpConn extends Conn<NetAddr> {
    setNoDelay(noDelay?: boolean): void;
    setKeepAlive(keepAlive?: boolean): void;
  }
  export interface UnixConn extends Conn<UnixAddr> {}
  export interface TlsHandshakeInfo {
    alpnProtocol: string | null;
  }
  export interface TlsConn extends Conn<NetAddr> {
    handshake(): Promise<TlsHandshakeInfo>;
  }

  export interface ListenOptions {
    /** 0, or left out: any free one. */
    port?: number;
    hostname?: string;
    /** The name of a socket that a service manager passed (LISTEN_FDNAMES), instead of an address. */
    activated?: string;
  }
  export interface TcpListenOptions extends ListenOptions {
    reusePort?: boolean;
    /** Several processes may listen; the kernel shares out connections. */
    loadBalanced?: boolean;
    tcpBacklog?: number;
  }
  export interface UnixListenOptions {
    path: string;
  }
  export function listen(options: TcpListenOptions & { transport?: "tcp" }): TcpListener;
  export function listen(options: UnixListenOptions & { transport: "unix" }): UnixListener;

  export interface ConnectOptions {
    port: number;
    hostname?: string;
    transport?: "tcp";
    signal?: AbortSignal;
    /** Tries several addresses at once (RFC 8305; default). */
    autoSelectFamily?: boolean;
    /** Milliseconds between two of them. */
    autoSelectFamilyAttemptDelay?: number;
  }
  export interface UnixConnectOptions {
    transport: "unix";
    path: string;
    signal?: AbortSignal;
  }
  export function connect(options: ConnectOptions): Promise<TcpConn>;
  export function connect(options: UnixConnectOptions): Promise<UnixConn>;

  export interface UdpListenOptions extends ListenOptions {
    reuseAddress?: boolean;
    loopback?: boolean;
  }
  export interface MulticastV4Membership {
    leave(): Promise<void>;
    setLoopback(loopback: boolean): Promise<void>;
    setTTL(ttl: number): Promise<void>;
  }
  export interface MulticastV6Membership {
    leave(): Promise<void>;
    setLoopback(loopback: boolean): Promise<void>;
  }
  export interface DatagramConn extends AsyncIterable<[Uint8Array<ArrayBuffer>, Addr]>, Disposable {
    readonly addr: Addr;
    /** How long a message may be that `receive` makes room for. */
    bufSize: number;
    joinMulticastV4(address: string, networkInterface: string): Promise<MulticastV4Membership>;
    joinMulticastV6(address: string, networkInterface: number): Promise<MulticastV6Membership>;
    receive(p?: Uint8Array): Promise<[Uint8Array<ArrayBuffer>, Addr]>;
    send(p: Uint8Array, addr: Addr): Promise<number>;
    next(): Promise<IteratorResult<[Uint8Array<ArrayBuffer>, Addr]>>;
    close(): void;
    ref(): void;
    unref(): void;
    [Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Addr]>;
  }
  export function listenDatagram(options: UdpListenOptions & { transport: "udp" }): DatagramConn;
  export function listenDatagram(
    options: UnixListenOptions & { transport: "unixpacket" },
  ): DatagramConn;

  export interface TlsCertifiedKeyPem {
    keyFormat?: "pem";
    /** The private key, PEM. */
    key: string;
    /** The chain of certificates, PEM. */
    cert: string;
  }
  export interface ListenTlsOptions extends TcpListenOptions {
    transport?: "tcp";
    alpnProtocols?: string[];
    /** Further certificates, chosen by the name a client asks for. */
    certificates?: Array<TlsCertifiedKeyPem & { serverNames?: string[] }>;
  }
  export function listenTls(options: ListenTlsOptions & TlsCertifiedKeyPem): TlsListener;

  export interface StartTlsOptions {
    hostname?: string;
    /** Certificates to trust besides the store, PEM. */
    caCerts?: string[];
    alpnProtocols?: string[];
    unsafelyDisableHostnameVerification?: boolean;
  }
  export interface ConnectTlsOptions extends StartTlsOptions {
    port: number;
    signal?: AbortSignal;
    autoSelectFamily?: boolean;
    autoSelectFamilyAttemptDelay?: number;
  }
  export function connectTls(
    options: ConnectTlsOptions | (ConnectTlsOptions & TlsCertifiedKeyPem),
  ): Promise<TlsConn>;
  /** Begins TLS as the client on a connection, which must not be used any more. */
  export function startTls(
    conn: TcpConn,
    options?: StartTlsOptions | (StartTlsOptions & TlsCertifiedKeyPem),
  ): Promise<TlsConn>;

  export interface CaaRecord {
    critical: boolean;
    tag: string;
    value: string;
  }
  export interface MxRecord {
    preference: number;
    exchange: string;
  }
  export interface NaptrRecord {
    order: number;
    preference: number;
    flags: string;
    services: string;
    regexp: string;
    replacement: string;
  }
  export interface SoaRecord {
    mname: string;
    rname: string;
    serial: number;
    refresh: number;
    retry: number;
    expire: number;
    minimum: number;
  }
  export interface SrvRecord {
    priority: number;
    weight: number;
    port: number;
    target: string;
  }
  export type RecordType =
    | "A"
    | "AAAA"
    | "ANAME"
    | "CAA"
    | "CNAME"
    | "MX"
    | "NAPTR"
    | "NS"
    | "PTR"
    | "SOA"
    | "SRV"
    | "TXT";
  export interface ResolveDnsOptions {
    nameServer?: { ipAddr: string; port?: number };
    signal?: AbortSignal;
  }
  export function resolveDns(
    query: string,
    recordType: "A" | "AAAA" | "ANAME" | "CNAME" | "NS" | "PTR",
    options?: ResolveDnsOptions,
  ): Promise<string[]>;
  export function resolveDns(
    query: string,
    recordType: "CAA",
    options?: ResolveDnsOptions,
  ): Promise<CaaRecord[]>;
  export function resolveDns(
    query: string,
    recordType: "MX",
    options?: ResolveDnsOptions,
  ): Promise<MxRecord[]>;
  export function resolveDns(
    query: string,
    recordType: "NAPTR",
    options?: ResolveDnsOptions,
  ): Promise<NaptrRecord[]>;
  export function resolveDns(
    query: string,
    recordType: "SOA",
    options?: ResolveDnsOptions,
  ): Promise<SoaRecord[]>;
  export function resolveDns(
    query: string,
    recordType: "SRV",
    options?: ResolveDnsOptions,
  ): Promise<SrvRecord[]>;
  export function resolveDns(
    query: string,
    recordType: "TXT",
    options?: ResolveDnsOptions,
  ): Promise<string[][]>;
  export function resolveDns(
    query: string,
    recordType: RecordType,
    options?: ResolveDnsOptions,
  ): Promise<
    | string[]
    | CaaRecord[]
    | MxRecord[]
    | NaptrRecord[]
    | SoaRecord[]
    | SrvRecord[]
    | string[][]
  >;
}
