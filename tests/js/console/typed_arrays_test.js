// Typed arrays: elements by value, huge ones at no cost.
import { assert, assertEquals, test } from "../harness.js";

test("name, length, elements", () => {
  assertEquals(Deno.inspect(new Uint8Array([1, 2])), "Uint8Array(2) [ 1, 2 ]");
  assertEquals(Deno.inspect(new Float32Array([-0, NaN, 0.5])), "Float32Array(3) [ -0, NaN, 0.5 ]");
  assertEquals(Deno.inspect(new BigInt64Array([-1n])), "BigInt64Array(1) [ -1n ]");
});

test("showHidden adds the view's attributes", () => {
  const text = Deno.inspect(new Uint16Array(1), { showHidden: true, breakLength: 200 });
  assertEquals(
    text,
    "Uint16Array(1) [ 0, [BYTES_PER_ELEMENT]: 2, [length]: 1, [byteLength]: 2, " +
      "[byteOffset]: 0, [buffer]: ArrayBuffer { byteLength: 2 } ]",
  );
});

test("only the first hundred elements are looked at", () => {
  const array = new Uint8Array(200_000_000);
  const start = performance.now();
  assert(Deno.inspect(array).endsWith("... 199999900 more items\n]"));
  assert(performance.now() - start < 1000);
});
