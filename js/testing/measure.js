// Times one benchmark: warm-up, an estimate, then samples until there are enough of them. Durations are nanoseconds.
import { now, primordials } from "./internals.js";

const { ArrayPrototypePush, ArrayPrototypeSort, Error, MathCeil, MathMax, MathMin } = primordials;

/** A sample must take at least this long, so that the clock does not count: 50 µs. */
const SHORTEST_SAMPLE = 50_000;
const WARM_UP_MS = 100;
const BUDGET_MS = 500;
const LEAST_SAMPLES = 10;
const MOST_SAMPLES = 1_000_000;

function isThenable(value) {
  return typeof value === "object" && value !== null && typeof value.then === "function";
}

/** The `b` of a benchmark's function. */
export class BenchContext {
  #start = 0;
  #stop = 0;
  #used = false;
  name;
  origin;

  constructor(name, origin) {
    this.name = name;
    this.origin = origin;
  }

  /** From here on time counts. */
  start() {
    if (this.#start !== 0) throw new Error("BenchContext::start() has already been invoked.");
    this.#used = true;
    this.#start = now();
  }

  /** What follows does not count. */
  end() {
    const stop = now();
    if (this.#start === 0) throw new Error("BenchContext::start() must be invoked before end().");
    if (this.#stop !== 0) throw new Error("BenchContext::end() has already been invoked.");
    this.#stop = stop;
  }

  static begin(context) {
    context.#start = 0;
    context.#stop = 0;
    context.#used = false;
  }

  /** Milliseconds between start() and end(), or of the whole call. */
  static elapsed(context, before, after) {
    if (!context.#used) return after - before;
    return (context.#stop === 0 ? after : context.#stop) - context.#start;
  }

  static used(context) {
    return context.#used;
  }
}

/** Calls it once: milliseconds. */
async function once(fn, context) {
  BenchContext.begin(context);
  const before = now();
  const result = fn(context);
  if (isThenable(result)) await result;
  return BenchContext.elapsed(context, before, now());
}

function onceSync(fn, context) {
  BenchContext.begin(context);
  const before = now();
  fn(context);
  return BenchContext.elapsed(context, before, now());
}

/** `count` calls in a row: milliseconds. */
function manySync(fn, context, count) {
  const before = now();
  for (let i = 0; i < count; i++) fn(context);
  return now() - before;
}

async function many(fn, context, count) {
  const before = now();
  for (let i = 0; i < count; i++) await fn(context);
  return now() - before;
}

/**
 * @param {(b: BenchContext) => unknown} fn
 * @param {BenchContext} context
 * @param {{n?: number, warmup?: number}} options
 * @returns {Promise<object>} n, min, max, avg, p75, p99, p995, p999, in nanoseconds
 */
export async function measure(fn, context, { n, warmup }) {
  BenchContext.begin(context);
  const probe = fn(context);
  const isAsync = isThenable(probe);
  if (isAsync) await probe;
  const explicit = BenchContext.used(context);
  // Warm-up: so often, or so long.
  let calls = 0;
  let spent = 0;
  const began = now();
  while (warmup !== undefined ? calls < warmup : now() - began < WARM_UP_MS) {
    spent += isAsync ? await once(fn, context) : onceSync(fn, context);
    calls++;
  }
  if (calls === 0) {
    spent = isAsync ? await once(fn, context) : onceSync(fn, context);
    calls = 1;
  }
  const estimate = (spent / calls) * 1e6;
  let batch = 1;
  if (!explicit && estimate < SHORTEST_SAMPLE) {
    batch = MathCeil(SHORTEST_SAMPLE / MathMax(estimate, 0.5));
    if (n !== undefined) batch = MathMax(1, MathMin(batch, MathCeil(n / LEAST_SAMPLES)));
  }
  const samples = [];
  let iterations = 0;
  const start = now();
  for (;;) {
    let ms;
    if (batch === 1) ms = isAsync ? await once(fn, context) : onceSync(fn, context);
    else ms = isAsync ? await many(fn, context, batch) : manySync(fn, context, batch);
    ArrayPrototypePush(samples, (ms * 1e6) / batch);
    iterations += batch;
    if (n !== undefined ? iterations >= n : samples.length >= LEAST_SAMPLES) {
      if (n !== undefined || now() - start >= BUDGET_MS || samples.length >= MOST_SAMPLES) break;
    }
  }
  return statistics(samples, explicit, batch === 1);
}

function statistics(samples, usedExplicitTimers, highPrecision) {
  ArrayPrototypeSort(samples, (a, b) => a - b);
  const count = samples.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += samples[i];
  const at = (share) => samples[MathMin(count - 1, MathMax(0, MathCeil(share * count) - 1))];
  return {
    n: count,
    min: samples[0],
    max: samples[count - 1],
    avg: sum / count,
    p75: at(0.75),
    p99: at(0.99),
    p995: at(0.995),
    p999: at(0.999),
    highPrecision,
    usedExplicitTimers,
  };
}
