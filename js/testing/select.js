// Which of the registered tests run, and in what order: --filter, only, --shuffle.
import { primordials } from "./internals.js";

const {
  ArrayPrototypePush,
  MathImul,
  RegExp,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;

/** A function that tells whether a name is meant: text that it includes, or `/a regular expression/`. */
export function makeFilter(filter) {
  if (filter === undefined || filter === "") return () => true;
  const isPattern =
    filter.length > 2 &&
    StringPrototypeStartsWith(filter, "/") &&
    StringPrototypeEndsWith(filter, "/");
  if (!isPattern) return (name) => StringPrototypeIncludes(name, filter);
  const pattern = new RegExp(StringPrototypeSlice(filter, 1, -1));
  return (name) => RegExpPrototypeExec(pattern, name) !== null;
}

/** Numbers in [0, 1) that depend on nothing but the seed (mulberry32). */
function randomFrom(seed) {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = MathImul(a ^ (a >>> 15), 1 | a);
    t = (t + MathImul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffle(list, seed) {
  const random = randomFrom(seed);
  for (let i = list.length - 1; i > 0; i--) {
    const other = (random() * (i + 1)) | 0;
    const kept = list[i];
    list[i] = list[other];
    list[other] = kept;
  }
}

/** @returns {{selected: object[], filteredOut: number, usedOnly: boolean}} */
export function selectTests(all, { filter, shuffle: seed }) {
  const matches = makeFilter(filter);
  let usedOnly = false;
  for (let i = 0; i < all.length; i++) if (all[i].only) usedOnly = true;
  const selected = [];
  for (let i = 0; i < all.length; i++) {
    if (matches(all[i].name) && (!usedOnly || all[i].only)) ArrayPrototypePush(selected, all[i]);
  }
  if (seed !== undefined) shuffle(selected, seed);
  return { selected, filteredOut: all.length - selected.length, usedOnly };
}
