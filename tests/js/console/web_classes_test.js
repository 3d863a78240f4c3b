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

test("events show what their class adds, in Deno's order", () => {
  const added = (event) =>
    [...Deno.inspect(event, { compact: false }).matchAll(/^ {2}(\w+): (.*?),?$/gm)]
      .slice(11) // those of Event
      .map(([, key, value]) => `${key} ${value}`)
      .join(", ");
  const error = { message: "m", filename: "f", lineno: 1, colno: 2, error: 3 };
  assertEquals(
    added(new ErrorEvent("a", error)),
    'message "m", filename "f", lineno 1, colno 2, error 3',
  );
  const close = { code: 1000, reason: "r", wasClean: true };
  assertEquals(added(new CloseEvent("a", close)), 'wasClean true, code 1000, reason "r"');
  const message = { data: 1, origin: "o", lastEventId: "l" };
  assertEquals(added(new MessageEvent("a", message)), 'data 1, origin "o", lastEventId "l"');
  assertEquals(added(new CustomEvent("a", { detail: 5 })), "detail 5");
  assertEquals(added(new Event("a")), "");
});

test("an event of a script's class shows what the class it extends adds", () => {
  class Sent extends class extends MessageEvent {} {
    own = 1;
  }
  const text = Deno.inspect(new Sent("a", { data: 5 }));
  assertEquals([text.split(" ")[0], /data: 5/.test(text)], ["Sent", true]);
  // Of that name, but none of ours.
  const { CloseEvent } = { CloseEvent: class CloseEvent extends Event {} };
  assertEquals(/wasClean/.test(Deno.inspect(new CloseEvent("a"))), false);
});
