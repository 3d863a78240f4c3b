// What console.log shows of the web's classes.
import { assertEquals, test } from "../harness.js";

test("a subclass has its own name", () => {
  const show = (value) => Deno.inspect(value).split(/[ {]/)[0];
  const url = "http://a/";
  assertEquals(show(new (class MyRequest extends Request {})(url)), "MyRequest");
  assertEquals(show(new (class MyURL extends URL {})(url)), "MyURL");
  assertEquals(show(new (class MyHeaders extends Headers {})()), "MyHeaders");
  assertEquals(show(new (class MyForm extends FormData {})()), "MyForm");
  assertEquals(show(new (class MyParams extends URLSearchParams {})("a=b")), "MyParams");
  assertEquals(show(new (class MyStream extends ReadableStream {})()), "MyStream");
  assertEquals(show(new (class B extends class A extends Blob {} {})()), "B");
  assertEquals(show(new File([], "")), "File");
  assertEquals(show(new URL(url)), "URL");
});

test("a subclass that hides its constructor is what it extends", () => {
  class Hidden extends Blob {}
  delete Hidden.prototype.constructor;
  assertEquals(Deno.inspect(new Hidden()), 'Blob { size: 0, type: "" }');
  Object.defineProperty(Hidden.prototype, "constructor", {
    get() {
      throw new Error("never called");
    },
  });
  assertEquals(Deno.inspect(new Hidden()), 'Blob { size: 0, type: "" }');
  const odd = new Blob();
  Object.setPrototypeOf(
    odd,
    new Proxy(Blob.prototype, {
      getPrototypeOf() {
        throw new Error("never seen");
      },
    }),
  );
  assertEquals(Deno.inspect(odd), 'Blob { size: 0, type: "" }');
});

test("streams tell their state", async () => {
  const fields = 'state: "readable", supportsBYOB: false }';
  assertEquals(
    Deno.inspect(new ReadableStream(), { breakLength: 90 }),
    `ReadableStream { locked: false, ${fields}`,
  );
  const bytes = new ReadableStream({
    type: "bytes",
    start: (controller) => controller.close(),
  });
  assertEquals(
    Deno.inspect(bytes, { breakLength: 90 }),
    'ReadableStream { locked: false, state: "closed", supportsBYOB: true }',
  );
  const failed = new ReadableStream({ start: (controller) => controller.error(1) });
  await failed.getReader().closed.catch(() => {});
  assertEquals(
    Deno.inspect(failed, { breakLength: 90 }),
    'ReadableStream { locked: true, state: "errored", supportsBYOB: false }',
  );
});

test("a response shows its body, which can be read then", async () => {
  assertEquals(Deno.inspect(new Response()).split("\n")[1], "  body: null,");
  const response = new Response("text");
  assertEquals(Deno.inspect(response).split("\n")[1], "  body: ReadableStream {");
  assertEquals([response.bodyUsed, await response.text()], [false, "text"]);
  assertEquals(Deno.inspect(response).includes('state: "closed"'), true);
});

test("a form shows all its entries in order", () => {
  const form = new FormData();
  assertEquals(Deno.inspect(form), "FormData {}");
  form.append("b", "1");
  form.append("a", "2");
  form.append("b", "3");
  form.append("x", "4");
  assertEquals(Deno.inspect(form), 'FormData { b: [ "1", "3" ], a: "2", x: "4" }');
});

test("crypto", () => {
  assertEquals(Deno.inspect(crypto), "Crypto { subtle: SubtleCrypto {} }");
});
