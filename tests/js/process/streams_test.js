// The streams of a child.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const piped = { stdin: "piped", stdout: "piped", stderr: "piped" };
const spawn = (command, args, options = piped) =>
  new Deno.Command(command, { args, ...options }).spawn();

test("stdin to stdout", async () => {
  const child = spawn("cat", []);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("hello "));
  await writer.write(new TextEncoder().encode("child"));
  await writer.close();
  let text = "";
  for await (const chunk of child.stdout) text += new TextDecoder().decode(chunk);
  assertEquals(text, "hello child");
  assertEquals((await child.status).success, true);
  await child.stderr.cancel();
});

test("much more than a pipe holds, both ways at once", async () => {
  const child = spawn("cat", []);
  const data = new Uint8Array(3_000_000).map((_, i) => i % 251);
  const source = new ReadableStream({
    start(controller) {
      controller.enqueue(data);
      controller.close();
    },
  });
  const writing = source.pipeTo(child.stdin);
  const output = await child.output();
  await writing;
  assertEquals(output.stdout.length, data.length);
  assertEquals(output.stdout, data);
});

test("from one child to another", async () => {
  const first = spawn("seq", ["1", "100000"], { stdout: "piped", stderr: "null" });
  const second = spawn("wc", ["-l"], { stdin: "piped", stdout: "piped", stderr: "null" });
  await first.stdout.pipeTo(second.stdin);
  assertEquals((await second.stdout.text()).trim(), "100000");
});

test("all of a stream in one form", async () => {
  const echo = (text) => spawn("printf", ["%s", text], { stdout: "piped", stderr: "null" }).stdout;
  assertEquals(await echo("text").text(), "text");
  assertEquals(await echo('{"a":[1]}').json(), { a: [1] });
  assertEquals(await echo("ab").bytes(), new Uint8Array([97, 98]));
  assertEquals((await echo("abc").arrayBuffer()).byteLength, 3);
});

test("the same object each time", async () => {
  const child = spawn("true", []);
  assertEquals(child.stdout === child.stdout && child.stdin === child.stdin, true);
  await child.status;
  await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()]);
});

test("what is read elsewhere cannot be collected", async () => {
  const child = spawn("echo", ["x"]);
  const reader = child.stdout.getReader();
  await assertRejects(() => child.output(), TypeError, "Cannot collect output: 'stdout' is locked");
  await reader.cancel();
  await Promise.all([child.stdin.close(), child.stderr.cancel(), child.status]);
  const twice = spawn("echo", ["x"]);
  await twice.stdin.close();
  await twice.output();
  await assertRejects(() => twice.output(), TypeError, "'stdout' is locked");
});

test("a child that is killed in the middle of a pipe", async () => {
  const child = spawn("sh", ["-c", "printf partial; sleep 60"], {
    stdout: "piped",
    stderr: "null",
  });
  const reader = child.stdout.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "partial");
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  reader.cancel();
});

test("writing to a child that does not read any more", async () => {
  const child = spawn("true", [], { stdin: "piped" });
  await child.status;
  const writer = child.stdin.getWriter();
  await assertRejects(() => writer.write(new Uint8Array(10)), Deno.errors.BrokenPipe);
});

test("streams of the same child that are not piped", async () => {
  const child = spawn("true", [], { stdout: "piped" });
  assertThrows(() => child.stderr, TypeError, "Cannot get 'stderr': 'stderr' is not piped");
  await child.stdout.cancel();
  await child.status;
});
