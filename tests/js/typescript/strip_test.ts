// What is only types goes without a trace; the values stay what they were.
import { test } from "../harness.js";

type Pair<A, B = A> = readonly [A, B];
interface Named { name: string; greet?(): void }
declare const nowhere: number;
declare module "nothing" { export const x: number }
abstract class Animal<T extends Named = Named> implements Named {
  declare ghost: string;
  readonly name: string;
  #legs?: number = 4;
  static count: number = 0;
  [key: string]: unknown;
  constructor(name: T["name"]) { this.name = name as string; }
  abstract speak(this: Animal, volume?: number): string;
  legs(): number { return this.#legs!; }
}
class Dog extends Animal {
  override speak(volume: number = 1): string { return `${this.name}${"!".repeat(volume)}`; }
}
function over(a: string): string;
function over(a: number): number;
function over(a: unknown): unknown { return a; }
const identity = <T,>(value: T): T => value;
const isString = (x: unknown): x is string => typeof x === "string";
function assert(x: unknown): asserts x { if (!x) throw new Error("assertion failed"); }

test("classes, generics and overloads", () => {
  const dog = new Dog("rex");
  assert(dog.speak(2) === "rex!!");
  assert(dog.legs() === 4);
  assert(!("ghost" in dog));
  assert(over("a") === "a" && over(1) === 1);
});

test("assertions and satisfies", () => {
  const pair = [1, 2] as const satisfies Pair<number>;
  const value = (<any>pair)[0]! as number;
  assert(value === 1);
  assert(identity<string>("x") === "x");
  assert(isString("x"));
});

test("angle brackets that are no types", () => {
  const a = 1, b = 2, c = 3;
  assert(!(a < b && b > (c)));
  assert(new Map<string, Array<Array<number>>>([["a", [[1]]]]).size === 1);
  const choose = (x: boolean) => x ? (b) : (y: number): number => y;
  assert(choose(true) === 2);
});

test("optional chaining, this types, async arrows", async () => {
  const f = async <T>(x: T): Promise<T> => x;
  assert(await f(3) === 3);
  const o: { p?: { q: number } } = {};
  assert(o.p?.q === undefined);
});

test("columns stay", () => {
  const here: string = (new Error("x") as Error).stack!.split("\n")[1]!;
  assert(/strip_test\.ts:60:25\)?$/.test(here));
});
