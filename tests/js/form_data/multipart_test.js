// Forms as bodies: written and read again, and bodies that are no forms.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

function parse(text, boundary = "B") {
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
  return new Response(text, { headers }).formData();
}

test("what is written is read again", async () => {
  const form = new FormData();
  form.append('na"me\r\n', "line\nend\r");
  form.append(
    "file",
    new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'ä".bin', { type: "a/b" }),
  );
  form.append("empty", new File([], ""));
  const response = new Response(form);
  assert(/^multipart\/form-data; boundary=\S{20,}$/.test(response.headers.get("content-type")));
  const read = await response.formData();
  assertEquals([...read.keys()], ['na"me\r\n', "file", "empty"]);
  assertEquals(read.get('na"me\r\n'), "line\r\nend\r\n");
  const file = read.get("file");
  assertEquals(
    [file.name, file.type, [...(await file.bytes())]],
    ['ä".bin', "a/b", [0, 13, 10, 45, 45, 255]],
  );
  assertEquals([read.get("empty").name, read.get("empty").type], ["", "application/octet-stream"]);
});

test("what other clients write", async () => {
  const form = await parse(
    "preamble\r\n--B \t\r\ncontent-disposition:form-data;name=a\r\n\r\n\r\n" +
      '--B\r\nX: y\r\nContent-Type: text/x\r\nContent-Disposition: form-data; filename="f"; name="b"\r\n' +
      "\r\n--C\r\n--\r\n--B--epilogue",
  );
  assertEquals(form.get("a"), "");
  assertEquals(
    [form.get("b").name, form.get("b").type, await form.get("b").text()],
    ["f", "text/x", "--C\r\n--"],
  );
});

test("no parts at all", async () => {
  assertEquals([...(await parse("--B--\r\n"))], []);
});

test("bodies that are none", async () => {
  const part = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nx';
  for (const text of [
    "",
    "--",
    "--C--",
    "--B",
    "--B\r\n",
    "--Bx\r\n",
    part,
    `${part}\r\n--`,
    `${part}\r\n--B`,
    "--B\r\n\r\nx\r\n--B--",
    '--B\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--B--',
    '--B\r\nContent-Disposition: form-data; name="a\r\n\r\nx\r\n--B--',
    "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n--B--",
    "--B\r\nno colon\r\n\r\nx\r\n--B--",
    `--B\r\nX: ${"y".repeat(20_000)}\r\n\r\nx\r\n--B--`,
  ]) {
    await assertRejects(() => parse(text), TypeError);
  }
  await assertRejects(() => new Response("x").formData(), TypeError, "text/plain");
  await assertRejects(
    () => new Response(new Uint8Array(1)).formData(),
    TypeError,
    "no content type",
  );
});

test("every cut of a body is refused, none crashes", async () => {
  const whole = '--B\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nx\r\n--B--';
  for (let i = 0; i < whole.length; i++) {
    await assertRejects(() => parse(whole.slice(0, i)), TypeError);
  }
  assertEquals((await parse(whole)).get("a").name, "f");
});

test("too many parts", async () => {
  const part = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
  await assertRejects(() => parse(`${part.repeat(65_537)}--B--`), TypeError, "too many parts");
});

test("application/x-www-form-urlencoded", async () => {
  const form = await new Response(new URLSearchParams({ "a b": "ü&", c: "" })).formData();
  assertEquals(
    [...form],
    [
      ["a b", "ü&"],
      ["c", ""],
    ],
  );
});

test("Response.blob()", async () => {
  const blob = await new Response("abc", {
    headers: { "content-type": "Text/Plain; Charset=X" },
  }).blob();
  assertEquals([blob.type, await blob.text()], ["text/plain;charset=X", "abc"]);
  assertEquals(await new Response(new Blob(["x", "y"])).text(), "xy");
});

test("quotes in names: written as %22, read as that and as backslash and quote", async () => {
  const form = new FormData();
  form.append('a"b', new File(["x"], 'c"d.txt'));
  const text = await new Response(form).text();
  assert(text.includes('name="a%22b"; filename="c%22d.txt"'), text);
  const other = text.replaceAll("%22", '\\"');
  const type = `multipart/form-data; boundary=${text.slice(2, text.indexOf("\r\n"))}`;
  for (const body of [text, other]) {
    const read = await new Response(body, { headers: { "content-type": type } }).formData();
    assertEquals(read.get('a"b').name, 'c"d.txt');
  }
});
