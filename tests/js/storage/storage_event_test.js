// StorageEvent: what it takes and shows. rt fires none.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const values = (event) => [
  event.type,
  event.bubbles,
  event.cancelable,
  event.key,
  event.oldValue,
  event.newValue,
  event.url,
];

test("the dictionary and its defaults", () => {
  assertEquals(values(new StorageEvent("x")), ["x", false, false, null, null, null, ""]);
  assertEquals(new StorageEvent("x").storageArea, null);
  const event = new StorageEvent("storage", {
    cancelable: true,
    key: 1,
    oldValue: "old",
    newValue: null,
    url: "not resolved\ud800",
    storageArea: sessionStorage,
  });
  assertEquals(values(event), ["storage", false, true, "1", "old", null, "not resolved\ufffd"]);
  assert(event.storageArea === sessionStorage && event instanceof Event);
});

test("wrong arguments are refused", () => {
  assertThrows(() => new StorageEvent(), TypeError, "1 argument required");
  assertThrows(() => new StorageEvent("x", { storageArea: {} }), TypeError, "Storage");
  const copy = Object.create(Storage.prototype);
  assertThrows(() => new StorageEvent("x", { storageArea: copy }), TypeError, "Storage");
  const event = new StorageEvent("x");
  assertThrows(() => event.initStorageEvent(), TypeError, "1 argument required");
  assertThrows(() => event.initStorageEvent("y", 0, 0, "", "", "", "", {}), TypeError, "Storage");
  assertThrows(() => StorageEvent.prototype.key, TypeError, "Illegal invocation");
  assertThrows(() => event.initStorageEvent.call(new Event("x"), "y"), TypeError, "Illegal");
  assertEquals(event.type, "x");
});

test("initStorageEvent sets everything anew, but not while it is dispatched", () => {
  const event = new StorageEvent("x", { key: "k", url: "u", bubbles: true });
  event.initStorageEvent("y", false, 1, "key", "old", "new", "url", localStorage);
  assertEquals(values(event), ["y", false, true, "key", "old", "new", "url"]);
  assert(event.storageArea === localStorage);
  const target = new EventTarget();
  target.addEventListener("y", () => event.initStorageEvent("z"));
  target.dispatchEvent(event);
  assertEquals(values(event), ["y", false, true, "key", "old", "new", "url"]);
  event.initStorageEvent(undefined, null, null, null, undefined, undefined, null);
  assertEquals(values(event), ["undefined", false, false, null, null, null, "null"]);
  assertEquals(event.storageArea, null);
});

test("it is an interface like others, of the main program only", async () => {
  assertEquals([StorageEvent.length, StorageEvent.prototype.initStorageEvent.length], [1, 1]);
  assertEquals(Object.prototype.toString.call(new StorageEvent("x")), "[object StorageEvent]");
  assertEquals(Object.getOwnPropertyDescriptor(globalThis, "StorageEvent").enumerable, false);
  assert(Deno.inspect(new StorageEvent("x", { key: "of" })).includes('key: "of"'));
  const source = "postMessage(typeof StorageEvent); close();";
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const type = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  assertEquals(type, "undefined");
});
