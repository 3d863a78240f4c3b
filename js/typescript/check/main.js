// rt check inside an isolate that has TypeScript and nothing of a program's: finds what the roots
// import, makes a TypeScript program of it, prints its diagnostics. Reads only through `host`
// (src/cli/check/checker.cc). Bundled into a script; TypeScript is the project's own, or rt's.
import { CheckHost } from "./host.js";
import { findNodeTypes, makeLibs, readOptions } from "./options.js";
import { isRemote, loadGraph, Sources } from "./sources.js";

/**
 * Diagnostics about settings that are not the project's, and of packages without types; and that JSON
 * needs its attribute, which host.js says, and not of JSON imported as text or bytes.
 */
const kIgnored = new Set([1452, 1471, 1479, 1543, 5009, 5055, 5070, 7016]);

/** "Cannot find module", as TypeScript says it of one import or another. */
const kNotFound = new Set([2307, 2591, 2792, 2875, 2882]);

/** Says why a module was not found, where rt knows it better. */
function explain(ts, checkHost, problem) {
  const reason =
    problem.file && checkHost.failures.get(`${problem.file.fileName} ${problem.start}`);
  if (reason === undefined || !kNotFound.has(problem.code)) return problem;
  const text = ts.flattenDiagnosticMessageText(problem.messageText, "\n");
  return { ...problem, messageText: `${text}\n  ${reason.replaceAll("\n", "\n  ")}` };
}

/** What a terminal acts on or does not show: the code points of src/typescript/display_width.cc. */
const kActive =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** Written as in a string literal, as rt's other messages have it. */
const escaped = (text) =>
  text.replace(kActive, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length < 3 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });

/** One picture for each, so that marks below a line stay where they are. Lines end as they did. */
const pictured = (text) =>
  text.replace(kActive, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\r") return char;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });

/**
 * The same diagnostic, from whose text no terminal takes orders: checked code may be anybody's.
 * @param {object} problem
 * @param {Map<object, object>} files what stands for which file
 */
function harmless(problem, files) {
  const message = (text) =>
    typeof text === "string"
      ? escaped(text)
      : { ...text, messageText: escaped(text.messageText), next: text.next?.map(message) };
  let file = files.get(problem.file);
  if (problem.file && !file) {
    const text = { value: pictured(problem.file.text) };
    file = Object.create(problem.file, {
      text,
      fileName: { value: escaped(problem.file.fileName) },
    });
    files.set(problem.file, file);
  }
  const relatedInformation = problem.relatedInformation?.map((related) => harmless(related, files));
  return { ...problem, file, messageText: message(problem.messageText), relatedInformation };
}

/**
 * @param {object} ts TypeScript
 * @param {object} host what checker.cc gives: see there
 * @param {{ roots: string[], cwd: string, all: boolean, color: boolean, config: string | null }} request
 * @returns {number} how many errors there are; they were printed
 */
globalThis.check = (ts, host, request) => {
  try {
    return checkAll(ts, host, request);
  } catch (error) {
    // TypeScript descends recursively: V8's stack is the limit.
    if (!(error instanceof RangeError) || request.reading === undefined) throw error;
    const name = request.reading.replace(/^.*\//, "");
    host.print(
      `error: ${escaped(name)}, or what it imports, is nested too deeply for TypeScript\n`,
    );
    return 1;
  }
};

function checkAll(ts, host, request) {
  const sources = new Sources(host);
  const { options, lib, errors, folder } = readOptions(ts, host, request);
  const { isWorker, isNode } = loadGraph(ts, sources, request.roots);
  const problems = [...errors];
  const roots = [];
  for (const url of request.roots) {
    const source = sources.get(url);
    if (source.error !== undefined) {
      host.print(`error: ${escaped(source.error)}\n`);
      return 1;
    }
    roots.push(source.name);
  }
  let hasNodeTypes = findNodeTypes(host, folder);
  if (hasNodeTypes) {
    if (!options.types.includes("node")) options.types = [...options.types, "node"];
  } else if (isNode) {
    const [types, error] = host.nodeTypes();
    hasNodeTypes = error === undefined;
    if (hasNodeTypes) roots.push(`${types}/index.d.ts`);
    else request.nodeError = `Node's types, @types/node, are not installed: ${error}`;
  }
  const libs = makeLibs(ts, host, lib, { isWorker, hasNodeTypes });
  options.lib = libs.files;
  if (hasNodeTypes) roots.push("/$lib/after_node.d.ts");
  const checkHost = new CheckHost(ts, host, request, sources, options, libs.read);
  const program = ts.createProgram({ rootNames: roots, options, host: checkHost });
  const isChecked = ({ fileName }) =>
    !fileName.startsWith("/$lib/") &&
    (request.all || (!isRemote(fileName) && host.packageOf(fileName) === undefined)) &&
    (request.all || !fileName.includes("/node_modules/"));
  problems.push(...program.getConfigFileParsingDiagnostics(), ...program.getOptionsDiagnostics());
  problems.push(...program.getGlobalDiagnostics());
  for (const file of program.getSourceFiles()) {
    if (!isChecked(file)) continue;
    request.reading = file.fileName;
    const syntactic = program.getSyntacticDiagnostics(file);
    problems.push(...syntactic);
    if (syntactic.length === 0) problems.push(...program.getSemanticDiagnostics(file));
  }
  const harmlessFiles = new Map();
  const shown = ts
    .sortAndDeduplicateDiagnostics(problems)
    .filter(({ code, category }) => category === ts.DiagnosticCategory.Error && !kIgnored.has(code))
    .map((problem) => harmless(explain(ts, checkHost, problem), harmlessFiles));
  if (shown.length === 0) return 0;
  const format = request.color
    ? ts.formatDiagnosticsWithColorAndContext
    : // The same without the colours.
      (list, formatHost) =>
        ts.formatDiagnosticsWithColorAndContext(list, formatHost).replace(/\x1b\[\d*m/g, "");
  const formatHost = {
    getCurrentDirectory: () => request.cwd,
    getNewLine: () => "\n",
    getCanonicalFileName: (name) => name,
  };
  // Without what Sources and CheckHost put into names.
  const text = format(shown, formatHost)
    .replace(/#\.(?:d\.)?(?:[cm]?[jt]sx?|json)(?=["'():\s])/g, "")
    .replace(/(?:\.\.\/)*\/?\$lib\//g, "");
  const files = new Set(
    shown.map(({ file }) => file?.fileName).filter((name) => name !== undefined),
  );
  const errorCount = `${shown.length} ${shown.length === 1 ? "error" : "errors"}`;
  const fileCount = files.size > 1 ? ` in ${files.size} files` : "";
  host.print(`${text}\nFound ${errorCount}${fileCount}.\n\n`);
  return shown.length;
}
