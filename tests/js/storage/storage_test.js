// localStorage and sessionStorage as objects.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

function areas(name, body) {
  for (const key of ["localStorage", "sessionStorage"]) {
    test(`${key}: ${name}`, () => {
      const storage = globalThis[key];
      storage.clear();
      body(storage);
      storage.clear();
    });
  }
}

areas("items", (storage) => {
  assertEquals(storage.length, 0);
  assertEquals(storage.getItem("a"), null);
  storage.setItem("a", "1");
  storage.setItem("b", 2);
  storage.setItem("a", "3");
  assertEquals([storage.length, storage.getItem("a"), storage.getItem("b")], [2, "3", "2"]);
  assertEquals(
    [storage.key(0), storage.key(1), storage.key(2), storage.key(-1)],
    ["a", "b", null, null],
  );
  storage.removeItem("a");
  storage.removeItem("nothing");
  assertEquals([storage.length, storage.key(0)], [1, "b"]);
  storage.clear();
  assertEquals(storage.length, 0);
});

areas("items as properties", (storage) => {
  storage.color = "red";
  storage[5] = 6;
  assertEquals(storage.getItem("color"), "red");
  assertEquals([storage.color, storage[5], storage.nothing], ["red", "6", undefined]);
  assert("color" in storage && !("nothing" in storage) && "getItem" in storage);
  assertEquals(Object.keys(storage).sort(), ["5", "color"]);
  assertEquals(Object.getOwnPropertyDescriptor(storage, "color"), {
    value: "red",
    writable: true,
    enumerable: true,
    configurable: true,
  });
  assert(delete storage.color);
  assertEquals(storage.getItem("color"), null);
  Object.defineProperty(storage, "made", { value: 1 });
  assertEquals(storage.getItem("made"), "1");
  assertThrows(() => Object.defineProperty(storage, "no", { get: () => 1 }), TypeError);
  assertThrows(() => Object.preventExtensions(storage), TypeError);
});

areas("methods are not hidden by items", (storage) => {
  storage.setItem("getItem", "x");
  storage.length = "y";
  assertEquals(typeof storage.getItem, "function");
  assertEquals(storage.getItem("getItem"), "x");
  assertEquals([storage.getItem("length"), storage.length], ["y", 2]);
  assertEquals(Object.keys(storage), []);
});

areas("symbols are ordinary properties", (storage) => {
  const symbol = Symbol("s");
  storage[symbol] = 5;
  assertEquals([storage[symbol], storage.length], [5, 0]);
  assert(delete storage[symbol]);
});

areas("too much is refused and changes nothing", (storage) => {
  storage.setItem("a", "before");
  const error = assertThrows(
    () => storage.setItem("a", "x".repeat(10 * 1024 * 1024)),
    QuotaExceededError,
  );
  assertEquals(error.name, "QuotaExceededError");
  assertEquals(storage.getItem("a"), "before");
  storage.setItem("half", "x".repeat(6 * 1024 * 1024));
  assertThrows(() => (storage.more = "x".repeat(6 * 1024 * 1024)), DOMException, "maximum");
  assertEquals(storage.getItem("more"), null);
  storage.removeItem("half");
  storage.more = "x".repeat(6 * 1024 * 1024);
});

areas("any string, as name and as value", (storage) => {
  const odd = [
    "\ud800",
    "\udc00\ud800",
    "a\udfff",
    "\0",
    "a\0b",
    "a\0c",
    "\u{1f600}\ud83d",
    "\ufffd",
  ];
  for (const [i, text] of odd.entries()) {
    storage.setItem(text, `${i}`);
    storage[`value${i}`] = text;
  }
  assertEquals(storage.length, 2 * odd.length);
  for (const [i, text] of odd.entries()) {
    assertEquals([storage[text], storage.getItem(text), storage.key(i)], [`${i}`, `${i}`, text]);
    assertEquals(storage[`value${i}`] === text, true);
    assert(text in storage && Object.keys(storage).includes(text));
    storage.removeItem(text);
    assertEquals(storage.getItem(text), null);
  }
  assertEquals(storage.length, odd.length);
});

areas("a NUL hides nothing from the quota", (storage) => {
  const value = `\0${"x".repeat(1024 * 1024)}`;
  assertThrows(() => {
    for (let i = 0; i < 11; i++) storage.setItem(`${i}`, value);
  }, QuotaExceededError);
  assertEquals(storage.length, 9);
  storage.clear();
  for (let i = 0; i < 9; i++) storage.setItem(`${i}`, value);
});

areas("the interface", (storage) => {
  assert(storage instanceof Storage);
  assertEquals(Object.prototype.toString.call(storage), "[object Storage]");
  assertThrows(() => new Storage(), TypeError, "Illegal constructor");
  assertThrows(() => storage.getItem(), TypeError, "1 argument required");
  assertThrows(() => storage.setItem("a"), TypeError, "2 arguments required");
  assertThrows(() => Storage.prototype.getItem.call({}, "a"), TypeError, "Illegal invocation");
  assertThrows(() => Storage.prototype.length, TypeError, "Illegal invocation");
  assert(Object.getOwnPropertyDescriptor(Storage.prototype, "getItem").enumerable);
});

test("the two areas are apart", () => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.a = 1;
  assertEquals(sessionStorage.length, 0);
  localStorage.clear();
});

test("console.log shows the items, whatever they are called", () => {
  sessionStorage.clear();
  assertEquals(Deno.inspect(sessionStorage), "Storage { length: 0 }");
  sessionStorage.setItem("b c", "1");
  sessionStorage.setItem("__proto__", "2");
  assertEquals(
    Deno.inspect(sessionStorage),
    `Storage { "b c": "1", ['__proto__']: "2", length: 2 }`,
  );
  sessionStorage.clear();
  sessionStorage.setItem("length", "3");
  assertEquals(Deno.inspect({ s: sessionStorage }), '{ s: Storage { length: "3" } }');
  sessionStorage.clear();
  assertEquals(Deno.inspect(Object.create(Storage.prototype)), "Storage {}");
});
