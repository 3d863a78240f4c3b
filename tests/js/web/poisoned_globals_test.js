// A script that replaces built-ins does not change what the web platform does.
import { assertEquals, test } from "../harness.js";

test("poisoned prototypes", async () => {
  const saved = [
    [Array.prototype, Symbol.iterator],
    [Array.prototype, "push"],
    [Array.prototype, "slice"],
    [Map.prototype, "get"],
    [Map.prototype, "set"],
    [Set.prototype, "add"],
    [String.prototype, "toLowerCase"],
    [Function.prototype, "call"],
    [Function.prototype, "apply"],
    [Promise.prototype, "then"],
  ].map(([object, key]) => [object, key, object[key]]);
  let result;
  let text;
  try {
    for (let i = 0; i < saved.length; i++) {
      saved[i][0][saved[i][1]] = () => {
        throw new Error("poisoned");
      };
    }
    const headers = new Headers({ "X-A": "1", b: "2" });
    headers.append("x-a", "3");
    const controller = new AbortController();
    let events = 0;
    controller.signal.onabort = () => events++;
    controller.abort();
    const decoded = new TextDecoder("UTF-8").decode(new TextEncoder().encode("ok"));
    text = new Response("body", { headers }).text();
    result = `${headers.get("x-a")} ${events} ${decoded} ${atob(btoa("x"))}`;
  } finally {
    for (let i = 0; i < saved.length; i++) saved[i][0][saved[i][1]] = saved[i][2];
  }
  assertEquals(result, "1, 3 1 ok x");
  assertEquals(await text, "body");
});

test("a then on Object.prototype sees no bytes of ours", async () => {
  let seen = 0;
  Object.defineProperty(Object.prototype, "then", {
    configurable: true,
    get() {
      if (this instanceof Uint8Array) seen++;
      return undefined;
    },
  });
  let text;
  try {
    text = await new Response(new Uint8Array([0x61])).text();
  } finally {
    delete Object.prototype.then;
  }
  assertEquals([text, seen], ["a", 0]);
});

test("a poisoned Object.prototype is no part of a dictionary", () => {
  const names = ["required", "options", "defaultValue", "converter", "key"];
  try {
    for (const name of names) Object.prototype[name] = true;
    assertEquals(structuredClone([1]), [1]);
    assertEquals(new TextDecoder().fatal, false);
    assertEquals(new Event("x", {}).bubbles, false);
  } finally {
    for (const name of names) delete Object.prototype[name];
  }
});

test("built-ins that are made at their first use are not made of what a script put in their place", async () => {
  // In a runtime of its own, where nothing was used yet.
  const source = `
TextDecoder.prototype.decode = () => "poisoned";
Object.defineProperty(URL.prototype, "hostname", { get: () => "poisoned" });
Object.defineProperty(Request.prototype, "signal", { get() { throw new Error("poisoned"); } });
Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "byteLength", { get: () => 0 });
Object.defineProperty(Object.prototype, "0", { set() {}, get() {}, configurable: true });
Object.defineProperty(Object.prototype, "size", { value: 3, configurable: true });
const text = await new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsText(new Blob(["read"]));
});
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const [client, conn] = await Promise.all([
  Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  listener.accept(),
]);
await client.write(new Uint8Array(3));
const stream = new ReadableStream({
  start(controller) {
    controller.enqueue(new Uint8Array(10));
    controller.close();
  },
});
const server = Deno.serve({ port: 0, onListen() {} }, () => new Response(stream));
const { length } = await (await fetch("http://127.0.0.1:" + server.addr.port)).bytes();
console.log(
  text,
  new URLPattern({ hostname: "good" }).test("http://good/"),
  new Request("http://a/").clone().url,
  await (await fetch(new Request("data:,x"))).text(),
  Deno.resources()[0],
  await conn.read(new Uint8Array(3)),
  length,
);
Deno.exit();`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", source],
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  assertEquals(new TextDecoder().decode(stdout), "read true http://a/ x stdin 3 10\n");
});

test("what a script makes of Array[Symbol.species] gets nothing", () => {
  const before = Object.getOwnPropertyDescriptor(Array, Symbol.species);
  let asked = 0;
  let seen = "";
  Object.defineProperty(Array, Symbol.species, { ...before, get: () => (asked++, Array) });
  try {
    const target = new EventTarget();
    const first = () => {
      seen += "1";
      target.removeEventListener("x", second);
    };
    const second = () => (seen += "2");
    const third = () => (seen += "3");
    for (const listener of [first, second, third]) target.addEventListener("x", listener);
    target.dispatchEvent(new Event("x"));
    target.removeEventListener("x", first);
    target.dispatchEvent(new Event("x"));
    const form = new FormData();
    for (const name of ["a", "b", "a", "c"]) form.append(name, name);
    form.delete("a");
    const headers = new Headers({ a: "1", b: "2", c: "3" });
    headers.delete("b");
    seen += [...form.keys()].join("") + [...headers.keys()].join("");
    const request = new Request("http://a.test/", { headers }).clone();
    seen += [...request.headers.keys()].join("");
  } finally {
    Object.defineProperty(Array, Symbol.species, before);
  }
  assertEquals([seen, asked], ["133bcacac", 0]);
});
