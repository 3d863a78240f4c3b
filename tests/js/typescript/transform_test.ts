// What needs code of its own: enums, namespaces, parameter properties, import aliases.
import { assertEquals as equal, test } from "../harness.js";

enum Color { Red, Green = 5, Blue, Name = "n", Twice = Green * 2 }
enum Color { Later = 40 }
const enum Flag { A = 1 << 0, B = 1 << 1, Both = A | B }
namespace Space {
  export const one = 1;
  export namespace Inner { export function two(): number { return one + 1; } }
  const hidden = 1;
}
import two = Space.Inner.two;
class Point {
  constructor(public x: number, private readonly y = 2, protected z?: number) {}
  sum(): number { return this.x + this.y; }
}

test("enums", () => {
  equal(Color.Red, 0);
  equal(Color[6], "Blue");
  equal(Color.Name, "n");
  equal(Color.Twice, 10);
  equal(Color[40], "Later");
  equal(Flag.Both, 3);
});

test("namespaces and aliases", () => {
  equal(two(), 2);
  equal("hidden" in Space, false);
});

test("parameter properties", () => {
  const point = new Point(1);
  equal(point.sum(), 3);
  equal(Object.keys(point).join(), "x,y,z");
});
