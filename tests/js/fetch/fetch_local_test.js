// data:, blob: and file: URLs.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

test("data:", async () => {
  const response = await fetch("data:text/plain;charset=x,h%20i#f");
  assertEquals(response.status, 200);
  assertEquals(response.statusText, "OK");
  assertEquals(response.url, "data:text/plain;charset=x,h%20i");
  assertEquals(response.headers.get("content-type"), "text/plain;charset=x");
  assertEquals(await response.text(), "h i");
  assertEquals(await (await fetch("data:;base64,aGk=")).text(), "hi");
  assertEquals((await fetch("data:,x")).headers.get("content-type"), "text/plain;charset=US-ASCII");
  assertEquals(
    (await fetch("data:;charset=utf-8,x")).headers.get("content-type"),
    "text/plain;charset=utf-8",
  );
  for (const bad of ["data:xx", "data:;base64,@"]) {
    assert((await fetch(bad).catch((e) => e)) instanceof TypeError);
  }
});

test("blob:", async () => {
  const url = URL.createObjectURL(new Blob(["abc"], { type: "x/y" }));
  const response = await fetch(url);
  assertEquals(response.headers.get("content-type"), "x/y");
  assertEquals(response.headers.get("content-length"), "3");
  assertEquals(await response.text(), "abc");
  const post = await fetch(url, { method: "POST" }).catch((e) => e);
  assertEquals(post.message, "Blob URL fetch only supports GET method");
  URL.revokeObjectURL(url);
  const error = await fetch(url).catch((e) => e);
  assert(error instanceof TypeError);
  assertEquals(error.message, "Blob for the given URL not found.");
});

test("a range of a blob:", async () => {
  const url = URL.createObjectURL(new Blob(["01", "234", "56789"], { type: "x/y" }));
  const ask = async (range) => {
    const response = await fetch(url, { headers: { range } });
    const { headers, status, statusText } = response;
    assertEquals(
      [status, statusText, headers.get("content-type")],
      [206, "Partial Content", "x/y"],
    );
    const text = await response.text();
    assertEquals(headers.get("content-length"), `${text.length}`);
    return `${text} ${headers.get("content-range")}`;
  };
  assertEquals(await ask("bytes=1-5"), "12345 bytes 1-5/10");
  assertEquals(await ask("bytes=0-0"), "0 bytes 0-0/10");
  assertEquals(await ask("bytes=7-"), "789 bytes 7-9/10");
  assertEquals(await ask("bytes=-2"), "89 bytes 8-9/10");
  assertEquals(await ask("bytes=-99"), "0123456789 bytes 0-9/10");
  assertEquals(await ask("bytes=3-99999999999999999999"), "3456789 bytes 3-9/10");
  assertEquals(await ask("bytes \t= 4 - 5"), "45 bytes 4-5/10");
  for (const range of ["", "bytes", "bytes=", "bytes=-", "bytes=-0", "bytes=5-4", "bytes=10-"]) {
    await assertRejects(() => ask(range), TypeError, "range");
  }
  for (const range of ["bytes=0-1,3-4", "byte=0-1", "BYTES=0-1", "bytes=0-1x", "bytes=x-1"]) {
    await assertRejects(() => ask(range), TypeError, "range");
  }
  URL.revokeObjectURL(url);
});

test("file:", async () => {
  const path = Deno.makeTempFileSync({ suffix: " x.txt" });
  Deno.writeTextFileSync(path, "content");
  const url = new URL(`file://${path}`);
  const response = await fetch(url);
  assertEquals(response.url, url.href);
  assertEquals(await response.text(), "content");
  const unread = await fetch(url);
  await unread.body.cancel();
  const post = await fetch(url, { method: "POST" }).catch((e) => e);
  assertEquals(post.message, "Fetching files only supports the GET method: received POST");
  Deno.removeSync(path);
  const error = await fetch(url).catch((e) => e);
  assert(error instanceof TypeError);
  assert(
    error.message.startsWith(`Error fetching file '${url.href}': No such file`),
    error.message,
  );
});

test("a folder by file: cannot be read, which is a TypeError", async () => {
  const folder = Deno.makeTempDirSync();
  const error = await fetch(`file://${folder}`)
    .then((response) => response.text())
    .catch((e) => e);
  assert(error instanceof TypeError, String(error));
  assertEquals(error.message.startsWith(`Error fetching file 'file://${folder}': Is a dir`), true);
  assertEquals(error.cause.name, "IsADirectory");
  Deno.removeSync(folder);
});

test("a file has the content type of WebAssembly, or none", async () => {
  const folder = Deno.makeTempDirSync();
  for (const [name, type] of [
    ["a.wasm", "application/wasm"],
    ["a.html", null],
  ]) {
    Deno.writeTextFileSync(`${folder}/${name}`, "x");
    const response = await fetch(`file://${folder}/${name}?q#f`);
    assertEquals(response.headers.get("content-type"), type);
    await response.body.cancel();
  }
  Deno.removeSync(folder, { recursive: true });
});

test("other schemes", async () => {
  for (const url of ["about:blank", "mailto:a@b", "ws://x/"]) {
    const error = await fetch(url).catch((e) => e);
    assertEquals(error.message, `Url scheme '${url.split(":")[0]}' not supported`);
  }
});

test("an aborted body", async () => {
  const controller = new AbortController();
  const response = await fetch("data:,x", { signal: controller.signal });
  controller.abort("enough");
  assertEquals(await response.text().catch((e) => e), "enough");
});

test("a blob: URL that was revoked after its Request was made is fetched", async () => {
  const url = URL.createObjectURL(new Blob(["blob"]));
  const request = new Request(url);
  const copy = new Request(request.clone());
  URL.revokeObjectURL(url);
  assertEquals(await (await fetch(request)).text(), "blob");
  assertEquals(await (await fetch(copy)).text(), "blob");
  await assertRejects(() => fetch(url), TypeError, "not found");
});
