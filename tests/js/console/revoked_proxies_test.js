// A revoked proxy is named, and breaks nothing around it.
import { assertEquals, test } from "../harness.js";

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

test("as a value", () => {
  assertEquals(Deno.inspect(revoked({})), "<Revoked Proxy>");
  assertEquals(
    Deno.inspect([revoked([]), new Proxy(revoked({}), {})]),
    "[ <Revoked Proxy>, <Revoked Proxy> ]",
  );
  assertEquals(Deno.inspect(revoked({}), { showProxy: true }), "<Revoked Proxy>");
});

test("as a prototype", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  const object = Object.assign(Object.create(proxy), { a: 1 });
  revoke();
  assertEquals(Deno.inspect(object).endsWith("{ a: 1 }"), true);
});
