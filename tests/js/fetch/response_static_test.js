// Response.json, Response.redirect and Response.error.
import { assertEquals, assertThrows, test } from "../harness.js";

test("json", async () => {
  const response = Response.json({ a: [1] }, { status: 201 });
  assertEquals([response.status, response.headers.get("content-type")], [201, "application/json"]);
  assertEquals(await response.json(), { a: [1] });
  assertEquals(
    Response.json(1, { headers: { "content-type": "x/y" } }).headers.get("content-type"),
    "x/y",
  );
  assertThrows(() => Response.json(undefined), TypeError, "not JSON serializable");
  assertThrows(() => Response.json(1, { status: 204 }), TypeError, "null body status");
});

test("redirect", () => {
  const response = Response.redirect("http://a/b c", 307);
  assertEquals([response.status, response.headers.get("location")], [307, "http://a/b%20c"]);
  assertThrows(() => response.headers.set("a", "b"), TypeError, "immutable");
  assertThrows(() => Response.redirect("http://a", 200), RangeError, "Invalid redirect status");
  assertThrows(() => Response.redirect("nope"), TypeError, "Invalid URL");
});

test("error", () => {
  const response = Response.error();
  assertEquals([response.type, response.status, response.ok], ["error", 0, false]);
  assertThrows(() => response.headers.append("a", "b"), TypeError, "immutable");
});
