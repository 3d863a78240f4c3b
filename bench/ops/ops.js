// Run by bench_ops: ops are globals here, and so is what js/bootstrap/ring.js exports. Nanoseconds a call, the
// loop around it included, the best of several rounds.
/* global op_bench_noop, op_bench_add, op_bench_add_doubles, op_bench_first_byte, op_bench_result, op_bench_string,
   op_bench_clock, op_bench_at_once, op_bench_later, op_bench_print, op_bench_slow_noop, op_bench_slow_add, makeAsyncOp */

const ROUNDS = 500;

function report(name, nanoseconds, calls) {
  op_bench_print(`${name} ${(nanoseconds / calls).toFixed(2)}`);
}

// One loop for each measure, in its own function: nothing is shared that a megamorphic call would slow down.
const sync = {
  loop: (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + i) | 0;
    return sum;
  },
  noop: (n) => {
    for (let i = 0; i < n; i++) op_bench_noop();
  },
  add: (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = op_bench_add(sum, 1);
    return sum;
  },
  add_doubles: (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = op_bench_add_doubles(sum, 1);
    return sum;
  },
  result: (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += op_bench_result(i);
    return sum;
  },
  bytes: (n) => {
    const bytes = new Uint8Array(1024).fill(1);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += op_bench_first_byte(bytes);
    return sum;
  },
  slow_noop: (n) => {
    for (let i = 0; i < n; i++) op_bench_slow_noop();
  },
  slow_add: (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = op_bench_slow_add(sum, 1);
    return sum;
  },
  string: (n) => {
    let length = 0;
    for (let i = 0; i < n; i++) length += op_bench_string("a short text").length;
    return length;
  },
};

// Short rounds: the best one ran without being interrupted, on a busy machine too.
const CALLS = 20_000;
for (const name of Object.keys(sync)) {
  const run = sync[name];
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = op_bench_clock();
    run(CALLS);
    best = Math.min(best, op_bench_clock() - start);
  }
  report(name, best, CALLS);
}

const atOnce = makeAsyncOp(op_bench_at_once, 1);
const later = makeAsyncOp(op_bench_later, 1);
const BATCH = 64;

async function asynchronous() {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = op_bench_clock();
    for (let i = 0; i < 2000; i++) await atOnce(i);
    best = Math.min(best, op_bench_clock() - start);
  }
  report("async_at_once", best, 2000);
  best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = op_bench_clock();
    for (let i = 0; i < 20; i++) {
      const batch = new Array(BATCH);
      for (let k = 0; k < BATCH; k++) batch[k] = later(k);
      for (let k = 0; k < BATCH; k++) await batch[k];
    }
    best = Math.min(best, op_bench_clock() - start);
  }
  report("async_later", best, 20 * BATCH);
}
asynchronous();
