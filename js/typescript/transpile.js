// TypeScript's own transpiler as rt embeds it: for JSX, decorators and `accessor`. Runs in an isolate of its
// own, without ops; src/typescript/fallback calls the function this leaves behind, and rt check uses
// the whole of TypeScript (check/). Bundled with TypeScript itself when rt is built.
import ts from "typescript";

/**
 * TypeScript looks a name up from where it stands outwards, one node after the other: the work grows with the sum
 * of the names' depths, for a chain of operators with the square of its length. In programs people write
 * the average depth is 10 to 30. A sum and an average above these are refused, instead of some seconds and more.
 */
const kMaxDepthSum = 20_000_000;
const kMaxAverageDepth = 100;

/** What changes no JavaScript here, or speaks of more than one file. */
const kOneFile = {
  allowNonTsExtensions: true,
  noLib: true,
  noResolve: true,
  suppressOutputPathCheck: true,
  types: [],
};

/** [message, line, column, length], as all that says what is wrong with a text; in characters. */
function placed(file, message, start, length) {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const charactersOf = (from, to) => Array.from(file.text.slice(from, to)).length;
  const column = charactersOf(start - character, start) + 1;
  return [message, line + 1, column, charactersOf(start, start + length)];
}

/** The first diagnostic that says the text is wrong. */
function firstProblem(diagnostics) {
  for (const { category, file, messageText, start, length } of diagnostics) {
    if (category !== ts.DiagnosticCategory.Error || file === undefined) continue;
    return placed(file, ts.flattenDiagnosticMessageText(messageText, "\n"), start, length ?? 1);
  }
  return undefined;
}

/** The sum of the depths of the names in a statement, and how many there are. */
function depthsOf(statement) {
  const nodes = [statement];
  const depths = [1];
  let count = 0;
  let sum = 0;
  while (nodes.length > 0) {
    const node = nodes.pop();
    const depth = depths.pop();
    if (ts.isIdentifier(node)) {
      ++count;
      sum += depth;
    }
    ts.forEachChild(node, (child) => {
      nodes.push(child);
      depths.push(depth + 1);
    });
  }
  return { count, sum };
}

/** The statement that makes transpiling take more than a file of that size should, if one does. */
function tooDeep(file) {
  const all = { count: 0, sum: 0 };
  let worst;
  let worstSum = 0;
  for (const statement of file.statements) {
    const { count, sum } = depthsOf(statement);
    all.count += count;
    all.sum += sum;
    if (sum > worstSum) [worst, worstSum] = [statement, sum];
  }
  if (all.sum <= kMaxDepthSum || all.sum <= all.count * kMaxAverageDepth) return undefined;
  const message = "It is nested too deeply, or has too long an expression";
  return placed(file, message, worst.getStart(file), 1);
}

/**
 * The first decorator where none may stand. TypeScript's checker says so, not its parser, and the
 * transpiler would drop it.
 * @param {ts.SourceFile} file
 * @param {boolean} onParameters experimentalDecorators: parameters may have them
 */
function misplacedDecorator(file, onParameters) {
  const visit = (node) => {
    const decorator = node.modifiers?.find(ts.isDecorator);
    if (decorator && !(ts.canHaveDecorators(node) && (onParameters || !ts.isParameter(node)))) {
      return decorator;
    }
    return ts.forEachChild(node, visit);
  };
  const found = visit(file);
  return (
    found &&
    placed(file, "Decorators are not valid here.", found.getStart(file), found.getWidth(file))
  );
}

/** A program of this one file: { program, file, written: its JavaScript and source map }. */
function makeProgram(source, fileName, options) {
  const made = { file: undefined, written: { code: "", map: "" } };
  const host = {
    getSourceFile: (name, parsing) => (made.file ??= ts.createSourceFile(name, source, parsing)),
    writeFile: (name, text) => {
      made.written[name.endsWith(".map") ? "map" : "code"] = text;
    },
    getDefaultLibFileName: () => "lib.d.ts",
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => "",
    getNewLine: () => "\n",
    fileExists: () => false,
    readFile: () => undefined,
  };
  made.program = ts.createProgram([fileName], options, host);
  return made;
}

/**
 * What swc refuses, too, of TypeScript's messages that are not among those about grammar. Not 4112, `override`
 * in a class that extends nothing: that is about types, and Deno runs it.
 */
const kGrammarToo = new Set([
  2206, 2207, 2369, 2371, 2406, 2410, 2414, 2427, 2452, 2483, 2491, 2499, 2703, 8038, 18010,
]);

/**
 * What TypeScript's checker has to say about grammar: its parser takes much that is none. Those are the messages
 * below 2000, and a few; the others are about types.
 */
function grammarProblem(source, fileName, options) {
  const { program, file } = makeProgram(source, fileName, { ...options, noCheck: false });
  const isGrammar = ({ code }) => code < 2000 || kGrammarToo.has(code);
  return firstProblem(program.getSemanticDiagnostics(file).filter(isGrammar));
}

globalThis.typescript = ts;

/**
 * @param {string} source
 * @param {string} fileName its extension says whether it is TypeScript and has JSX
 * @param {string} optionsJson TypeScript's compilerOptions
 * @param {boolean} strictly what is wrong only to TypeScript's checker is wrong, too
 * @returns {unknown[]} [code, source map], or ["", "", message, line, column, length]
 */
globalThis.transpile = (source, fileName, optionsJson, strictly) => {
  const options = { ...kOneFile, ...JSON.parse(optionsJson), noCheck: true };
  const mayHaveDecorators = source.includes("@");
  // What V8 runs as it is stays; decorators, and what they bring along, it does not run.
  if (!mayHaveDecorators && !source.includes("accessor")) options.target = ts.ScriptTarget.ESNext;
  const { program, file, written } = makeProgram(source, fileName, options);
  const problem =
    firstProblem(program.getSyntacticDiagnostics(file)) ??
    tooDeep(file) ??
    (mayHaveDecorators
      ? misplacedDecorator(file, options.experimentalDecorators === true)
      : undefined) ??
    (strictly ? grammarProblem(source, fileName, options) : undefined) ??
    firstProblem(program.getOptionsDiagnostics()) ??
    firstProblem(program.emit().diagnostics);
  if (problem) return ["", "", ...problem];
  // The last line names a map that is no file.
  const end = written.code.lastIndexOf("\n//# sourceMappingURL=");
  return [end === -1 ? written.code : written.code.slice(0, end + 1), written.map];
};
