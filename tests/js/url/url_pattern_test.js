// URLPattern: what its parts match, and how it is written anew.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("a pattern string", () => {
  const pattern = new URLPattern("https://*.example.com/books/:id(\\d+)\\?q=*");
  assertEquals([pattern.protocol, pattern.hostname, pattern.port], ["https", "*.example.com", ""]);
  assertEquals([pattern.pathname, pattern.search, pattern.hash], ["/books/:id(\\d+)", "q=*", "*"]);
  assert(pattern.hasRegExpGroups);
  const match = pattern.exec("https://a.b.example.com/books/12?q=x#y");
  assertEquals(match.hostname.groups, { 0: "a.b" });
  assertEquals([match.pathname.groups.id, match.hash.input], ["12", "y"]);
  assert(!pattern.test("https://a.example.com/books/x?q=") && !pattern.test("no URL"));
});

test("an object, with base URL and modifiers", () => {
  const pattern = new URLPattern({ pathname: "/a{/:rest}*", baseURL: "http://h:80/x?y" });
  assertEquals([pattern.port, pattern.hostname, pattern.search], ["", "h", "*"]);
  assertEquals(pattern.exec("http://h/a/b/c").pathname.groups, { rest: "b/c" });
  assertEquals(pattern.exec({ protocol: "http", hostname: "h", pathname: "/a" }).pathname.groups, {
    rest: undefined,
  });
  assert(new URLPattern("/A", "https://h", { ignoreCase: true }).test("/a", "https://h"));
});

test("text is matched as a URL has it", () => {
  assertEquals(new URLPattern({ pathname: "/ü" }).pathname, "/%C3%BC");
  assertEquals(new URLPattern({ hostname: "Ä.com" }).hostname, "xn--4ca.com");
  assertEquals(new URLPattern({ hostname: "[\\:\\:ABCD]" }).hostname, "[\\:\\:abcd]");
  assertEquals(new URLPattern({ protocol: "https:", port: "443" }).port, "");
});

test("what is no pattern", () => {
  for (const input of [
    "/relative",
    { pathname: "/:a/:a" },
    { pathname: "(" },
    { hostname: "a b" },
    { port: "x" },
    { pathname: "{a" },
    { pathname: "(?x)" },
  ]) {
    assertThrows(() => new URLPattern(input), TypeError);
  }
  assertThrows(() => new URLPattern({}, "https://h"), TypeError);
});
