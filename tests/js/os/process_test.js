import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("pid, ppid, args, mainModule, execPath, noColor", () => {
  assert(Number.isInteger(Deno.pid) && Deno.pid > 0);
  assert(Deno.ppid > 0 && Deno.ppid !== Deno.pid);
  assertEquals(Deno.args, []);
  assert(Deno.args === Deno.args);
  assertEquals(Deno.mainModule, import.meta.url);
  assert(Deno.statSync(Deno.execPath()).isFile);
  assertEquals(typeof Deno.noColor, "boolean");
});

test("version and build", () => {
  assertEquals(Deno.version.v8.startsWith("13."), true);
  for (const name of ["deno", "typescript", "rt"]) {
    assert(/^\d+\.\d+\.\d+$/.test(Deno.version[name]), name);
  }
  assertEquals(Deno.build.os, "linux");
  assertEquals(Deno.build.target, `${Deno.build.arch}-unknown-linux-gnu`);
  assert(Object.isFrozen(Deno.build) && Object.isFrozen(Deno.version));
});

test("memoryUsage", () => {
  const usage = Deno.memoryUsage();
  assertEquals(Object.keys(usage), ["rss", "heapTotal", "heapUsed", "external", "native"]);
  assert(usage.rss > 1e6 && usage.heapUsed > 0 && usage.heapTotal >= usage.heapUsed);
});

test("exitCode takes integers only", () => {
  assertEquals(Deno.exitCode, 0);
  Deno.exitCode = 3;
  assertEquals(Deno.exitCode, 3);
  Deno.exitCode = 0;
  assertThrows(() => (Deno.exitCode = "3"), TypeError, "must be a number, got: 3 (string)");
  assertThrows(() => (Deno.exitCode = 1.5), RangeError, "must be an integer, got: 1.5");
  assertThrows(() => (Deno.exitCode = undefined), TypeError, "got: undefined (undefined)");
  assertEquals(Deno.exitCode, 0);
});

test("what is computed when read is shown as a getter", () => {
  const shown = Deno.inspect(Deno, { depth: 0 });
  for (const name of ["pid", "ppid", "noColor", "args", "mainModule"]) {
    assert(shown.includes(`${name}: [Getter]`), shown);
  }
});
