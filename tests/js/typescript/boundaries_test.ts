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

test("methods without a body end what stood before them", () => {
  const b: any = { c: 5 };
  class E {
    a = b
    h(): void;
    h(x?: any) {}
    d = b
    i?(): void;
    ['c'] = 3
    x = b
    'q'<T>(x: T): (a: T) => void;
    ['e'] = 4
    z = 4
    j(): void;
    *g() { yield 3 }
    p = 5
    #q(): void;
    #q(x?: number) { return x }
  }
  const e: any = new E();
  equal([b, e.a, e.d, e.x, e.c, e.e, e.z, e.p], [{ c: 5 }, b, b, b, 3, 4, 4, 5]);
  equal([...e.g()], [3]);
});

test("types that begin a line are no methods", () => {
  const b = { c: 5 };
  let t:
  keyof (typeof b) = "c"
  let u:
  new () => void = class {}
  let v:
  (x: number) => void = () => {}
  equal([t, typeof u, typeof v], ["c", "function", "function"]);
});
