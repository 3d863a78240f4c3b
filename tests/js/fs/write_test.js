import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const { AlreadyExists, IsADirectory, NotFound } = Deno.errors;

test("writeFile creates and truncates", async () => {
  const path = `${dir}/a`;
  await Deno.writeFile(path, new Uint8Array([1, 2, 3]));
  assertEquals(Deno.readFileSync(path), new Uint8Array([1, 2, 3]));
  Deno.writeFileSync(path, new Uint8Array([9]));
  assertEquals(await Deno.readFile(path), new Uint8Array([9]));
});

test("what replaces a file leaves nothing of it, longer or shorter, and touches it when empty", async () => {
  const path = `${dir}/over`;
  for (const text of ["a", "bcd", "ef", "gh", "", "", "i"]) {
    for (const write of [Deno.writeTextFile, Deno.writeTextFileSync]) {
      await write(path, text);
      assertEquals(Deno.readTextFileSync(path), text);
      Deno.utimeSync(path, 1, 1);
      await write(path, text);
      assertEquals(Deno.statSync(path).mtime.getTime() > 1000, true);
    }
  }
  // What is no file has no size to be cut to.
  await Deno.writeTextFile("/dev/null", "x");
});

test("no text is an empty file, no bytes are an error that says what came", async () => {
  const path = `${dir}/no_text`;
  await Deno.writeTextFile(path, "x");
  await Deno.writeTextFile(path);
  assertEquals(Deno.readTextFileSync(path), "");
  Deno.writeTextFileSync(path, "y");
  Deno.writeTextFileSync(path, undefined);
  assertEquals(Deno.readTextFileSync(path), "");
  const type = "expected type `Uint8Array`, got";
  await assertRejects(() => Deno.writeFile(path), TypeError, `${type} \`undefined\``);
  assertThrows(() => Deno.writeFileSync(path, null), TypeError, `${type} \`null\``);
  assertThrows(() => Deno.writeFileSync(path, [1]), TypeError, `${type} \`array\``);
  const wide = new Uint16Array(1);
  assertThrows(() => Deno.writeFileSync(path, wide), TypeError, `${type} \`Uint16Array\``);
  assertThrows(() => Deno.writeFileSync(path, wide.buffer), TypeError, `${type} \`ArrayBuffer\``);
});

test("writeTextFile encodes; lone surrogates become U+FFFD; anything becomes text", async () => {
  const path = `${dir}/t`;
  await Deno.writeTextFile(path, "é\ud800");
  assertEquals(Deno.readTextFileSync(path), "é\ufffd");
  Deno.writeTextFileSync(path, 5);
  assertEquals(Deno.readTextFileSync(path), "5");
});

test("only the viewed part of a buffer is written", async () => {
  const path = `${dir}/part`;
  await Deno.writeFile(path, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
  assertEquals(Deno.readFileSync(path), new Uint8Array([2, 3]));
});

test("append, create: false, createNew", async () => {
  const path = `${dir}/b`;
  await assertRejects(
    () => Deno.writeTextFile(path, "x", { create: false }),
    NotFound,
    "writefile",
  );
  await Deno.writeTextFile(path, "a", { createNew: true });
  await Deno.writeTextFile(path, "b", { append: true });
  assertEquals(Deno.readTextFileSync(path), "ab");
  assertThrows(() => Deno.writeTextFileSync(path, "x", { createNew: true }), AlreadyExists);
  assertEquals(Deno.readTextFileSync(path), "ab");
});

test("mode is set, also on a file that exists", () => {
  const path = `${dir}/m`;
  Deno.writeTextFileSync(path, "", { mode: 0o600 });
  assertEquals(Deno.statSync(path).mode & 0o777, 0o600);
  Deno.writeTextFileSync(path, "", { mode: 0o640 });
  assertEquals(Deno.statSync(path).mode & 0o777, 0o640);
});

test("what is no Uint8Array is refused before anything is opened", async () => {
  const path = `${dir}/none`;
  for (const data of ["text", new ArrayBuffer(2), [1], undefined, new Uint16Array(1)]) {
    assertThrows(() => Deno.writeFileSync(path, data), TypeError, "Uint8Array");
    await assertRejects(() => Deno.writeFile(path, data), TypeError, "Uint8Array");
  }
  assertThrows(() => Deno.statSync(path), NotFound);
});

test("folders and missing folders", async () => {
  await assertRejects(() => Deno.writeTextFile(dir, "x"), IsADirectory, "writefile");
  assertThrows(
    () => Deno.writeTextFileSync(`${dir}/no/x`, "x"),
    NotFound,
    `writefile '${dir}/no/x'`,
  );
});

test("an aborted signal: nothing is written", async () => {
  const path = `${dir}/aborted`;
  const signal = AbortSignal.abort();
  const error = await assertRejects(() => Deno.writeTextFile(path, "x", { signal }));
  assertEquals(error.name, "AbortError");
  assertThrows(() => Deno.writeTextFileSync(path, "x", { signal }));
  assertThrows(() => Deno.statSync(path), NotFound);
  Deno.removeSync(dir, { recursive: true });
});
