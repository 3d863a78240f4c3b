// Blob and File: parts, slices, reading.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

test("parts of every kind, copied when the blob is made", async () => {
  const bytes = new Uint8Array([98, 99]);
  const blob = new Blob(["a", bytes, bytes.buffer, new Blob(["x"]), 7, "\ud800"], { type: "T/X" });
  bytes[0] = 0;
  assertEquals(await blob.text(), "abcbcx7\ufffd");
  assertEquals([blob.size, blob.type], [10, "t/x"]);
  assertEquals(new Blob([], { type: "a\u00e9" }).type, "");
});

test("line ends", async () => {
  assertEquals(await new Blob(["a\r\nb\rc\n"], { endings: "native" }).text(), "a\nb\nc\n");
  assertEquals(await new Blob(["a\r\n"]).text(), "a\r\n");
  assertThrows(() => new Blob([], { endings: "x" }), TypeError);
});

test("slices", async () => {
  const blob = new Blob(["0123", "4567", "89"]);
  for (const [start, end, text] of [
    [2, 6, "2345"],
    [-3, undefined, "789"],
    [0, -9, "0"],
    [5, 2, ""],
    [4, 8, "4567"],
    [8, 1e20, "89"],
    [undefined, undefined, "0123456789"],
  ]) {
    assertEquals(await blob.slice(start, end).text(), text);
  }
  assertEquals(await blob.slice(1, 9).slice(2, 5, "A/B").text(), "345");
  assertEquals(blob.slice(0, 1, "A/B").type, "a/b");
});

test("arrayBuffer and bytes are copies", async () => {
  const blob = new Blob(["abc"]);
  (await blob.bytes())[0] = 0;
  new Uint8Array(await blob.arrayBuffer())[1] = 0;
  assertEquals(await blob.text(), "abc");
});

test("a stream gives chunks, also into given buffers", async () => {
  const blob = new Blob([new Uint8Array(100_000).fill(1), "z"]);
  let size = 0;
  for await (const chunk of blob.stream()) {
    size += chunk.length;
    chunk.fill(9);
  }
  assertEquals(size, 100_001);
  assertEquals((await blob.bytes())[0], 1);
  const reader = new Blob(["abc"]).stream().getReader({ mode: "byob" });
  const first = await reader.read(new Uint8Array(2));
  assertEquals([first.value, first.done], [new Uint8Array([97, 98]), false]);
  assertEquals((await reader.read(new Uint8Array(2))).value, new Uint8Array([99]));
  const end = await reader.read(new Uint8Array(2));
  assertEquals([end.done, end.value.length], [true, 0]);
});

test("File", () => {
  const file = new File(["ab"], "a/b.txt", { type: "text/plain", lastModified: 5.7 });
  assertEquals(
    [file.name, file.size, file.type, file.lastModified],
    ["a/b.txt", 2, "text/plain", 5],
  );
  assert(file instanceof Blob);
  assert(Math.abs(new File([], "").lastModified - Date.now()) < 10_000);
  assertThrows(() => new File([]), TypeError, "2 arguments required");
  assertThrows(() => new Blob("abc"), TypeError, "can not be converted to sequence");
});

test("structuredClone shares the content and keeps the class", async () => {
  const file = structuredClone({
    file: new File(["abcdef"], "n", { type: "a/b", lastModified: 3 }),
  }).file;
  assert(file instanceof File);
  assertEquals(
    [file.name, file.type, file.lastModified, await file.text()],
    ["n", "a/b", 3, "abcdef"],
  );
  const part = structuredClone(new Blob(["abcdef"]).slice(2, 4));
  assert(!(part instanceof File));
  assertEquals(await part.text(), "cd");
});

test("object URLs", () => {
  const url = URL.createObjectURL(new Blob(["a"]));
  assert(/^blob:null\/[0-9a-f-]{36}$/.test(url));
  URL.revokeObjectURL(url);
  URL.revokeObjectURL(url);
  assertThrows(() => URL.createObjectURL({}), TypeError);
});

test("a view on shared memory is no part", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  assertThrows(() => new Blob([shared]), TypeError, "SharedArrayBuffer, which is not allowed");
  assertThrows(() => new File([new DataView(shared.buffer)], "a"), TypeError, "SharedArrayBuffer");
});

test("a blob refers to the blobs it is made of", async () => {
  let blob = new Blob(["x".repeat(999), "y"]);
  for (let i = 0; i < 30; i++) blob = new Blob([blob, blob]);
  assertEquals(blob.size, 1000 * 2 ** 30);
  assertEquals(await blob.slice(5e11 - 3, 5e11 + 2).text(), "xxyxx");
  const third = new File([blob.slice(-3)], "a");
  assertEquals([third.size, await third.text()], [3, "xxy"]);
  const { value } = await blob.stream().getReader().read();
  assertEquals(value.length > 0 && value[0], 120);
  await assertRejects(() => blob.bytes(), RangeError);
  assertThrows(
    () => {
      for (let i = 0; i < 30; i++) blob = new File([blob, blob], "a");
    },
    RangeError,
    "more than 2^53 - 1 bytes",
  );
});

test("blobs nest deeply", async () => {
  let blob = new Blob(["a"]);
  for (let i = 0; i < 20_000; i++) blob = new Blob([blob, "b"]);
  const expected = `a${"b".repeat(20_000)}`;
  assertEquals(await blob.text(), expected);
  assertEquals(await structuredClone(blob).text(), expected);
  assertEquals(await blob.slice(1, 10_000).text(), "b".repeat(9999));
  assertEquals(await new Response(blob.stream()).text(), expected);
});

test("slices of nested blobs are those of their bytes", async () => {
  let blob = new Blob([]);
  let text = "";
  for (let i = 0; i < 40; i++) {
    const piece = String.fromCharCode(97 + (i % 26)).repeat(150 + i);
    blob = i % 3 === 0 ? new Blob([piece, blob]) : new Blob([blob, piece, blob.slice(5, 700)]);
    text = i % 3 === 0 ? piece + text : text + piece + text.slice(5, 700);
  }
  assertEquals(await blob.text(), text);
  for (let i = 0; i < 500; i++) {
    const start = (i * 7919) % text.length;
    const end = (i * 104_729) % text.length;
    assertEquals(await blob.slice(start, end).text(), text.slice(start, end));
  }
});

test("a form sends the pieces of a nested blob", async () => {
  let blob = new Blob(["0123456789".repeat(100)]);
  for (let i = 0; i < 6; i++) blob = new Blob([blob, "|", blob]);
  const form = new FormData();
  form.append("a", blob);
  form.append("b", new File([blob.slice(1)], "n"));
  const read = await new Response(form).formData();
  assertEquals(await read.get("a").text(), await blob.text());
  assertEquals(await read.get("b").text(), (await blob.text()).slice(1));
});
