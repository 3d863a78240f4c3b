// js/types as TypeScript's own checker understands it: names of the global object and of what is
// behind them. For the tests beside it.

const repository = new URL("../../../", import.meta.url).pathname;
const library = `${repository}third_party/npm/node_modules/typescript/lib/`;

/** The pinned TypeScript; without the globals by which it would take this for Node. */
function loadTypeScript() {
  const module = { exports: {} };
  const text = Deno.readTextFileSync(`${library}typescript.js`);
  new Function("module", "exports", "require", "process", text)(module, module.exports);
  return module.exports;
}

export const ts = loadTypeScript();

function text(name) {
  const folder = name.startsWith("own/") ? `${repository}js/types/` : library;
  const file = name.slice(name.lastIndexOf("/") + 1);
  try {
    return Deno.readTextFileSync(folder + file);
  } catch {
    return undefined;
  }
}

/** What V8 13.6 does not have of TypeScript's lib.esnext; `rt check` leaves it out, too. */
const kAbsent = ["collection", "date", "decorators", "intl", "temporal", "typedarrays"];

/** A program of js/types without the file `except` ("window.d.ts" or "worker.d.ts"). */
export function declare(except) {
  const own = Array.from(Deno.readDirSync(`${repository}js/types`), (entry) => entry.name)
    .filter((name) => name.endsWith(".d.ts") && name !== except)
    .map((name) => `/own/${name}`);
  const host = {
    fileExists: (name) => text(name.slice(1)) !== undefined,
    readFile: (name) => text(name.slice(1)),
    getSourceFile(name, options) {
      let source = text(name.slice(1));
      if (source === undefined) return undefined;
      if (name.endsWith("lib.esnext.d.ts")) {
        for (const lib of kAbsent) {
          source = source.replace(`<reference lib="esnext.${lib}" />`, "");
        }
      }
      return ts.createSourceFile(name, source, options);
    },
    getDefaultLibFileName: () => "/lib/lib.esnext.d.ts",
    getDefaultLibLocation: () => "/lib",
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile() {},
  };
  const options = { strict: true, types: [], target: ts.ScriptTarget.ESNext };
  const program = ts.createProgram(own, options, host);
  return { program, checker: program.getTypeChecker(), first: program.getSourceFile(own[0]) };
}

/** Symbols that say what an object can do; the others are how it shows itself. */
export const kSymbols = new Map(
  ["asyncDispose", "asyncIterator", "dispose", "iterator"].map((name) => [
    Symbol[name],
    `@@${name}`,
  ]),
);
const kSymbolNames = new Set(kSymbols.values());

/** "@@iterator" for what TypeScript keeps as "__@iterator@123"; else the name. */
function nameOf(symbol) {
  const match = /^__@(\w+)@\d+$/.exec(symbol.escapedName);
  return match ? `@@${match[1]}` : ts.unescapeLeadingUnderscores(symbol.escapedName);
}

/** [name, symbol] of every property of a type, private constructors' and the like excepted. */
export function members(checker, type) {
  const named = checker.getPropertiesOfType(type).map((symbol) => [nameOf(symbol), symbol]);
  return new Map(named.filter(([name]) => !name.startsWith("@@") || kSymbolNames.has(name)));
}

/** Every value the global object is said to have, by name. */
export function globals({ checker, first }) {
  const { Value } = ts.SymbolFlags;
  return new Map(
    checker
      .getSymbolsInScope(first, Value)
      .filter((symbol) => symbol.flags & Value)
      .map((symbol) => [nameOf(symbol), symbol]),
  );
}

/** Whether js/types says something of it, not only the language's declarations. */
export function isOwn(symbol) {
  return (symbol.declarations ?? []).some((node) =>
    node.getSourceFile().fileName.startsWith("/own/"),
  );
}
