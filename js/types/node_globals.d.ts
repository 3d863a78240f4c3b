// Node's two globals, as far as rt has them. With `@types/node` its declarations stand instead.

declare var global: typeof globalThis;
/** https://nodejs.org/api/process.html, the part that plain CommonJS packages ask for. */
declare var process: {
  title: string;
  readonly argv: string[];
  argv0: string;
  execArgv: string[];
  env: { [name: string]: string | undefined };
  platform: "linux" | "darwin" | "win32";
  arch: "x64" | "arm64";
  versions: { readonly rt: string; readonly deno: string; readonly v8: string };
  readonly pid: number;
  readonly ppid: number;
  readonly execPath: string;
  exitCode: number | undefined;
  cwd(): string;
  chdir(directory: string): void;
  exit(code?: number): never;
  hrtime: {
    (previous?: [number, number]): [number, number];
    bigint(): bigint;
  };
  uptime(): number;
  memoryUsage(): Deno.MemoryUsage;
  nextTick(callback: (...args: any[]) => void, ...args: any[]): void;
};
