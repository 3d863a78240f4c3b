// A script that replaces built-ins does not change what URL does.
import { assertEquals, test } from "../harness.js";

test("poisoned prototypes", () => {
  const saved = [
    [String.prototype, "slice"],
    [String.prototype, "indexOf"],
    [Array.prototype, "push"],
    [Array.prototype, Symbol.iterator],
    [Array.prototype, "sort"],
  ].map(([object, key]) => [object, key, object[key]]);
  let text;
  try {
    for (let i = 0; i < saved.length; i++) {
      saved[i][0][saved[i][1]] = () => {
        throw new Error("poisoned");
      };
    }
    const url = new URL("http://u:p@h:81/a?z=1&y=%41");
    url.searchParams.append("x", "\u00e9");
    url.searchParams.sort();
    url.host = "i";
    text = `${url.href} ${url.username} ${url.host} ${url.search}`;
  } finally {
    for (let i = 0; i < saved.length; i++) saved[i][0][saved[i][1]] = saved[i][2];
  }
  assertEquals(text, "http://u:p@i:81/a?x=%C3%A9&y=A&z=1 u i:81 ?x=%C3%A9&y=A&z=1");
});

test("own properties do not stand in for the URL", () => {
  const url = new URL("http://real/");
  Object.defineProperty(url, "href", { value: "http://fake/" });
  assertEquals(new URL(url).href, "http://real/");
});
