// Types of the Deno namespace: programs and signals.

declare namespace Deno {
  export type Signal =
    | "SIGABRT"
    | "SIGALRM"
    | "SIGBREAK"
    | "SIGBUS"
    | "SIGCHLD"
    | "SIGCONT"
    | "SIGEMT"
    | "SIGFPE"
    | "SIGHUP"
    | "SIGILL"
    | "SIGINFO"
    | "SIGINT"
    | "SIGIO"
    | "SIGPOLL"
    | "SIGUNUSED"
    | "SIGKILL"
    | "SIGPIPE"
    | "SIGPROF"
    | "SIGPWR"
    | "SIGQUIT"
    | "SIGSEGV"
    | "SIGSTKFLT"
    | "SIGSTOP"
    | "SIGSYS"
    | "SIGTERM"
    | "SIGTRAP"
    | "SIGTSTP"
    | "SIGTTIN"
    | "SIGTTOU"
    | "SIGURG"
    | "SIGUSR1"
    | "SIGUSR2"
    | "SIGVTALRM"
    | "SIGWINCH"
    | "SIGXCPU"
    | "SIGXFSZ";
  export function addSignalListener(signal: Signal, handler: () => void): void;
  export function removeSignalListener(signal: Signal, handler: () => void): void;
  /** Sends a signal (default: SIGTERM). */
  export function kill(pid: number, signo?: Signal | number): void;

  export interface CommandOptions {
    args?: string[];
    cwd?: string | URL;
    /** The program gets nothing but `env`. */
    clearEnv?: boolean;
    env?: Record<string, string>;
    uid?: number;
    gid?: number;
    /** Ends the program when it is aborted. */
    signal?: AbortSignal;
    stdin?: "piped" | "inherit" | "null";
    stdout?: "piped" | "inherit" | "null";
    stderr?: "piped" | "inherit" | "null";
    /** The program outlives this one. */
    detached?: boolean;
    windowsRawArguments?: boolean;
  }
  export interface CommandStatus {
    success: boolean;
    code: number;
    signal: Signal | null;
  }
  export interface CommandOutput extends CommandStatus {
    readonly stdout: Uint8Array<ArrayBuffer>;
    readonly stderr: Uint8Array<ArrayBuffer>;
  }
  /** What a program writes, with short forms for all of it. */
  export interface SubprocessReadableStream extends ReadableStream<Uint8Array<ArrayBuffer>> {
    arrayBuffer(): Promise<ArrayBuffer>;
    bytes(): Promise<Uint8Array<ArrayBuffer>>;
    json(): Promise<any>;
    text(): Promise<string>;
  }
  /** A program that was started. */
  export class ChildProcess implements AsyncDisposable {
    private constructor();
    readonly pid: number;
    readonly status: Promise<CommandStatus>;
    readonly stdin: WritableStream<Uint8Array>;
    readonly stdout: SubprocessReadableStream;
    readonly stderr: SubprocessReadableStream;
    output(): Promise<CommandOutput>;
    kill(signo?: Signal | number): void;
    ref(): void;
    unref(): void;
    [Symbol.asyncDispose](): Promise<void>;
  }
  /** A program to start. */
  export class Command {
    constructor(command: string | URL, options?: CommandOptions);
    output(): Promise<CommandOutput>;
    outputSync(): CommandOutput;
    spawn(): ChildProcess;
  }
  /** `new Deno.Command(command, options).spawn()`. */
  export function spawn(command: string | URL, options?: CommandOptions): ChildProcess;
  export function spawn(
    command: string | URL,
    args: string[],
    options?: CommandOptions,
  ): ChildProcess;
  /** `new Deno.Command(command, options).output()`. */
  export function spawnAndWait(
    command: string | URL,
    options?: CommandOptions,
  ): Promise<CommandOutput>;
  export function spawnAndWait(
    command: string | URL,
    args: string[],
    options?: CommandOptions,
  ): Promise<CommandOutput>;
  /** `new Deno.Command(command, options).outputSync()`. */
  export function spawnAndWaitSync(command: string | URL, options?: CommandOptions): CommandOutput;
  export function spawnAndWaitSync(
    command: string | URL,
    args: string[],
    options?: CommandOptions,
  ): CommandOutput;
}
