// What behaviour tests import: Deno.test of `rt test`, and assertions that use only what they must of the runtime
// under test.

/** Registers a test: (name, body). It fails by throwing, or by a promise that rejects. */
export const { test } = Deno;

/** Fails unless `condition` is true. */
export function assert(condition, message = "assertion failed") {
  if (!condition) throw new Error(message);
}

function show(value) {
  return typeof value === "string" ? JSON.stringify(value) : Deno.inspect(value, { depth: 6 });
}

function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map) {
    return (
      a.size === b.size && [...a].every(([key, value]) => b.has(key) && equal(value, b.get(key)))
    );
  }
  if (a instanceof Set) return a.size === b.size && [...a].every((value) => b.has(value));
  if (ArrayBuffer.isView(a)) {
    const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
    const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
    return x.length === y.length && x.every((byte, i) => byte === y[i]);
  }
  if (a instanceof ArrayBuffer) return equal(new Uint8Array(a), new Uint8Array(b));
  const keys = Reflect.ownKeys(a);
  return (
    keys.length === Reflect.ownKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}

/** Fails unless both are deeply equal (same prototypes, Object.is for primitives). */
export function assertEquals(actual, expected, message = "not equal") {
  if (!equal(actual, expected)) {
    throw new Error(`${message}\n  actual:   ${show(actual)}\n  expected: ${show(expected)}`);
  }
}

function check(error, errorClass, text) {
  if (errorClass && !(error instanceof errorClass)) {
    throw new Error(`wrong class: ${error?.name}: ${error?.message}, expected ${errorClass.name}`);
  }
  if (text !== undefined && !String(error?.message).includes(text)) {
    throw new Error(`wrong message: ${show(error?.message)} does not include ${show(text)}`);
  }
  return error;
}

/** Fails unless `body` throws an `errorClass` whose message includes `text`; returns the error. */
export function assertThrows(body, errorClass, text) {
  let error;
  try {
    body();
  } catch (caught) {
    error = caught;
    return check(error, errorClass, text);
  }
  throw new Error("did not throw");
}

/** The same for a promise, or a function that returns one. */
export async function assertRejects(body, errorClass, text) {
  try {
    await (typeof body === "function" ? body() : body);
  } catch (caught) {
    return check(caught, errorClass, text);
  }
  throw new Error("did not reject");
}
