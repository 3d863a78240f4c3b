import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const { permissions } = Deno;

test("query: one object for a descriptor", async () => {
  const status = await permissions.query({ name: "read", path: "/tmp" });
  assert(status instanceof Deno.PermissionStatus && status instanceof EventTarget);
  assertEquals([status.state, status.partial, status.onchange], ["granted", false, null]);
  assert(permissions.querySync({ name: "read", path: new URL("file:///tmp") }) === status);
  assertEquals(Deno.inspect(status), 'PermissionStatus { state: "granted", onchange: null }');
});

test("descriptors that make no sense", async () => {
  const text = (name) => `The provided value "${name}" is not a valid permission name`;
  for (const name of ["bogus", "hrtime", "__proto__", "toString", undefined]) {
    assertThrows(() => permissions.querySync({ name }), TypeError, text(String(name)));
  }
  await assertRejects(() => permissions.query(), TypeError, text("undefined"));
  await assertRejects(() => permissions.request(5), TypeError, text("undefined"));
  assertThrows(() => permissions.querySync({ name: "sys", kind: "bogus" }), TypeError, "bogus");
  assertThrows(() => permissions.querySync({ name: "read", path: 5 }), TypeError, "path");
  assertThrows(() => permissions.querySync({ name: "net", host: "a b" }), Error, "invalid host");
});

test("nobody makes these objects but rt", () => {
  assertThrows(() => new Deno.Permissions(), TypeError, "Illegal constructor");
  assertThrows(() => new Deno.PermissionStatus(), TypeError, "Illegal constructor");
  assertThrows(() => Deno.Permissions.prototype.querySync.call({}, { name: "read" }), TypeError);
});

test("revoke takes back, tells the status object, and ops see it", async () => {
  const status = permissions.querySync({ name: "env" });
  const seen = [];
  status.onchange = () => seen.push(status.state);
  const after = await permissions.revoke({ name: "env" });
  assert(after === status);
  assertEquals(seen, ["prompt"]);
  permissions.querySync({ name: "env" });
  assertEquals(seen, ["prompt"]);
  const text = 'Requires env access to "HOME", run again with the --allow-env flag';
  assertThrows(() => Deno.env.get("HOME"), Deno.errors.NotCapable, text);
  assertThrows(() => Deno.env.has("HOME"), Deno.errors.NotCapable, text);
  assertThrows(() => Deno.env.set("HOME", "x"), Deno.errors.NotCapable, text);
  assertThrows(() => Deno.env.delete("HOME"), Deno.errors.NotCapable, text);
  assertThrows(() => Deno.env.toObject(), Deno.errors.NotCapable, "Requires env access, run again");
  // Without a terminal nobody can say yes.
  assertEquals((await permissions.request({ name: "env" })).state, "denied");
  assertThrows(() => Deno.env.get("HOME"), Deno.errors.NotCapable);
});

test("what a script does to the status object grants nothing", () => {
  const status = permissions.revokeSync({ name: "env" });
  Object.defineProperty(status, "state", { value: "granted" });
  Object.defineProperty(Deno.PermissionStatus.prototype, "state", { value: "granted" });
  assertThrows(() => Deno.env.get("HOME"), Deno.errors.NotCapable);
});
