// Deno.bench: registration, the run of a file's benchmarks, and the table a person reads.
import {
  op_test_format_failure,
  op_test_restore_permissions,
  op_test_restrict_permissions,
  op_test_send,
} from "rt:ops/testing";
import { primordials, print } from "./internals.js";
import { BenchContext, measure } from "./measure.js";
import { permissionRules } from "./permissions.js";
import { callerPlace } from "./place.js";
import { readArguments, state } from "./register.js";
import { makeFilter } from "./select.js";
import { benchHeader, benchRow, groupSummary, visible } from "./table.js";

const {
  ArrayPrototypePush,
  Error,
  JSONParse,
  JSONStringify,
  NumberIsInteger,
  ObjectAssign,
  ObjectDefineProperty,
  RangeError,
  SafeMap,
  TypeError,
} = primordials;

const benches = [];

function checkCount(value, what) {
  if (value === undefined) return;
  if (typeof value !== "number") throw new TypeError(`The benchmark's ${what} must be a number`);
  if (!NumberIsInteger(value) || value < (what === "n" ? 1 : 0)) {
    throw new RangeError(`The benchmark's ${what} must be a positive integer`);
  }
}

function register(args, overrides) {
  if (state.running) throw new Error("Nested Deno.bench() calls are not supported.");
  const given = readArguments(args[0], args[1], args[2], "Deno.bench()");
  checkCount(given.n, "n");
  checkCount(given.warmup, "warmup");
  const description = ObjectAssign(
    { __proto__: null, ignore: false, only: false, baseline: false, permissions: "inherit" },
    given,
    overrides,
  );
  description.place = callerPlace();
  ArrayPrototypePush(benches, description);
}

/** The `Deno.bench` of `rt bench`. */
export function benchFunction(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], {});
}
ObjectDefineProperty(benchFunction, "name", { __proto__: null, value: "bench" });
benchFunction.ignore = function ignore(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], { ignore: true });
};
benchFunction.only = function only(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], { only: true });
};

async function runOne(description, origin) {
  let rules = null;
  try {
    rules = permissionRules(description.permissions);
    if (rules !== null) op_test_restrict_permissions(rules);
  } catch (error) {
    return { failed: op_test_format_failure(error) };
  }
  try {
    const context = new BenchContext(description.name, origin);
    return { ok: await measure(description.fn, context, description) };
  } catch (error) {
    return { failed: op_test_format_failure(error) };
  } finally {
    if (rules !== null) op_test_restore_permissions();
  }
}

/** Those that run, groups together, each where its first member stands. */
function arrange(all, filter) {
  const matches = makeFilter(filter);
  let usedOnly = false;
  for (let i = 0; i < all.length; i++) if (all[i].only) usedOnly = true;
  const groups = new SafeMap();
  for (let i = 0; i < all.length; i++) {
    const bench = all[i];
    if (bench.ignore || !matches(bench.name) || (usedOnly && !bench.only)) continue;
    const key = bench.group ?? "";
    if (!groups.has(key)) groups.set(key, []);
    ArrayPrototypePush(groups.get(key), bench);
  }
  return { groups, usedOnly };
}

/**
 * Runs what the file registered.
 * @param {string} optionsJson {origin, filter, json, cpu, runtime}
 */
export async function runBenches(optionsJson) {
  const options = JSONParse(optionsJson);
  state.running = true;
  const { groups, usedOnly } = arrange(benches, options.filter);
  let total = 0;
  const names = [];
  groups.forEach((list) => {
    total += list.length;
    for (let i = 0; i < list.length; i++) ArrayPrototypePush(names, list[i].name);
  });
  op_test_send(
    JSONStringify({ kind: "plan", total, filteredOut: benches.length - total, usedOnly }),
  );
  const show = (text) => {
    if (!options.json) print(text);
  };
  if (total > 0) show(benchHeader(options.origin, names));
  const keys = [];
  groups.forEach((_, key) => {
    ArrayPrototypePush(keys, key);
  });
  for (let i = 0; i < keys.length; i++) {
    const list = groups.get(keys[i]);
    if (keys[i] !== "") show(`\ngroup ${visible(keys[i])}\n`);
    const done = [];
    for (let j = 0; j < list.length; j++) {
      const description = list[j];
      const result = await runOne(description, options.origin);
      show(benchRow(description.name, result, names));
      ArrayPrototypePush(done, { description, result });
      op_test_send(
        JSONStringify({
          kind: "bench",
          bench: {
            origin: options.origin,
            group: description.group ?? null,
            name: description.name,
            baseline: description.baseline === true,
            results: [result],
          },
          failed: result.failed,
        }),
      );
    }
    if (keys[i] !== "") show(groupSummary(done));
  }
}
