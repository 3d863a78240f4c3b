// Types of the Deno namespace: the program, its environment, errors, inspection.

declare namespace Deno {
  /** Versions of what rt is made of; `deno` is the version whose interface rt follows. */
  export const version: { deno: string; v8: string; typescript: string; rt: string };

  /** What this executable was built for. */
  export const build: {
    target: string;
    arch: "x86_64" | "aarch64";
    os:
      | "darwin"
      | "linux"
      | "android"
      | "windows"
      | "freebsd"
      | "netbsd"
      | "aix"
      | "solaris"
      | "illumos";
    vendor: string;
    env?: string;
    /** Whether this is an executable made by `rt compile`. */
    standalone: boolean;
  };

  /** The arguments of the program. */
  export const args: string[];
  /** The process's number. */
  export const pid: number;
  /** The number of the process that started this one. */
  export const ppid: number;
  /** Whether the variable `NO_COLOR` is set. */
  export const noColor: boolean;
  /** The address of the main module; needs read permission for it. */
  export const mainModule: string;
  /** What the process ends with unless `Deno.exit` says otherwise. */
  export var exitCode: number;

  /** Ends the process at once. */
  export function exit(code?: number): never;
  /** The path of rt itself; needs read permission for it. */
  export function execPath(): string;
  /** The current folder; needs read permission. */
  export function cwd(): string;
  /** Changes the current folder; needs read permission for it. */
  export function chdir(directory: string | URL): void;

  /** The environment; every access needs the permission `env`. */
  export interface Env {
    get(key: string): string | undefined;
    set(key: string, value: string): void;
    delete(key: string): void;
    has(key: string): boolean;
    toObject(): { [index: string]: string };
  }
  /** The environment's variables. */
  export const env: Env;

  export interface MemoryUsage {
    /** Memory of the process that is in the machine's. */
    rss: number;
    heapTotal: number;
    heapUsed: number;
    /** Memory of objects outside the heap that the heap's hold. */
    external: number;
    /** What open resources hold besides the heap, by their kind. */
    native: { [kind: string]: number };
  }
  /** Memory this process uses, in bytes. */
  export function memoryUsage(): MemoryUsage;

  /** The open resources, by rid. */
  export function resources(): { [rid: number]: string };
  /** Closes a resource. */
  export function close(rid: number): void;

  export interface InspectOptions {
    colors?: boolean;
    /** Line breaks and groups: false is one line, a number is how many inner entries share one. */
    compact?: boolean | number;
    depth?: number;
    breakLength?: number;
    escapeSequences?: boolean;
    iterableLimit?: number;
    showProxy?: boolean;
    sorted?: boolean;
    trailingComma?: boolean;
    getters?: boolean;
    showHidden?: boolean;
    strAbbreviateSize?: number;
  }
  /** A value as text, as `console.log` shows it. */
  export function inspect(value: unknown, options?: InspectOptions): string;

  /** What goes wrong outside the program. */
  export namespace errors {
    /** A file, a host or the like is not there. */
    export class NotFound extends Error {}
    /** The system refuses it to the user the process runs as. */
    export class PermissionDenied extends Error {}
    export class ConnectionRefused extends Error {}
    export class ConnectionReset extends Error {}
    export class ConnectionAborted extends Error {}
    export class NotConnected extends Error {}
    export class AddrInUse extends Error {}
    export class AddrNotAvailable extends Error {}
    export class BrokenPipe extends Error {}
    export class AlreadyExists extends Error {}
    export class InvalidData extends Error {}
    export class TimedOut extends Error {}
    export class Interrupted extends Error {}
    export class WriteZero extends Error {}
    export class WouldBlock extends Error {}
    export class UnexpectedEof extends Error {}
    /** The resource is closed, or there never was one. */
    export class BadResource extends Error {}
    export class Http extends Error {}
    export class Busy extends Error {}
    export class NotSupported extends Error {}
    export class FilesystemLoop extends Error {}
    export class IsADirectory extends Error {}
    export class NetworkUnreachable extends Error {}
    export class NotADirectory extends Error {}
    /** The program was not given the permission. */
    export class NotCapable extends Error {}
  }

  /** The timer may not keep the program alive (`unrefTimer`), or may again. */
  export function refTimer(id: number): void;
  /** The program may end although the timer is not due. */
  export function unrefTimer(id: number): void;
}
