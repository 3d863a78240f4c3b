// Declarations of what a WebAssembly file exports, from its bytes.

/** Value types by their code. */
const kWasmTypes = new Map([
  [0x7f, "number"],
  [0x7e, "bigint"],
  [0x7d, "number"],
  [0x7c, "number"],
]);

/**
 * Declarations of what a WebAssembly file exports (https://webassembly.github.io/spec/core/binary/).
 * @param {string} text its bytes, a character each
 * @returns {string | undefined} undefined: it is no WebAssembly module
 */
export function wasmTypes(text) {
  try {
    return declare(text);
  } catch (error) {
    // RangeError is declare's, URIError decodeURIComponent's.
    if (error instanceof RangeError || error instanceof URIError) return undefined;
    throw error;
  }
}

function declare(text) {
  if (!text.startsWith("\0asm")) throw new RangeError("It begins differently");
  let at = 8;
  const byte = () => {
    if (at >= text.length) throw new RangeError("The file ends too early");
    return text.charCodeAt(at++);
  };
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const part = byte();
      value += (part & 0x7f) * 2 ** shift;
      if (!(part & 0x80)) return value;
    }
  };
  const name = () => {
    const size = number();
    at += size;
    return decodeURIComponent(escape(text.slice(at - size, at)));
  };
  const list = () => {
    const length = number();
    if (length > text.length - at) throw new RangeError("The file ends too early");
    return Array.from({ length }, valueType);
  };
  const valueType = () => kWasmTypes.get(byte()) ?? "any";
  const limits = () => {
    const flags = number();
    number();
    if (flags & 1) number();
  };
  const types = [];
  const functions = [];
  const globals = [];
  let declarations = "";
  const skipImport = [
    () => functions.push(number()),
    () => {
      byte();
      limits();
    },
    limits,
    () => {
      globals.push(valueType());
      byte();
    },
    () => {
      byte();
      number();
    },
  ];
  const exported = (kind, index) => {
    if (kind === 0) {
      const [parameters, results] = types[functions[index]] ?? [[], ["any"]];
      const taken = parameters.map((type, i) => `arg${i}: ${type}`).join(", ");
      const result =
        results.length === 0
          ? "void"
          : results.length === 1
            ? results[0]
            : `[${results.join(", ")}]`;
      return `(${taken}) => ${result}`;
    }
    if (kind === 1) return "WebAssembly.Table";
    if (kind === 2) return "WebAssembly.Memory";
    return kind === 3 ? (globals[index] ?? "any") : "WebAssembly.Tag";
  };
  while (at < text.length) {
    const section = byte();
    const size = number();
    const end = at + size;
    const count = section === 0 ? 0 : number();
    for (let i = 0; i < count && at < end; i++) {
      if (section === 1) {
        if (byte() !== 0x60) break;
        types.push([list(), list()]);
      } else if (section === 2) {
        name();
        name();
        skipImport[byte()]?.();
      } else if (section === 3) {
        functions.push(number());
      } else if (section === 7) {
        const called = name();
        const what = exported(byte(), number());
        declarations += `declare const export${i}: ${what};\n`;
        declarations += `export { export${i} as ${JSON.stringify(called)} };\n`;
      } else {
        break;
      }
    }
    at = end;
  }
  return `${declarations}export {};\n`;
}
