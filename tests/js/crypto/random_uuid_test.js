// crypto.randomUUID gives version 4 UUIDs.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("form and variety", () => {
  const seen = new Set();
  for (let i = 0; i < 1000; i++) {
    const uuid = crypto.randomUUID();
    assert(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid),
      uuid,
    );
    seen.add(uuid);
  }
  assertEquals(seen.size, 1000);
});

test("receivers and construction", () => {
  assertThrows(() => crypto.randomUUID.call({}), TypeError, "Illegal invocation");
  assertThrows(() => new Crypto(), TypeError, "Illegal constructor");
});
