// One file as a program of TypeScript's, and what of its messages is about grammar: for the transpiler
// that rt embeds, and for the tests that compare rt's with TypeScript's.

/** Options that change no JavaScript of one file, or speak of more than one. */
export const kOneFile = {
  allowNonTsExtensions: true,
  noLib: true,
  noResolve: true,
  suppressOutputPathCheck: true,
  types: [],
};

/** { program, file, written: its JavaScript and source map once it is emitted }. */
export function programOf(ts, source, fileName, options) {
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

/** Whether a message is about grammar: those below 2000, and a few. The others are about types. */
export const isAboutGrammar = ({ code }) => code < 2000 || kGrammarToo.has(code);
