// import() of blob: URLs.
import { assertEquals, assertRejects, test } from "../harness.js";

function urlOf(text, type = "text/javascript") {
  return URL.createObjectURL(new Blob([text], { type }));
}

test("a blob is a module until its URL is revoked, and stays loaded after that", async () => {
  const url = urlOf("export const x = 1; export const at = import.meta.url;");
  const one = await import(url);
  assertEquals([one.x, one.at], [1, url]);
  URL.revokeObjectURL(url);
  assertEquals(await import(url), one);
  const other = urlOf("");
  URL.revokeObjectURL(other);
  await assertRejects(() => import(other), TypeError, "Module not found");
});

test("what a blob is says its type", async () => {
  assertEquals((await import(urlOf("export const x: number = 2;", "text/typescript"))).x, 2);
  const json = urlOf('{ "x": 3 }', "application/json");
  assertEquals((await import(json, { with: { type: "json" } })).default.x, 3);
  assertEquals(
    (await import(urlOf("text", "text/plain"), { with: { type: "text" } })).default,
    "text",
  );
  await assertRejects(() => import(urlOf("1", "text/plain")), TypeError, "media type");
  await assertRejects(() => import(urlOf("let", "text/javascript")), SyntaxError);
});

test("a blob imports others by their full names only", async () => {
  const inner = urlOf("export default 4;");
  assertEquals((await import(urlOf(`export { default } from "${inner}";`))).default, 4);
  await assertRejects(() => import(urlOf('import "./x.js";')), TypeError, "Invalid URL");
});
