// Places in stacks are those of the source, also where the code was printed anew.
import { assertEquals as equal, test } from "../harness.js";
import { fail, failLater } from "./fixtures/throws.ts";

const framesOf = (error: unknown) => (error as Error).stack!.split("\n").slice(1);

test("sync frames", () => {
  try {
    fail({ level: 0 });
  } catch (error) {
    equal(framesOf(error)[0]!.endsWith("fixtures/throws.ts:8:9)"), true);
    equal((error as Error).stack!.startsWith("Error: level Low\n    at fail (file://"), true);
  }
});

test("async frames", async () => {
  try {
    await failLater();
  } catch (error) {
    const frames = framesOf(error);
    equal(frames[0]!.endsWith("fixtures/throws.ts:8:9)"), true);
    equal(/async failLater|failLater/.test(frames[1]!), true);
    equal(frames[1]!.includes("fixtures/throws.ts:13:10"), true);
  }
});

test("a program's own prepareStackTrace sees them too", () => {
  const E = Error as unknown as { prepareStackTrace?: unknown };
  E.prepareStackTrace = (_: Error, sites: { getLineNumber(): number; getColumnNumber(): number }[]) =>
    `${sites[0]!.getLineNumber()}:${sites[0]!.getColumnNumber()} ${sites[0]}`;
  try {
    fail({ level: 1 });
  } catch (error) {
    const stack = (error as Error).stack!;
    equal(stack.startsWith("8:9 fail (file://"), true);
    equal(stack.endsWith("throws.ts:8:9)"), true);
  } finally {
    delete E.prepareStackTrace;
  }
});

test("errors whose name cannot be read", () => {
  const error = new Error("x");
  Object.defineProperty(error, "name", { get() { throw new Error("no"); } });
  equal(typeof error.stack, "string");
});
