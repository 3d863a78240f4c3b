// Types of the Deno namespace: standard streams and facts about the machine.

declare namespace Deno {
  export interface Stdin {
    readonly rid: number;
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    read(p: Uint8Array): Promise<number | null>;
    readSync(p: Uint8Array): number | null;
    close(): void;
    /** Whether a terminal hands over every key as it is typed. */
    setRaw(mode: boolean, options?: SetRawOptions): void;
    isTerminal(): boolean;
  }
  export interface Stdout {
    readonly rid: number;
    readonly writable: WritableStream<Uint8Array>;
    write(p: Uint8Array): Promise<number>;
    writeSync(p: Uint8Array): number;
    close(): void;
    isTerminal(): boolean;
  }
  export interface Stderr extends Stdout {}
  export const stdin: Stdin;
  export const stdout: Stdout;
  export const stderr: Stderr;
  /** The size of the terminal. */
  export function consoleSize(): { columns: number; rows: number };
  /** Whether a resource is a terminal. */
  export function isatty(rid: number): boolean;

  /** The machine's name; this and what follows needs the permission `sys`. */
  export function hostname(): string;
  /** The kernel's version. */
  export function osRelease(): string;
  /** Whole seconds since the machine started. */
  export function osUptime(): number;
  /** How many threads wanted to run, on average over 1, 5 and 15 minutes. */
  export function loadavg(): number[];
  export interface SystemMemoryInfo {
    total: number;
    free: number;
    available: number;
    buffers: number;
    cached: number;
    swapTotal: number;
    swapFree: number;
  }
  /** The machine's memory, in bytes. */
  export function systemMemoryInfo(): SystemMemoryInfo;
  export interface NetworkInterfaceInfo {
    name: string;
    family: "IPv4" | "IPv6";
    address: string;
    netmask: string;
    scopeid: number | null;
    cidr: string;
    mac: string;
  }
  export function networkInterfaces(): NetworkInterfaceInfo[];
  /** The user the process runs as. */
  export function uid(): number | null;
  /** The group the process runs as. */
  export function gid(): number | null;
  /** Microseconds of CPU time this process has used. */
  export function cpuUsage(): { user: number; system: number };
}
