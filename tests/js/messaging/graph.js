// Random graphs of values through structuredClone: what comes back has the same shape, or the error is one
// the specification knows, and then nothing was detached. Who uses this chooses: `pick(below)` is a whole
// number from 0 on. For tests/fuzz, too.
import { assert, assertEquals } from "../harness.js";

const kPrimitives = [
  ...[
    undefined,
    null,
    true,
    false,
    0,
    -0,
    NaN,
    Infinity,
    1.5,
    -7,
    2 ** 31,
    2 ** 53,
    5n,
    -(2n ** 70n),
  ],
  ...["", "text", "\xe9", "\ud800", "\u{1f600}", "__proto__", "x".repeat(3000)],
];
const kViews = [Uint8Array, Int16Array, Float32Array, BigInt64Array, Uint8ClampedArray];
const kErrors = [Error, TypeError, RangeError, SyntaxError, URIError, EvalError, ReferenceError];
const kThrown = { thrown: "by a getter" };

/** Makes one graph. Parts that cannot be cloned come seldom, or no graph would get through. */
class Maker {
  objects = [];
  buffers = [];
  hasForeign = false; // something that cannot be cloned, or runs code of its own
  #pick;
  #left;

  constructor(pick) {
    this.#pick = pick;
    this.#left = 1 + pick(40);
  }

  value(depth = 0) {
    const pick = this.#pick;
    if (this.#left-- <= 0 || depth > 12 || pick(4) === 0)
      return kPrimitives[pick(kPrimitives.length)];
    if (this.objects.length > 0 && pick(5) === 0) return this.objects[pick(this.objects.length)];
    return this.#object(pick(100), depth + 1);
  }

  #keep(object) {
    this.objects.push(object);
    return object;
  }

  #object(kind, depth) {
    const pick = this.#pick;
    if (kind < 25) return this.#fill(this.#keep(pick(4) === 0 ? Object.create(null) : {}), depth);
    if (kind < 42) return this.#array(depth);
    if (kind < 52) {
      const map = this.#keep(new Map());
      for (let i = pick(5); i > 0; i--) map.set(this.value(depth), this.value(depth));
      return map;
    }
    if (kind < 60) {
      const set = this.#keep(new Set());
      for (let i = pick(5); i > 0; i--) set.add(this.value(depth));
      return set;
    }
    if (kind < 64) return this.#keep(new Date(pick(3) === 0 ? NaN : pick(2 ** 31)));
    if (kind < 68)
      return this.#keep(
        new RegExp(["a.b", "(?<x>\\d)", "[\\/]"][pick(3)], ["", "gi", "su"][pick(3)]),
      );
    if (kind < 72) return this.#keep(Object([true, 5, "text", 9n][pick(4)]));
    if (kind < 84) return this.#binary();
    if (kind < 90) {
      const cause = pick(2) === 0 ? { cause: this.value(depth) } : undefined;
      return this.#keep(new kErrors[pick(kErrors.length)]("why", cause));
    }
    if (kind < 93) return this.#keep(new DOMException("message", "DataError"));
    if (kind < 96) return this.#keep(new Blob(["blob", new Uint8Array(pick(10))], { type: "a/b" }));
    return this.#foreign(depth);
  }

  #fill(object, depth) {
    const keys = ["a", "b", "1", "-1", "__proto__", "toString", "length", ""];
    for (let i = this.#pick(6); i > 0; i--) {
      Object.defineProperty(object, keys[this.#pick(keys.length)], {
        ...{ value: this.value(depth), configurable: true, writable: true },
        enumerable: this.#pick(8) !== 0,
      });
    }
    return object;
  }

  #array(depth) {
    const pick = this.#pick;
    const array = this.#keep([]);
    for (let i = pick(8); i > 0; i--) array.push(this.value(depth));
    if (pick(3) === 0) array.length += pick(20);
    if (pick(5) === 0) array[1000 + pick(5)] = this.value(depth);
    if (pick(5) === 0) array.extra = this.value(depth);
    return array;
  }

  #binary() {
    const pick = this.#pick;
    if (this.buffers.length === 0 || pick(2) === 0) {
      const size = 8 * (1 + pick(8));
      const options = pick(3) === 0 ? { maxByteLength: size + 64 } : undefined;
      const buffer = new ArrayBuffer(size, options);
      new Uint8Array(buffer).set([pick(256), 2, 3]);
      this.buffers.push(buffer);
    }
    const buffer = this.buffers[pick(this.buffers.length)];
    if (pick(3) === 0) return this.#keep(buffer);
    if (pick(4) === 0) return this.#keep(new DataView(buffer, pick(4), 4));
    const View = kViews[pick(kViews.length)];
    return this.#keep(pick(3) === 0 ? new View(buffer) : new View(buffer, 0, 1));
  }

  #foreign(depth) {
    this.hasForeign = true;
    const { buffers } = this;
    switch (this.#pick(7)) {
      case 0:
        return () => {};
      case 1:
        return Symbol("s");
      case 2:
        return new WeakMap();
      case 3:
        return new Proxy({}, {});
      case 4:
        return new Headers();
      case 5:
        return {
          get a() {
            throw kThrown;
          },
        };
      default:
        // Takes a buffer away while the value is being read, and makes the graph larger.
        return {
          get a() {
            if (buffers.length > 0) structuredClone(buffers[0], { transfer: [buffers[0]] });
            return 1;
          },
          b: this.value(depth),
        };
    }
  }
}

const tag = (value) => Object.prototype.toString.call(value);

/** Whether `b` is what a clone of `a` must be; `seen` maps objects to their clones. */
function isClone(a, b, seen) {
  if (typeof a !== "object" || a === null) return Object.is(a, b);
  if (seen.has(a)) return seen.get(a) === b;
  seen.set(a, b);
  if (typeof b !== "object" || b === null || a === b || tag(a) !== tag(b)) return false;
  const own = (object) => Object.keys(object);
  const sameProperties = () => {
    const keys = own(a);
    return keys.join() === own(b).join() && keys.every((key) => isClone(a[key], b[key], seen));
  };
  const sameList = (one, two) =>
    one.length === two.length && one.every((each, i) => isClone(each, two[i], seen));
  if (a instanceof Map) return sameList([...a].flat(1), [...b].flat(1));
  if (a instanceof Set) return sameList([...a], [...b]);
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp) return a.source === b.source && a.flags === b.flags && b.lastIndex === 0;
  if (a instanceof DOMException) return a.name === b.name && a.message === b.message;
  if (a instanceof Error) {
    return a.name === b.name && a.message === b.message && isClone(a.cause, b.cause, seen);
  }
  if (a instanceof Blob) return a.size === b.size && a.type === b.type;
  if (a instanceof ArrayBuffer) {
    return (
      a.byteLength === b.byteLength &&
      a.resizable === b.resizable &&
      a.maxByteLength === b.maxByteLength
    );
  }
  if (ArrayBuffer.isView(a)) {
    return (
      a.byteLength === b.byteLength &&
      a.byteOffset === b.byteOffset &&
      isClone(a.buffer, b.buffer, seen)
    );
  }
  if (Array.isArray(a)) return a.length === b.length && sameProperties();
  if (a instanceof Boolean || a instanceof Number || a instanceof String || a instanceof BigInt) {
    return Object.is(a.valueOf(), b.valueOf());
  }
  return Object.getPrototypeOf(b) === Object.prototype && sameProperties();
}

function checkKnown(error, where) {
  const isKnown =
    error === kThrown || (error instanceof DOMException && error.name === "DataCloneError");
  assert(isKnown, `${where}: ${error}`);
}

/** Clones a graph. Returns whether that could be done; throws if it should or should not have been. */
export function cloneGraph(pick, where) {
  const maker = new Maker(pick);
  const value = maker.value();
  let clone;
  try {
    clone = structuredClone(value);
  } catch (error) {
    checkKnown(error, where);
    assert(maker.hasForeign, `${where}: ${error}`);
    return false;
  }
  // Getters may have changed what they were read from.
  if (!maker.hasForeign) assert(isClone(value, clone, new Map()), `${where} came back different`);
  return true;
}

/** Clones a graph and moves some of its buffers. Returns how many; throws if they are not as they should be. */
export function moveGraph(pick, where) {
  const maker = new Maker(pick);
  const value = maker.value();
  const { buffers } = maker;
  const transfer = buffers.filter(() => pick(2) === 0);
  if (pick(20) === 0 && transfer.length > 0) transfer.push(transfer[0]);
  const sizes = buffers.map((buffer) => buffer.byteLength);
  const detached = () => buffers.map((buffer) => buffer.detached);
  const before = detached();
  let clone;
  try {
    clone = structuredClone({ value, buffers }, { transfer });
  } catch (error) {
    checkKnown(error, where);
    if (!maker.hasForeign) assertEquals(detached(), before, where);
    return 0;
  }
  if (maker.hasForeign) return 0;
  for (let i = 0; i < buffers.length; i++) {
    assertEquals(buffers[i].detached, transfer.includes(buffers[i]), where);
    assertEquals(clone.buffers[i].byteLength, sizes[i], where);
  }
  return transfer.length;
}
