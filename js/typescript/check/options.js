// compilerOptions and `lib`: which settings and which declarations a program is checked with.

/** Options that decide what is an error; all others are rt's to choose. */
const kCheckingOptions = new Set([
  "allowUnreachableCode",
  "allowUnusedLabels",
  "checkJs",
  "emitDecoratorMetadata",
  "erasableSyntaxOnly",
  "exactOptionalPropertyTypes",
  "experimentalDecorators",
  "isolatedDeclarations",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "noErrorTruncation",
  "noFallthroughCasesInSwitch",
  "noImplicitAny",
  "noImplicitOverride",
  "noImplicitReturns",
  "noImplicitThis",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUncheckedSideEffectImports",
  "noUnusedLocals",
  "noUnusedParameters",
  "skipLibCheck",
  "strict",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useDefineForClassFields",
  "useUnknownInCatchVariables",
  "verbatimModuleSyntax",
]);

/** What V8 13.6 does not have of lib.esnext; tests/js/types knows the same list. */
const kAbsentLibs = ["collection", "date", "decorators", "intl", "temporal", "typedarrays"];

/** The compilerOptions of the project: { options, errors }. */
export function readOptions(ts, host, request) {
  const { config } = request;
  const parseHost = {
    fileExists: (path) => host.kindOf(path) === 1,
    readFile: host.readFile,
    readDirectory: () => [],
    useCaseSensitiveFileNames: true,
  };
  let given = {};
  const errors = [];
  let folder = request.cwd;
  if (config !== null) {
    folder = config.slice(0, config.lastIndexOf("/")) || "/";
    const { config: json, error } = ts.parseConfigFileTextToJson(config, host.readFile(config));
    if (error) errors.push(error);
    given = { ...json?.compilerOptions };
    if (config.endsWith("tsconfig.json")) {
      // `extends` is TypeScript's to follow; names are as they stand there.
      const parsed = ts.parseJsonConfigFileContent({ ...json, files: [] }, parseHost, folder);
      const { lib } = parsed.options;
      given = { ...parsed.options, jsx: given.jsx };
      if (given.jsx === undefined) given.jsxKind = parsed.options.jsx;
      given.lib = lib?.map((name) => name.replace(/^lib\.|\.d\.ts$/g, ""));
    }
  }
  const lib = given.lib;
  const types = Array.isArray(given.types) ? given.types : [];
  const chosen = {};
  for (const key of Object.keys(given)) if (kCheckingOptions.has(key)) chosen[key] = given[key];
  if (chosen.jsx === "precompile") chosen.jsx = "react-jsx";
  const converted = ts.convertCompilerOptionsFromJson(chosen, folder, config ?? undefined);
  for (const error of converted.errors) {
    const text = ts.flattenDiagnosticMessageText(error.messageText, "\n");
    errors.push(error.file ? error : { ...error, messageText: `${config}: ${text}` });
  }
  if (given.jsxKind !== undefined) converted.options.jsx = given.jsxKind;
  const options = {
    allowJs: true,
    jsx: ts.JsxEmit.React,
    noImplicitOverride: true,
    noUncheckedSideEffectImports: true,
    skipLibCheck: true,
    strict: true,
    useUnknownInCatchVariables: false,
    ...converted.options,
    allowImportingTsExtensions: true,
    customConditions: ["deno"],
    esModuleInterop: true,
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    resolveJsonModule: true,
    target: ts.ScriptTarget.ESNext,
    types,
  };
  return { options, lib: Array.isArray(lib) ? lib : undefined, errors, folder };
}

/** Of two declarations of a function the last counts first: Node's timers are not the global ones. */
const kAfterNode = `export {};
declare global {
  function setTimeout(callback: (...args: any[]) => void, delay?: number, ...args: any[]): number;
  function setInterval(callback: (...args: any[]) => void, delay?: number, ...args: any[]): number;
}
`;

/** TypeScript's names of the declarations that `lib` means; those of rt are joined here. */
export function makeLibs(ts, host, lib, { isWorker, hasNodeTypes }) {
  const own = host.declarationNames();
  const join = (wanted) =>
    own
      .filter(wanted)
      .map((name) => host.declarations(name))
      .join("\n");
  const isNamespace = (name) => name === "ecmascript.d.ts" || name.startsWith("deno_");
  const isShared = (name) =>
    isNamespace(name) || name.startsWith("web_") || (name === "node_globals.d.ts" && !hasNodeTypes);
  const made = {
    __proto__: null,
    "lib.deno.ns.d.ts": () => join(isNamespace),
    "lib.deno.window.d.ts": () => join((name) => isShared(name) || name === "window.d.ts"),
    "lib.deno.worker.d.ts": () => join((name) => isShared(name) || name === "worker.d.ts"),
    "lib.deno.unstable.d.ts": () => "",
    "after_node.d.ts": () => kAfterNode,
  };
  const names = lib ?? ["esnext", "deno.window"];
  const hasDom = names.some((name) => /^(?:dom|webworker)/i.test(name));
  const chosen = new Set();
  for (const name of names) {
    const lower = String(name).toLowerCase();
    if (lower.startsWith("deno.")) chosen.add("lib.esnext.d.ts");
    const isGlobal = lower === "deno.window" || lower === "deno.worker";
    if (isGlobal && hasDom) chosen.add("lib.deno.ns.d.ts");
    else if (lower === "deno.window" && isWorker) chosen.add("lib.deno.worker.d.ts");
    else chosen.add(`lib.${lower}.d.ts`);
  }
  // In files, too: /// <reference lib="deno.worker" />
  for (const name of ["deno.ns", "deno.window", "deno.worker", "deno.unstable"]) {
    ts.libMap?.set(name, `lib.${isWorker && name === "deno.window" ? "deno.worker" : name}.d.ts`);
  }
  const texts = new Map();
  const read = (name) => {
    if (texts.has(name)) return texts.get(name);
    let text = made[name]?.() ?? host.declarations(name);
    // Older compilers have the language's parts under other names.
    if (name === "lib.esnext.d.ts" && text !== undefined && Number.parseInt(ts.version, 10) >= 6) {
      for (const absent of kAbsentLibs) {
        text = text.replace(`<reference lib="esnext.${absent}" />`, "");
      }
    }
    texts.set(name, text);
    return text;
  };
  return { files: [...chosen], read };
}

/** Whether the folder, or one above it, has Node's declarations. */
export function findNodeTypes(host, folder) {
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf("/"))) {
    if (host.kindOf(`${at}/node_modules/@types/node/package.json`) === 1) return true;
    if (at === "" || at === "/") return false;
  }
}
