// A hundred thousand objects of C++ that are made and dropped: the collector comes in time, so memory
// stays level.
import { DatabaseSync } from "node:sqlite";
import { assert, test } from "../harness.js";

const kAll = 100_000;
const kBatch = 1000;

/** What the process has grown by between the first tenth and the end, in MiB. */
async function growth(makeBatch) {
  let before;
  for (let made = 0; made < kAll; made += kBatch) {
    if (made === kAll / 10) before = Deno.memoryUsage().rss;
    await makeBatch();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return (Deno.memoryUsage().rss - before) / 1048576;
}

function staysLevel(what, makeBatch) {
  test(`${what}: memory stays level`, async () => {
    const grown = await growth(makeBatch);
    assert(grown < 100, `${grown.toFixed(0)} MiB more`);
  });
}

const part = new Uint8Array(4096);
staysLevel("blobs", () => {
  for (let i = 0; i < kBatch; i++) new Blob([part]);
});

const raw = new Uint8Array(32);
const hmac = { name: "HMAC", hash: "SHA-256" };
staysLevel("keys", async () => {
  const keys = [];
  for (let i = 0; i < kBatch; i++) {
    keys.push(crypto.subtle.importKey("raw", raw, hmac, false, ["sign"]));
  }
  await Promise.all(keys);
});

staysLevel("databases", () => {
  for (let i = 0; i < kBatch; i++) {
    const database = new DatabaseSync(":memory:");
    if (i % 100 === 0) database.exec("CREATE TABLE t (a)");
  }
});
