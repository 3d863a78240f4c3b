// Counts primes on every core: one worker each, which is its own source.
//   rt run examples/worker.js
const kLimit = 2_000_000;

function countPrimes(from, to) {
  let count = 0;
  for (let n = Math.max(2, from); n < to; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d++) isPrime = n % d !== 0;
    if (isPrime) count++;
  }
  return count;
}

if (import.meta.main && typeof WorkerGlobalScope === "undefined") {
  const cores = navigator.hardwareConcurrency;
  const counts = Array.from({ length: cores }, (_, i) => {
    const worker = new Worker(import.meta.url, { type: "module", name: `primes ${i}` });
    worker.postMessage([(kLimit / cores) * i, (kLimit / cores) * (i + 1)].map(Math.floor));
    return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
  });
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  console.log(`${total} primes below ${kLimit}`);
} else {
  self.onmessage = ({ data: [from, to] }) => {
    self.postMessage(countPrimes(from, to));
    self.close();
  };
}
