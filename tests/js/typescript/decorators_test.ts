// Decorators (TC39, stage 3) and `accessor` fields, which V8 does not know.
import { assertEquals as equal, test } from "../harness.js";

const log: string[] = [];
function logged<T extends (...args: never[]) => unknown>(method: T, context: ClassMethodDecoratorContext): T {
  log.push(`${context.kind} ${String(context.name)}`);
  return function (this: unknown, ...args: never[]) {
    log.push("called");
    return method.apply(this, args);
  } as T;
}
const doubled = (value: { get(): number }) => ({ init: (x: number) => x * 2, get: value.get });

class Counter {
  @doubled accessor count: number = 4;
  @logged add(n: number): number { return this.count + n; }
}

test("method decorators", () => {
  equal(new Counter().add(1), 9);
  equal(log.join(), "method add,called");
});

test("accessor fields live on the prototype", () => {
  equal(typeof Object.getOwnPropertyDescriptor(Counter.prototype, "count")?.get, "function");
});
