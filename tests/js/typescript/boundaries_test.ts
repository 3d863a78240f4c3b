// Statements and members that ended where a declaration began, which leaves nothing behind.
import { assertEquals as equal, test } from "../harness.js";

test("a type alias between statements", () => {
  const seen: number[] = []
  let a = 1
  type X = number
  ;[1].forEach((x: X) => seen.push(x + a))
  equal(seen.join(), "2");
});

test("an interface before a parenthesis", () => {
  let called = 0
  const f = () => { called++; return 0 }
  const a = f
  interface Unused { x: number }
  (0)
  equal(called, 0);
  equal(a, f);
});

test("declared fields before a computed one", () => {
  class A {
    a = 1
    declare b: number
    ["c"] = 2
    public d = 3
    private ["e"] = 4
  }
  const made = new A() as unknown as Record<string, number>;
  equal(`${made.a},${made.c},${made.d},${made.e},${"b" in made}`, "1,2,3,4,false");
});

test("overloads before a generator", () => {
  abstract class B {
    a = 1
    abstract x: number
    *gen() { yield this.a }
  }
  class C extends B { x = 2 }
  equal([...new C().gen()].join(), "1");
});

test("expressions that go on over types", () => {
  const call = (x?: unknown): unknown => x ?? call;
  const got = call<{
    type: string;
  }>
  (7);
  equal(got, 7);
  const sum = 1 as number
    + 2;
  equal(sum, 3);
});
