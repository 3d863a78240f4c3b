// What Deno.test and t.step accept and refuse. Registration is over when tests run, so the forms that register are
// tried at the top and looked at from inside.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const ran = [];
Deno.test("name and function", () => ran.push(1));
Deno.test("name, options, function", { permissions: "inherit" }, () => ran.push(2));
Deno.test("name, options with fn", { fn: () => ran.push(3) });
Deno.test({ name: "options", fn: () => ran.push(4) });
Deno.test({ name: "options, function" }, () => ran.push(5));
Deno.test(function namedFunction() {
  ran.push(6);
});
Deno.test({ permissions: "inherit" }, function nameOfFunction() {
  ran.push(7);
});
Deno.test({
  fn: function nameOfField() {
    ran.push(8);
  },
});
Deno.test.ignore("ignored", () => ran.push("ignored"));
Deno.test("ignored by option", { ignore: true }, () => ran.push("ignored"));

const refusals = [
  [() => Deno.test(), "must be a string, an object or a function: received undefined"],
  [() => Deno.test(null), "received null"],
  [() => Deno.test(1), "received number"],
  [() => Deno.test(""), "The test name can't be empty"],
  [() => Deno.test("a"), "Missing test function"],
  [() => Deno.test("a", { name: "b" }, () => {}), "Unexpected 'name' field in options"],
  [() => Deno.test("a", { fn() {} }, () => {}), "provided as the third argument"],
  [() => Deno.test({ name: "a" }), "Expected 'fn' field in the first argument"],
  [() => Deno.test({ name: "a", fn() {} }, () => {}), "provided as the second argument"],
  [() => Deno.test({ name: "", fn() {} }), "The test name can't be empty"],
  [() => Deno.test(() => {}), "The test function must have a name"],
  [() => Deno.test(function a() {}, {}), "Unexpected second argument to Deno.test()"],
  [() => Deno.test("a", { timeout: "1" }, () => {}), "timeout must be a number"],
  [() => Deno.test.beforeEach("a"), "Deno.test.beforeEach: expected a function"],
];
const messages = refusals.map(([register]) => {
  try {
    register();
  } catch (error) {
    return error instanceof TypeError ? error.message : String(error);
  }
  return "did not throw";
});

test("each form ran once, in order", () => assertEquals(ran, [1, 2, 3, 4, 5, 6, 7, 8]));

test("what is refused", () => {
  for (let i = 0; i < refusals.length; i++) {
    assert(messages[i].includes(refusals[i][1]), `${messages[i]}: ${refusals[i][1]}`);
  }
});

test("a timeout of nothing", () => {
  assertThrows(() => Deno.test.beforeAll(() => {}), Error, "before tests run");
});

test("no test in a test", () => {
  const message = "Nested Deno.test() calls are not supported";
  assertThrows(() => Deno.test("inner", () => {}), Error, message);
});

test("the context", async (t) => {
  assertEquals(t.name, "the context");
  assertEquals(t.origin, import.meta.url);
  assertEquals(t.parent, undefined);
  await t.step("step", async (inner) => {
    assertEquals(inner.name, "step");
    assert(inner.parent === t);
    assertEquals(inner.origin, import.meta.url);
  });
});

test("steps", async (t) => {
  const steps = [];
  assertEquals(await t.step("name and function", () => steps.push(1)), true);
  assertEquals(await t.step({ name: "options", fn: () => steps.push(2) }), true);
  const named = function named() {
    steps.push(3);
  };
  assertEquals(await t.step(named), true);
  assertEquals(await t.step({ name: "left out", ignore: true, fn: () => steps.push(4) }), true);
  let error;
  await t.step("").catch((caught) => {
    error = caught;
  });
  assertEquals([error?.name, error?.message], ["TypeError", "The test name can't be empty"]);
  assertEquals(steps, [1, 2, 3]);
});

test("steps at the same time", async (t) => {
  const order = [];
  const step = (name, ms) =>
    t.step(name, async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      order.push(name);
    });
  assertEquals(await Promise.all([step("slow", 40), step("fast", 1)]), [true, true]);
  assertEquals(order, ["fast", "slow"]);
});

let lateStep;
test("leaves its context behind", (t) => {
  lateStep = () => t.step("late", () => {});
});
test("a step after the end", async () => {
  let error;
  await lateStep().catch((caught) => {
    error = caught;
  });
  assert(error?.message.includes("after parent scope has finished execution"));
});
