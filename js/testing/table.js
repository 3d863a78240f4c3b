// The table of benchmarks and the comparison of a group, as text.
import { primordials, stdoutTakesColors } from "./internals.js";

const {
  ArrayPrototypeSort,
  MathMax,
  NumberPrototypeToFixed,
  NumberPrototypeToLocaleString,
  NumberPrototypeToString,
  StringPrototypeCharCodeAt,
  StringPrototypePadEnd,
  StringPrototypePadStart,
  StringPrototypeRepeat,
} = primordials;

const COLUMNS = [
  ["time/iter (avg)", 15],
  ["iter/s", 13],
  ["(min \u2026 max)", 21],
  ["p75", 8],
  ["p99", 8],
  ["p995", 8],
];

function styled(text, code) {
  return stdoutTakesColors() ? `\x1b[${code}m${text}\x1b[0m` : text;
}

/** A duration of nanoseconds, in the unit that suits it. */
export function duration(ns) {
  if (ns < 1e3) return `${NumberPrototypeToFixed(ns, 1)} ns`;
  if (ns < 1e6) return `${NumberPrototypeToFixed(ns / 1e3, 1)} \u00b5s`;
  if (ns < 1e9) return `${NumberPrototypeToFixed(ns / 1e6, 1)} ms`;
  return `${NumberPrototypeToFixed(ns / 1e9, 1)} s`;
}

/** A name a program chose, without what a terminal would obey (as rt test shows names). */
export function visible(name) {
  let text = "";
  for (let i = 0; i < name.length; i++) {
    const code = StringPrototypeCharCodeAt(name, i);
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const isInvisible =
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) ||
      (code >= 0x2060 && code <= 0x206f) ||
      code === 0xfeff;
    text += isControl || isInvisible ? `\\u{${NumberPrototypeToString(code, 16)}}` : name[i];
  }
  return text;
}

function nameWidth(names) {
  let width = 9;
  for (let i = 0; i < names.length; i++) width = MathMax(width, visible(names[i]).length);
  return width;
}

/** The address of the file and the heads of the columns. */
export function benchHeader(origin, names) {
  const width = nameWidth(names);
  let heads = `| ${StringPrototypePadEnd("benchmark", width)} |`;
  let rule = `| ${StringPrototypeRepeat("-", width)} |`;
  for (let i = 0; i < COLUMNS.length; i++) {
    heads += ` ${StringPrototypePadStart(COLUMNS[i][0], COLUMNS[i][1])} |`;
    rule += ` ${StringPrototypeRepeat("-", COLUMNS[i][1])} |`;
  }
  return `\n${origin}\n\n${heads}\n${rule}\n`;
}

/** One benchmark's line; its error if it failed. */
export function benchRow(name, result, names) {
  const start = `| ${StringPrototypePadEnd(visible(name), nameWidth(names))} |`;
  if (result.failed !== undefined) return `${start} ${styled("error", 31)}: ${result.failed}\n`;
  const { avg, min, max, p75, p99, p995 } = result.ok;
  const range = `(${StringPrototypePadStart(duration(min), 8)} \u2026 ${StringPrototypePadStart(duration(max), 8)})`;
  const rate = NumberPrototypeToLocaleString(1e9 / avg, "en-US", {
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });
  const cells = [duration(avg), rate, range, duration(p75), duration(p99), duration(p995)];
  let line = start;
  for (let i = 0; i < cells.length; i++) {
    line += ` ${StringPrototypePadStart(cells[i], COLUMNS[i][1])} |`;
  }
  return `${line}\n`;
}

/** How the members of a group compare to its baseline, else to the fastest. */
export function groupSummary(done) {
  const list = [];
  for (let i = 0; i < done.length; i++) if (done[i].result.ok) list[list.length] = done[i];
  if (list.length < 2) return "";
  ArrayPrototypeSort(list, (a, b) => a.result.ok.avg - b.result.ok.avg);
  let base = list[0];
  for (let i = 0; i < list.length; i++) if (list[i].description.baseline) base = list[i];
  let text = `\n${styled("summary", 1)}\n  ${styled(visible(base.description.name), 36)}\n`;
  for (let i = 0; i < list.length; i++) {
    const other = list[i];
    if (other === base) continue;
    const ratio = other.result.ok.avg / base.result.ok.avg;
    const faster = ratio >= 1;
    const times = NumberPrototypeToFixed(faster ? ratio : 1 / ratio, 2);
    text += `  ${StringPrototypePadStart(times, 6)}x ${faster ? "faster" : "slower"} than ${styled(visible(other.description.name), 36)}\n`;
  }
  return text;
}
