// A length or mode that is no number is refused before anything happens to the file.
import { assertEquals, assertThrows, test } from "../harness.js";

test("lengths", () => {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "0123456789");
  using file = Deno.openSync(path, { read: true, write: true });
  assertThrows(() => file.truncateSync("x"), TypeError, "expected f64");
  assertThrows(() => Deno.truncateSync(path, {}), TypeError, "expected f64");
  assertEquals(Deno.statSync(path).size, 10);
  Deno.removeSync(path);
});

test("modes", () => {
  const dir = Deno.makeTempDirSync();
  assertThrows(() => Deno.mkdirSync(`${dir}/a`, { mode: "777" }), TypeError, "expected u32");
  assertThrows(
    () => Deno.writeTextFileSync(`${dir}/b`, "x", { mode: "x" }),
    TypeError,
    "expected u32",
  );
  assertThrows(
    () => Deno.openSync(`${dir}/c`, { write: true, create: true, mode: "644" }),
    TypeError,
    "expected u32",
  );
  assertEquals([...Deno.readDirSync(dir)], []);
  Deno.removeSync(dir, { recursive: true });
});
