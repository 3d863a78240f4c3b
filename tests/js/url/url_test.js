// URL: construction, getters, setters, errors.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("components", () => {
  const url = new URL("https://user:pa%20ss@Example.com:8443/a/../b?x=1#frag");
  assertEquals(url.href, "https://user:pa%20ss@example.com:8443/b?x=1#frag");
  assertEquals(url.origin, "https://example.com:8443");
  assertEquals(url.protocol, "https:");
  assertEquals(url.username, "user");
  assertEquals(url.password, "pa%20ss");
  assertEquals(url.host, "example.com:8443");
  assertEquals(url.hostname, "example.com");
  assertEquals(url.port, "8443");
  assertEquals(url.pathname, "/b");
  assertEquals(url.search, "?x=1");
  assertEquals(url.hash, "#frag");
  assertEquals(`${url}`, url.href);
  assertEquals(JSON.stringify({ url }), `{"url":"${url.href}"}`);
});

test("empty components", () => {
  const url = new URL("http://a/?#");
  assertEquals(url.href, "http://a/?#");
  assertEquals([url.search, url.hash, url.port, url.username, url.password], ["", "", "", "", ""]);
});

test("relative to a base", () => {
  assertEquals(new URL("../c?d", "http://h/a/b").href, "http://h/c?d");
  assertEquals(new URL("//x", new URL("https://h/a")).href, "https://x/");
  assertEquals(new URL("http://already/absolute", "http://h/").href, "http://already/absolute");
});

test("text beyond ASCII and lone surrogates", () => {
  assertEquals(
    new URL("http://b\u00fccher.example/\u00e9?\ud83d\ude00#\ud800").href,
    "http://xn--bcher-kva.example/%C3%A9?%F0%9F%98%80#%EF%BF%BD",
  );
});

test("invalid URLs", () => {
  const error = assertThrows(() => new URL("nope"), TypeError, "Invalid URL: 'nope'");
  assertEquals(error.code, "ERR_INVALID_URL");
  assertThrows(() => new URL("a", "b"), TypeError, "Invalid URL: 'a' with base 'b'");
  assertThrows(() => new URL(), TypeError, "1 argument required");
  assertThrows(() => URL("http://a/"), TypeError);
  assertThrows(() => new URL(Symbol()), TypeError);
  assertThrows(() => Reflect.get(URL.prototype, "href"), TypeError, "Illegal invocation");
});

test("parse and canParse", () => {
  assertEquals(URL.parse("nope"), null);
  assertEquals(URL.parse("x", "http://h/").href, "http://h/x");
  assert(URL.parse("http://h/") instanceof URL);
  assertEquals(URL.canParse("nope"), false);
  assertEquals(URL.canParse("http://[::1"), false);
  assertEquals(URL.canParse("x", "http://h/"), true);
});

test("setters", () => {
  const url = new URL("http://h:81/a?q#f");
  url.protocol = "https";
  url.username = "u@";
  url.password = "p";
  url.host = "x:82";
  url.pathname = "b c";
  url.search = "y='";
  url.hash = "";
  assertEquals(url.href, "https://u%40:p@x:82/b%20c?y=%27");
  url.hostname = "127.1";
  url.port = "";
  url.port = "invalid";
  assertEquals(url.href, "https://u%40:p@127.0.0.1/b%20c?y=%27");
  assertThrows(() => (url.href = "nope"), TypeError, "Invalid URL: 'nope'");
  assertEquals(url.hostname, "127.0.0.1");
});

test("origins", () => {
  assertEquals(new URL("file:///a").origin, "null");
  assertEquals(new URL("blob:https://a:8080/id").origin, "https://a:8080");
  assertEquals(new URL("blob:nope").origin, "null");
  assertEquals(new URL("data:,x").origin, "null");
});

test("a setter whose value changes searchParams on conversion", () => {
  const url = new URL("http://a/?q=%7E");
  const params = url.searchParams;
  url.href = {
    toString() {
      params.append("x", "y");
      return "http://b/?k=%7E";
    },
  };
  assertEquals(url.href, "http://b/?k=%7E");
  assertEquals([...params], [["k", "~"]]);
});

test("inspection", () => {
  assertEquals(
    Deno.inspect(new URL("http://u@h:81/p?q#f")),
    `URL {
  href: "http://u@h:81/p?q#f",
  origin: "http://h:81",
  protocol: "http:",
  username: "u",
  password: "",
  host: "h:81",
  hostname: "h",
  port: "81",
  pathname: "/p",
  hash: "#f",
  search: "?q"
}`,
  );
});
