// Buffers show their bytes in hexadecimal.
import { assertEquals, test } from "../harness.js";

test("ArrayBuffer and SharedArrayBuffer", () => {
  const { buffer } = new Uint8Array([0, 16, 255]);
  assertEquals(Deno.inspect(buffer), "ArrayBuffer { [Uint8Contents]: <00 10 ff>, byteLength: 3 }");
  assertEquals(
    Deno.inspect(new SharedArrayBuffer(1)),
    "SharedArrayBuffer { [Uint8Contents]: <00>, byteLength: 1 }",
  );
});

test("a detached buffer", () => {
  const buffer = new ArrayBuffer(2);
  buffer.transfer();
  assertEquals(Deno.inspect(buffer), "ArrayBuffer { (detached), byteLength: 0 }");
});

test("DataView", () => {
  assertEquals(
    Deno.inspect(new DataView(new ArrayBuffer(3), 1)),
    "DataView {\n  byteLength: 2,\n  byteOffset: 1,\n" +
      "  buffer: ArrayBuffer { [Uint8Contents]: <00 00 00>, byteLength: 3 }\n}",
  );
});
