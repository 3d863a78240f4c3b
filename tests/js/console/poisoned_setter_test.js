// A setter a script put on Array.prototype is not called, and changes no output.
import { assertEquals, test } from "../harness.js";

function poisoned(body) {
  const keys = [0, 1, 2, 3];
  for (const key of keys) {
    Object.defineProperty(Array.prototype, key, {
      get: () => undefined,
      set() {
        throw new Error("setter");
      },
      configurable: true,
    });
  }
  try {
    return body();
  } finally {
    for (const key of keys) delete Array.prototype[key];
  }
}

test("inspecting errors, arrays, maps and objects", () => {
  const error = new Error("plain");
  const values = [
    error,
    new AggregateError([error, 1], "several"),
    [1, [2, { a: 3 }]],
    new Map([[1, { b: 2 }]]),
    new Set(["x"]),
    { a: 1, b: { c: ["long ".repeat(30), "text ".repeat(30)] } },
    "two\nlines",
    [..."a long row of letters, in columns"],
  ];
  const expected = values.map((value) => Deno.inspect(value));
  const actual = poisoned(() => {
    let texts = "";
    for (let i = 0; i < values.length; i++) texts += `${Deno.inspect(values[i])}\0`;
    return texts;
  });
  assertEquals(actual, `${expected.join("\0")}\0`);
});

test("console.error and console.log do not throw", () => {
  poisoned(() => {
    console.log("%s and %o", "a format", { a: 1 }, "more");
    console.table([{ a: 1 }, { a: 2 }]);
  });
});

test("headers and search parameters", () => {
  const result = poisoned(() => {
    const headers = new Headers();
    headers.append("a", "1");
    headers.append("a", "2");
    const params = new URLSearchParams("x=1");
    params.append("y", "2");
    return `${headers.get("a")} ${params}`;
  });
  assertEquals(result, "1, 2 x=1&y=2");
});
