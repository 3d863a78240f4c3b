// `jsx` and `jsxImportSource` of deno.json: the automatic runtime, imported from where they say.
import { assertEquals as equal, test } from "../../harness.js";

const name: string = "n";

test("elements come from the runtime module", () => {
  const element = <a key="k" href={name}>text</a> as unknown as Record<string, Record<string, string>>;
  equal(JSON.stringify(element), '{"type":"a","props":{"href":"n","children":"text"},"key":"k"}');
  equal((<></> as unknown as { type: string }).type, "fragment");
});
