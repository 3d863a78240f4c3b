// WebAssembly.compileStreaming and instantiateStreaming.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

const kType = "application/wasm";
// (func (export "f") (result i32) (i32.const 42))
const kModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1,
  4, 0, 65, 42, 11,
]);
const wasm = (body = kModule, type = kType, status = 200) =>
  new Response(body, { status, headers: type === null ? {} : { "content-type": type } });

async function answer(source) {
  const { instance } = await WebAssembly.instantiateStreaming(source);
  return instance.exports.f();
}

test("a response, or a promise of one", async () => {
  assert((await WebAssembly.compileStreaming(wasm())) instanceof WebAssembly.Module);
  assertEquals(await answer(wasm()), 42);
  assertEquals(await answer(Promise.resolve(wasm())), 42);
  assertEquals(await answer(new Response(new Blob([kModule], { type: kType }))), 42);
});

test("imports are linked", async () => {
  // (import "a" "b" (global i32)) (export "g" (global 0))
  const bytes = [
    0, 97, 115, 109, 1, 0, 0, 0, 2, 8, 1, 1, 97, 1, 98, 3, 127, 0, 7, 5, 1, 1, 103, 3, 0,
  ];
  const body = new Uint8Array(bytes);
  const { instance } = await WebAssembly.instantiateStreaming(wasm(body), { a: { b: 7 } });
  assertEquals(instance.exports.g.value, 7);
  await assertRejects(() => WebAssembly.instantiateStreaming(wasm(body), {}), TypeError, "a");
});

test("every chunk of a stream is compiled, and the response is read", async () => {
  let at = 0;
  const stream = new ReadableStream({
    async pull(controller) {
      await 0;
      if (at === kModule.length) controller.close();
      else controller.enqueue(kModule.subarray(at, ++at));
    },
  });
  const response = wasm(stream);
  assertEquals(await answer(response), 42);
  assertEquals(response.bodyUsed, true);
  await assertRejects(() => WebAssembly.compileStreaming(response), TypeError, "consumed");
});

test("over HTTP, also in a worker", async () => {
  await using server = Deno.serve({ port: 0, onListen() {} }, () => wasm());
  const url = `http://localhost:${server.addr.port}/a.wasm`;
  assertEquals(await answer(fetch(url)), 42);
  const code = `const { instance } = await WebAssembly.instantiateStreaming(fetch("${url}"));
    postMessage(instance.exports.f()); close();`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  assertEquals(await new Promise((resolve) => (worker.onmessage = (e) => resolve(e.data))), 42);
});

test("a file may be called anything", async () => {
  const folder = Deno.makeTempDirSync();
  for (const name of ["a.wasm", "a.bin"]) {
    Deno.writeFileSync(`${folder}/${name}`, kModule);
    assertEquals(await answer(fetch(`file://${folder}/${name}`)), 42);
  }
  Deno.removeSync(folder, { recursive: true });
});

test("the content type is application/wasm and nothing else", async () => {
  for (const type of ["application/wasm", "Application/WASM", " application/wasm\t"]) {
    assertEquals(await answer(wasm(kModule, type)), 42);
  }
  for (const type of [
    null,
    "",
    "text/plain",
    "application/wasm;",
    "application/wasm; charset=utf-8",
    "application/wasm, application/wasm",
    "xapplication/wasm",
  ]) {
    await assertRejects(() => WebAssembly.compileStreaming(wasm(kModule, type)), TypeError, "type");
  }
});

test("what is no response, not ok, or locked is a TypeError", async () => {
  for (const value of [
    undefined,
    null,
    1,
    kModule,
    {},
    Response,
    { __proto__: Response.prototype },
  ]) {
    await assertRejects(() => WebAssembly.compileStreaming(value), TypeError, "not a Response");
  }
  await assertRejects(
    () => WebAssembly.compileStreaming(wasm(kModule, kType, 404)),
    TypeError,
    "404",
  );
  const locked = wasm();
  locked.body.getReader();
  await assertRejects(() => WebAssembly.compileStreaming(locked), TypeError, "consumed");
});

test("what is no module is a CompileError", async () => {
  for (const body of [null, "", "text", kModule.subarray(0, 20)]) {
    await assertRejects(() => WebAssembly.compileStreaming(wasm(body)), WebAssembly.CompileError);
  }
});

test("errors of the promise and of the body are handed on", async () => {
  const caught = (source) => WebAssembly.compileStreaming(source).catch((error) => error);
  assertEquals(await caught(Promise.reject(3)), 3);
  const failing = (act) => wasm(new ReadableStream({ pull: act }));
  assertEquals(await caught(failing((controller) => controller.error(7))), 7);
  assert((await caught(failing((controller) => controller.enqueue("text")))) instanceof TypeError);
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  assert((await caught(failing((controller) => controller.enqueue(shared)))) instanceof TypeError);
});

test("it works whatever was done to prototypes", async () => {
  const response = wasm();
  const { then } = Promise.prototype;
  const { get } = Headers.prototype;
  Object.defineProperty(Response.prototype, "headers", { get: () => assert(false) });
  Headers.prototype.get = () => "text/plain";
  Promise.prototype.then = () => assert(false);
  const compiled = WebAssembly.compileStreaming(response);
  Headers.prototype.get = get;
  Promise.prototype.then = then;
  assert((await compiled) instanceof WebAssembly.Module);
});
