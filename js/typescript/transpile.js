// TypeScript's own transpiler as rt embeds it: for JSX, decorators and `accessor`. Runs in an isolate of its
// own, without ops; src/typescript/fallback calls the function this leaves behind, and rt check uses
// the whole of TypeScript (check/). Bundled with TypeScript itself when rt is built.
import ts from "typescript";

/** The first diagnostic that says the text is wrong, as [message, line, column, length]. */
function firstProblem(diagnostics) {
  for (const diagnostic of diagnostics) {
    if (diagnostic.category !== ts.DiagnosticCategory.Error || diagnostic.file === undefined)
      continue;
    const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    return [message, line + 1, character + 1, diagnostic.length ?? 1];
  }
  return [];
}

globalThis.typescript = ts;

/**
 * @param {string} source
 * @param {string} fileName its extension says whether it is TypeScript and has JSX
 * @param {string} optionsJson TypeScript's compilerOptions
 * @returns {unknown[]} [code, source map], or ["", "", message, line, column, length]
 */
globalThis.transpile = (source, fileName, optionsJson) => {
  const compilerOptions = JSON.parse(optionsJson);
  // What V8 runs as it is stays; decorators, and what they bring along, it does not run.
  if (!source.includes("@") && !source.includes("accessor")) {
    compilerOptions.target = ts.ScriptTarget.ESNext;
  }
  const output = ts.transpileModule(source, { fileName, compilerOptions, reportDiagnostics: true });
  const problem = firstProblem(output.diagnostics ?? []);
  if (problem.length > 0) return ["", "", ...problem];
  // The last line names a map that is no file.
  const end = output.outputText.lastIndexOf("\n//# sourceMappingURL=");
  const code = end === -1 ? output.outputText : output.outputText.slice(0, end + 1);
  return [code, output.sourceMapText ?? ""];
};
