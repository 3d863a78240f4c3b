// What fetch costs: one line a measure, "name value". Arguments: URL of a small answer, URL of a
// large one (or "-"), of a small one by HTTPS, seconds.
const args = globalThis.Deno?.args ?? process.argv.slice(2);
const [small, large, secure, seconds] = [args[0], args[1], args[2], Number(args[3])];

async function get(url) {
  const response = await fetch(url);
  if ((await response.text()).length === 0) throw new Error("nothing came");
}

// Requests a second with so many under way at once.
async function rate(url, parallel, milliseconds) {
  let count = 0;
  const end = performance.now() + milliseconds;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (performance.now() < end) {
        await get(url);
        count++;
      }
    }),
  );
  return Math.round((count * 1000) / (performance.now() - start));
}

await rate(small, 8, 300);
console.log(`sequential ${await rate(small, 1, seconds * 1000)}`);
console.log(`parallel ${await rate(small, 64, seconds * 1000)}`);
console.log(`secure ${await rate(secure, 100, seconds * 1000)}`);
if (large !== "-") {
  const start = performance.now();
  let size = 0;
  for await (const chunk of (await fetch(large)).body) size += chunk.length;
  console.log(`download ${Math.round(size / 1000 / (performance.now() - start))}`);
}
