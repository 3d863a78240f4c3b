// What V8 has of the language and TypeScript's lib.esnext does not tell of.

interface JSON {
  /** A value that `JSON.stringify` writes as this text. */
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): boolean;
}
interface ErrorConstructor {
  /** Gives an object a `stack`, without the frames above `constructorOpt`. */
  captureStackTrace(targetObject: object, constructorOpt?: Function): void;
  /** How many frames a `stack` has. */
  stackTraceLimit: number;
}
interface Atomics {
  /** Tells the processor that this is a loop that waits. */
  pause(n?: number): void;
}
interface ImportMeta {
  /** The module's address. */
  url: string;
  /** Of a file. */
  filename?: string;
  /** The folder of a file. */
  dirname?: string;
  /** Whether this is the module that was started. */
  main: boolean;
  /** The address an import of `specifier` would have. */
  resolve(specifier: string): string;
}
