// Types of the Deno namespace: tests and benchmarks.

declare namespace Deno {
  export interface TestContext {
    name: string;
    /** The module the test is in. */
    origin: string;
    /** Of a step. */
    parent?: TestContext;
    /** Runs a part of the test; whether it passed. */
    step(definition: TestStepDefinition): Promise<boolean>;
    step(name: string, fn: (t: TestContext) => void | Promise<void>): Promise<boolean>;
    step(fn: (t: TestContext) => void | Promise<void>): Promise<boolean>;
  }
  export interface TestStepDefinition {
    name: string;
    fn: (t: TestContext) => void | Promise<void>;
    ignore?: boolean;
    sanitizeOps?: boolean;
    sanitizeResources?: boolean;
    sanitizeExit?: boolean;
  }
  export interface TestDefinition {
    name: string;
    fn: (t: TestContext) => void | Promise<void>;
    ignore?: boolean;
    only?: boolean;
    /** Timers and operations the test started must have ended (default). */
    sanitizeOps?: boolean;
    /** What it opened must be closed (default). */
    sanitizeResources?: boolean;
    /** `Deno.exit` throws (default). */
    sanitizeExit?: boolean;
    permissions?: PermissionOptions;
    /** Milliseconds; default: that of --timeout. */
    timeout?: number;
  }
  export type TestFunction = (t: TestContext) => void | Promise<void>;
  export interface RegisterTest {
    (definition: TestDefinition): void;
    (name: string, fn: TestFunction): void;
    (fn: TestFunction): void;
    (name: string, options: Omit<TestDefinition, "fn" | "name">, fn: TestFunction): void;
    (options: Omit<TestDefinition, "fn" | "name">, fn: TestFunction): void;
    (options: Omit<TestDefinition, "fn">, fn: TestFunction): void;
  }
  export interface DenoTest extends RegisterTest {
    ignore: RegisterTest;
    only: RegisterTest;
    beforeAll(fn: () => void | Promise<void>): void;
    beforeEach(fn: () => void | Promise<void>): void;
    afterEach(fn: () => void | Promise<void>): void;
    afterAll(fn: () => void | Promise<void>): void;
  }
  /** Registers a test for `rt test`; does nothing elsewhere. */
  export const test: DenoTest;

  export interface BenchContext {
    name: string;
    origin: string;
    /** What is measured begins here. */
    start(): void;
    /** And ends here. */
    end(): void;
  }
  export interface BenchDefinition {
    name: string;
    fn: (b: BenchContext) => void | Promise<void>;
    group?: string;
    /** What the others of its group are compared with. */
    baseline?: boolean;
    ignore?: boolean;
    only?: boolean;
    /** Iterations. */
    n?: number;
    /** Iterations before them. */
    warmup?: number;
    sanitizeExit?: boolean;
    permissions?: PermissionOptions;
  }
  export type BenchFunction = (b: BenchContext) => void | Promise<void>;
  export interface RegisterBench {
    (definition: BenchDefinition): void;
    (name: string, fn: BenchFunction): void;
    (fn: BenchFunction): void;
    (name: string, options: Omit<BenchDefinition, "fn" | "name">, fn: BenchFunction): void;
    (options: Omit<BenchDefinition, "fn">, fn: BenchFunction): void;
    (options: Omit<BenchDefinition, "fn" | "name">, fn: BenchFunction): void;
  }
  export interface DenoBench extends RegisterBench {
    ignore: RegisterBench;
    only: RegisterBench;
  }
  /** Registers a benchmark for `rt bench`; does nothing elsewhere. */
  export const bench: DenoBench;
}
