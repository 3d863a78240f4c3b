// WebAssembly modules written down by hand, for tests of importing them.

const bytesOf = (text) => [text.length, ...new TextEncoder().encode(text)];
const section = (id, ...content) => [id, content.length, ...content];
const kHead = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const kI32 = 0x7f;

/** Exports `add(a, b)`, which calls `import { combine } from module`, and a constant `answer`. */
export function addModule(module) {
  return new Uint8Array([
    ...kHead,
    ...section(1, 1, 0x60, 2, kI32, kI32, 1, kI32),
    ...section(2, 1, ...bytesOf(module), ...bytesOf("combine"), 0, 0),
    ...section(3, 1, 0),
    ...section(6, 1, kI32, 0, 0x41, 42, 0x0b),
    ...section(7, 2, ...bytesOf("add"), 0, 1, ...bytesOf("an answer"), 3, 0),
    ...section(10, 1, 8, 0, 0x20, 0, 0x20, 1, 0x10, 0, 0x0b),
  ]);
}

/** Exports `seven()`. */
export const kSeven = new Uint8Array([
  ...kHead,
  ...section(1, 1, 0x60, 0, 1, kI32),
  ...section(3, 1, 0),
  ...section(7, 1, ...bytesOf("seven"), 0, 0),
  ...section(10, 1, 4, 0, 0x41, 7, 0x0b),
]);
