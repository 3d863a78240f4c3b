import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const file = `${dir}/a.txt`;
Deno.writeTextFileSync(file, "hello");

test("readTextFile and readFile give the contents", async () => {
  assertEquals(await Deno.readTextFile(file), "hello");
  assertEquals(Deno.readTextFileSync(file), "hello");
  assertEquals(await Deno.readFile(file), new Uint8Array([104, 101, 108, 108, 111]));
  const bytes = Deno.readFileSync(file);
  assertEquals(bytes.byteLength, 5);
  assertEquals(bytes.buffer.byteLength, 5);
});

test("an absent file rejects with NotFound that carries the path", async () => {
  const missing = `${dir}/missing`;
  const text = `No such file or directory (os error 2): readfile '${missing}'`;
  const error = await assertRejects(() => Deno.readTextFile(missing), Deno.errors.NotFound);
  assertEquals(error.message, text);
  assertEquals(error.name, "NotFound");
  assertEquals(error.code, "ENOENT");
  assertEquals(assertThrows(() => Deno.readFileSync(missing), Deno.errors.NotFound).message, text);
});

test("the stack of a late error names the async caller", async () => {
  async function caller() {
    await Deno.readTextFile(`${dir}/missing`);
  }
  const error = await assertRejects(caller);
  assert(error.stack.includes("caller"), error.stack);
});

test("empty files and files that do not tell their size", async () => {
  Deno.writeTextFileSync(`${dir}/empty`, "");
  assertEquals(await Deno.readTextFile(`${dir}/empty`), "");
  assertEquals((await Deno.readFile(`${dir}/empty`)).length, 0);
});

test("every size around the room for small files, and the end of a turn's share", async () => {
  const path = `${dir}/sizes`;
  const room = 16 * 1024;
  for (const size of [1, room - 1, room, room + 1, 2 * room, 65536, 65537, 1048576, 1048577]) {
    const data = new Uint8Array(size).map((_, i) => i * 7);
    Deno.writeFileSync(path, data);
    const same = (got) => got.length === size && got.every((byte, i) => byte === data[i]);
    assert(same(Deno.readFileSync(path)), `${size}, blocking`);
    assert(same(await Deno.readFile(path)), `${size}`);
    const many = await Promise.all([1, 2, 3].map(() => Deno.readFile(path)));
    assert(many.every(same), `${size}, several`);
    assertEquals(Deno.readTextFileSync(path), await Deno.readTextFile(path));
  }
});

test("what was read stays as it was when the next file is read", async () => {
  const [one, two] = [`${dir}/one`, `${dir}/two`];
  Deno.writeTextFileSync(one, "one");
  Deno.writeTextFileSync(two, "two");
  const bytes = [Deno.readFileSync(one), await Deno.readFile(one)];
  const text = [Deno.readTextFileSync(one), await Deno.readTextFile(one)];
  Deno.readFileSync(two);
  await Deno.readFile(two);
  await Deno.readTextFile(two);
  assertEquals(text, ["one", "one"]);
  for (const each of bytes) assertEquals([...each], [111, 110, 101]);
  bytes[0][0] = 0;
  assertEquals(bytes[1][0], 111);
  assertEquals(Deno.readTextFileSync(one), "one");
});

test("a pipe is read to its end, in portions of any size", async () => {
  const path = `${dir}/fifo`;
  assert((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
  for (const size of [10, 16 * 1024, 100_000]) {
    const reading = Deno.readFile(path);
    const writer = await Deno.open(path, { write: true });
    for (let left = size; left > 0; ) {
      left -= await writer.write(new Uint8Array(Math.min(left, 7000)));
    }
    writer.close();
    assertEquals((await reading).length, size);
  }
});

test("text is decoded: UTF-8, byte order mark kept, U+FFFD for what is invalid", async () => {
  const path = `${dir}/text`;
  const cases = [
    [[0xc3, 0xa9, 0x61, 0xc3, 0xbf], "éaÿ"],
    [[0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], "é€😀"],
    [[0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
    [[0x61, 0xff, 0x62], "a\ufffdb"],
    [[0xe2, 0x82], "\ufffd"],
    [[0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
    [[0x61, 0x00, 0x62], "a\0b"],
  ];
  for (const [bytes, text] of cases) {
    Deno.writeFileSync(path, new Uint8Array(bytes));
    assertEquals(await Deno.readTextFile(path), text);
    assertEquals(Deno.readTextFileSync(path), text);
  }
});

test("large text, ASCII and not", async () => {
  const path = `${dir}/large`;
  const ascii = "0123456789abcdef".repeat(64 * 1024);
  await Deno.writeTextFile(path, ascii);
  const read = await Deno.readTextFile(path);
  assert(read === ascii);
  assertEquals(read.slice(-16).toUpperCase(), "0123456789ABCDEF");
  for (const more of ["é", "€", "😀", "é€😀"]) {
    await Deno.writeTextFile(path, `${ascii}${more}`);
    assert((await Deno.readTextFile(path)) === `${ascii}${more}`, more);
    assert(Deno.readTextFileSync(path) === `${ascii}${more}`, more);
  }
  const bytes = new Uint8Array(1 << 20).fill(97);
  bytes[5] = 0xff;
  await Deno.writeFile(path, bytes);
  const broken = await Deno.readTextFile(path);
  assertEquals([broken.length, broken[5], broken[6]], [1 << 20, "\ufffd", "a"]);
});

test("a folder is IsADirectory", async () => {
  await assertRejects(() => Deno.readTextFile(dir), Deno.errors.IsADirectory, "readfile");
  assertThrows(() => Deno.readFileSync(dir), Deno.errors.IsADirectory, "(os error 21)");
});

test("paths: URL yes; other schemes, hosts, bytes and nothing no", async () => {
  assertEquals(await Deno.readTextFile(new URL(`file://${file}`)), "hello");
  Deno.writeTextFileSync(`${dir}/a b%`, "odd");
  assertEquals(Deno.readTextFileSync(new URL(`file://${dir}/a%20b%25`)), "odd");
  assertThrows(() => Deno.readFileSync(new URL("http://x/")), TypeError, "Must be a file URL");
  assertThrows(() => Deno.readFileSync(new URL("file://h/x")), TypeError, "Host must be empty");
  for (const path of [new Uint8Array([97]), undefined, null, 5, {}, { href: `file://${file}` }]) {
    await assertRejects(() => Deno.readFile(path), TypeError, "path");
    assertThrows(() => Deno.readFileSync(path), TypeError, "path");
  }
});

test("NUL in a path is a TypeError, an empty path NotFound", async () => {
  await assertRejects(() => Deno.readFile("a\0b"), TypeError, "NUL");
  assertThrows(() => Deno.statSync("a\0b"), TypeError, "NUL");
  for (const use of [() => Deno.symlink("a\0b", "never"), () => Deno.readFile("a\0b")]) {
    assertEquals((await assertRejects(use, TypeError)).code, "EINVAL");
  }
  await assertRejects(() => Deno.readFile(""), Deno.errors.NotFound);
});

test("reading and stat in a loop leave timers their turn", async () => {
  let fired = false;
  setTimeout(() => (fired = true), 0);
  const end = performance.now() + 10_000;
  while (!fired && performance.now() < end) await Deno.readTextFile(file);
  assert(fired);
  fired = false;
  setTimeout(() => (fired = true), 0);
  while (!fired && performance.now() < end) await Deno.stat(file);
  assert(fired);
});

test("the contents are those after the last write, however often they were read", async () => {
  const path = `${dir}/changing`;
  for (const size of [1, 1023, 65536, 65537, 0, 10]) {
    await Deno.writeFile(path, new Uint8Array(size).fill(size % 251));
    for (let i = 0; i < 3; i++) {
      const bytes = await Deno.readFile(path);
      assertEquals(bytes.length, size);
      assertEquals((await Deno.stat(path)).size, size);
      assert(bytes.every((byte) => byte === size % 251));
    }
  }
});

test("signal: aborted before, aborted while reading", async () => {
  const reason = new Error("mine");
  await assertRejects(
    () => Deno.readFile(file, { signal: AbortSignal.abort(reason) }),
    Error,
    "mine",
  );
  const controller = new AbortController();
  const pending = Deno.readTextFile(file, { signal: controller.signal });
  controller.abort(reason);
  assert((await assertRejects(pending)) === reason);
  assertEquals(await Deno.readTextFile(file, { signal: new AbortController().signal }), "hello");
  await assertRejects(() => Deno.readFile(file, { signal: {} }), TypeError, "signal");
});

test("nothing stays open", () => {
  assertEquals(Deno.resources(), { 0: "stdin", 1: "stdout", 2: "stderr" });
  Deno.removeSync(dir, { recursive: true });
});
