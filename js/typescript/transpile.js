// TypeScript's own transpiler as rt embeds it: for JSX, decorators and `accessor`. Runs in an isolate of its
// own, without ops; src/typescript/fallback calls the function this leaves behind, and rt check uses
// the whole of TypeScript (check/). Bundled with TypeScript itself when rt is built.
import ts from "typescript";
import { isAboutGrammar, kOneFile, programOf } from "./one_file.js";

/**
 * TypeScript looks a name up from where it stands outwards, one node after the other: the work grows with the sum
 * of the names' depths, for a chain of operators with the square of its length. In programs people write
 * the average depth is 10 to 30. A sum and an average above these are refused, instead of some seconds and more.
 */
const kMaxDepthSum = 20_000_000;
const kMaxAverageDepth = 100;

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

/** What TypeScript's checker has to say about grammar: its parser takes much that is none. */
function grammarProblem(source, fileName, options) {
  const { program, file } = programOf(ts, source, fileName, { ...options, noCheck: false });
  return firstProblem(program.getSemanticDiagnostics(file).filter(isAboutGrammar));
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
  const { program, file, written } = programOf(ts, source, fileName, options);
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
