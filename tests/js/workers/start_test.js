// Where a worker's module comes from, and what is refused.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { host, Project } from "../modules/remote.js";
import { answerOf, next, workerOf } from "./help.js";

test("a file beside the module", async () => {
  const worker = new Worker(new URL("./fixtures/echo.js", import.meta.url), { type: "module" });
  worker.postMessage({ text: "hello", list: [1, 2] });
  const { data } = await next(worker);
  assertEquals(data, { text: "hello", list: [1, 2] });
  worker.terminate();
});

test("a data: URL", async () => {
  const worker = new Worker("data:text/javascript,postMessage(import.meta.url.slice(0, 5))", {
    type: "module",
  });
  assertEquals((await next(worker)).data, "data:");
  worker.terminate();
});

test("a data: URL of TypeScript", async () => {
  const worker = new Worker("data:application/typescript,const n: number = 4; postMessage(n)", {
    type: "module",
  });
  assertEquals((await next(worker)).data, 4);
  worker.terminate();
});

test("a blob: URL, revoked at once", async () => {
  assertEquals(await answerOf("postMessage(6 * 7)"), 42);
});

test("a blob of TypeScript", async () => {
  const blob = new Blob(["const n: number = 5; postMessage(n)"], {
    type: "application/typescript",
  });
  const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
  assertEquals((await next(worker)).data, 5);
  worker.terminate();
});

test("TypeScript, with a stack in its own lines", async () => {
  const worker = new Worker(new URL("./fixtures/typed.ts", import.meta.url), { type: "module" });
  const { data } = await next(worker);
  assert(/typed\.ts:9:/.test(data), data);
  worker.terminate();
});

test("a module with imports", async () => {
  const worker = new Worker(new URL("./fixtures/importing.js", import.meta.url), {
    type: "module",
  });
  assertEquals((await next(worker)).data, "from another module");
  worker.terminate();
});

test("classic workers are refused", () => {
  const error = assertThrows(() => new Worker("data:text/javascript,1"), DOMException);
  assertEquals(error.name, "NotSupportedError");
  assertThrows(() => new Worker("data:text/javascript,1", { type: "classic" }), DOMException);
  assertThrows(() => new Worker("data:text/javascript,1", { type: "other" }), TypeError);
});

test("a relative URL needs a base", () => {
  const error = assertThrows(() => new Worker("./echo.js", { type: "module" }), URIError);
  assertEquals(error.message, "invalid URL: relative URL without a base");
});

test("arguments are checked", () => {
  assertThrows(() => new Worker(), TypeError);
  assertThrows(() => new Worker("data:,", 1), TypeError);
  assertThrows(() => Worker("data:,", { type: "module" }), TypeError);
});

async function failureOf(url) {
  const worker = new Worker(url, { type: "module" });
  worker.onerror = (event) => event.preventDefault();
  const event = await next(worker, "error");
  return event;
}

test("a module that is not there is an error event", async () => {
  const url = new URL("./fixtures/nowhere.js", import.meta.url).href;
  const event = await failureOf(url);
  assertEquals(event.message, `Module not found "${url}".`.replace(/\.$/, ""));
  assertEquals([event.filename, event.lineno, event.error], ["", 0, null]);
});

test("so is a blob: URL nobody made, a scheme that is not there, wrong data", async () => {
  for (const url of [
    "blob:null/00000000-0000-0000-0000-000000000000",
    "foo:x",
    "http://127.0.0.1:1/worker.js",
    "data:text/plain,1",
    "data:application/json,1",
  ]) {
    const event = await failureOf(url);
    assert(event instanceof ErrorEvent);
    assert(event.message.length > 0);
  }
});

test("a syntax error names its place", async () => {
  const worker = workerOf("let x = 1;\nlet y = ;");
  worker.onerror = (event) => event.preventDefault();
  const event = await next(worker, "error");
  assert(event.message.includes("SyntaxError"), event.message);
  assertEquals(event.lineno, 2);
});

test("a module of another host, with the import permission", async () => {
  const server = host({
    "/worker.ts": [
      "application/typescript",
      `import { text } from "./dep.js";
      const copy: string = text;
      postMessage([copy, location.pathname]);`,
    ],
    "/dep.js": ["text/javascript", `export const text = "from afar";`],
  });
  const project = new Project();
  const program = (permissions) => `
    const worker = new Worker("${server.url}/worker.ts", {
      type: "module",
      deno: { permissions: "${permissions}" },
    });
    worker.onerror = (event) => { event.preventDefault(); console.log(event.message.slice(0, 22)); };
    worker.onmessage = ({ data }) => { console.log(...data); worker.terminate(); };`;
  const flags = [`--allow-import=${server.origin}`];
  assertEquals((await project.run(program("inherit"), flags)).out, "from afar /worker.ts\n");
  assertEquals((await project.run(program("none"), flags)).out, "Requires import access\n");
  await server.shutdown();
  project.remove();
});
