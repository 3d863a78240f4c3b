// Accessors are named; their getters run only when asked for.
import { assertEquals, test } from "../harness.js";

let calls = 0;
const object = {
  get a() {
    calls++;
    return 1;
  },
  set b(_) {},
  get c() {
    return { x: 1 };
  },
  set c(_) {},
};

test("getters are not called", () => {
  assertEquals(Deno.inspect(object), "{ a: [Getter], b: [Setter], c: [Getter/Setter] }");
  assertEquals(calls, 0);
});

test("getters: true calls them", () => {
  const text = Deno.inspect(object, { getters: true });
  assertEquals(text, "{ a: [Getter: 1], b: [Setter], c: [Getter/Setter] { x: 1 } }");
});

test("a getter that throws is reported in place", () => {
  const thrower = {
    get a() {
      throw new Error("boom");
    },
  };
  assertEquals(
    Deno.inspect(thrower, { getters: true }),
    "{ a: [Getter: <Inspection threw (boom)>] }",
  );
});
