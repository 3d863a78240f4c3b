// Asynchronous WebAssembly: it settles although nothing else keeps the program alive.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

const kHeader = [0, 97, 115, 109, 1, 0, 0, 0];
/** (func (export "f") (result i32) i32.const 42) */
const kAnswer = new Uint8Array([
  ...kHeader,
  ...[1, 5, 1, 96, 0, 1, 127],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 102, 0, 0],
  ...[10, 6, 1, 4, 0, 65, 42, 11],
]);

/** A module of `count` functions, so that the compiler has something to do in the background. */
function large(count) {
  const leb = (n) => {
    const out = [];
    do {
      out.push((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
      n >>>= 7;
    } while (n > 0);
    return out;
  };
  const section = (id, body) => [id, ...leb(body.length), ...body];
  const body = [0, ...Array(200).fill([65, 1, 26]).flat(), 65, 7, 11];
  const bodies = [];
  for (let i = 0; i < count; i++) bodies.push(...leb(body.length), ...body);
  return new Uint8Array([
    ...kHeader,
    ...section(1, [1, 96, 0, 1, 127]),
    ...section(3, [...leb(count), ...Array(count).fill(0)]),
    ...section(7, [1, 1, 102, 0, ...leb(count - 1)]),
    ...section(10, [...leb(count), ...bodies]),
  ]);
}

test("compile", async () => {
  assert((await WebAssembly.compile(kAnswer)) instanceof WebAssembly.Module);
});

test("instantiate, and call", async () => {
  const { instance, module } = await WebAssembly.instantiate(kAnswer);
  assert(module instanceof WebAssembly.Module);
  assertEquals(instance.exports.f(), 42);
  const again = await WebAssembly.instantiate(module);
  assertEquals(again.exports.f(), 42);
});

test("a large module", async () => {
  const { instance } = await WebAssembly.instantiate(large(500));
  assertEquals(instance.exports.f(), 7);
});

test("several at once", async () => {
  const bytes = large(100);
  const modules = await Promise.all(Array.from({ length: 8 }, () => WebAssembly.compile(bytes)));
  assertEquals(modules.length, 8);
});

test("a bad module rejects", async () => {
  await assertRejects(() => WebAssembly.compile(new Uint8Array(3)), WebAssembly.CompileError);
  await assertRejects(
    () => WebAssembly.instantiate(new Uint8Array([...kHeader, 99])),
    WebAssembly.CompileError,
  );
});
