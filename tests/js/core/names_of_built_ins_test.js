// Joining the built-ins to one script gives some of them other names there; scripts see none of that.
import { assert, assertEquals, test } from "../harness.js";

const builtIns = new Map(); // each function, and a way to it

function visit(value, path, depth = 0) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
  if (builtIns.has(value) || depth > 8) return;
  builtIns.set(value, path);
  for (const key of Reflect.ownKeys(value)) {
    const { value: inside, get, set } = Object.getOwnPropertyDescriptor(value, key);
    for (const found of [inside, get, set]) visit(found, `${path}.${String(key)}`, depth + 1);
  }
  visit(Object.getPrototypeOf(value), `Object.getPrototypeOf(${path})`, depth + 1);
}

visit(globalThis, "globalThis");
for (const name of ["module", "process", "sqlite"]) {
  visit(await import(`node:${name}`), `node:${name}`);
}

const classes = [...builtIns].filter(
  ([value]) =>
    typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value)),
);

test("there are many", () => {
  assert(classes.length > 90, `${classes.length} classes`);
  for (const Class of [URL, Request, DOMException, Deno.errors.NotFound, Deno.FsFile]) {
    assert(classes.some(([value]) => value === Class));
  }
});

test("the text of a class begins with its name", () => {
  for (const [Class, path] of classes) {
    const text = Function.prototype.toString.call(Class);
    assertEquals(/^class ([\w$]+)/.exec(text)?.[1], Class.name, path);
  }
});

test("so does the error of a call without new", () => {
  for (const [Class, path] of classes) {
    try {
      Class();
    } catch (error) {
      assertEquals(
        error.message,
        `Class constructor ${Class.name} cannot be invoked without 'new'`,
        path,
      );
      continue;
    }
    throw new Error(`${path} can be called`);
  }
});

test("functions are called as what they stand under", () => {
  assertEquals([close.name, Deno.close.name, alert.name], ["close", "close", "alert"]);
  for (const Holder of [URL, Response, Headers, ReadableStream, Deno.FsFile]) {
    for (const key of Object.getOwnPropertyNames(Holder.prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(Holder.prototype, key);
      if (typeof value === "function" && key !== "constructor") assertEquals(value.name, key);
    }
  }
});
