// The keys of compilerOptions stand in two places, where deno.json is read and where programs are checked:
// neither may know one that the other, or the pinned TypeScript, does not.
import { assertEquals, test } from "../harness.js";
import { ts } from "../types/declared.js";

const repository = new URL("../../../", import.meta.url);

/** The strings between `start` and the next "}" or "]" of a file. */
function listed(file, start) {
  const text = Deno.readTextFileSync(new URL(file, repository));
  const from = text.indexOf(start) + start.length;
  const list = text.slice(from, from + text.slice(from).search(/[}\]]/));
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
}

/** Deno's own. */
const kNotInTypeScript = ["jsxImportSourceTypes", "jsxPrecompileSkipElements"];

/** Of the command line alone, though TypeScript does not mark them so. */
const kOfCommandLine = ["all", "init", "project", "version"];

const inTypeScript = ts.optionDeclarations
  .filter((option) => !option.isCommandLineOnly && option.category !== undefined)
  .map(({ name }) => name)
  .filter((name) => !kOfCommandLine.includes(name));
const known = listed(
  "src/config/config_notes.cc",
  "kCompilerKeys = std::to_array<std::string_view>({",
);
const checking = listed("js/typescript/check/options.js", "kCheckingOptions = new Set([");
const without = (all, some) => all.filter((name) => !some.includes(name)).sort();

test("deno.json's keys are sorted, and TypeScript's", () => {
  assertEquals(known, [...known].sort());
  assertEquals(without(inTypeScript, known), []);
  assertEquals(without(known, inTypeScript), kNotInTypeScript);
});

test("what rt check takes over is a key of both", () => {
  assertEquals(checking, [...checking].sort());
  assertEquals(checking.length > 20, true);
  assertEquals(without(checking, known), []);
  assertEquals(without(checking, inTypeScript), []);
});
