// FsFile.lock and its kin.
import { assertEquals, assertRejects, test } from "../harness.js";

const path = Deno.makeTempFileSync();
const open = () => Deno.openSync(path, { read: true, write: true });

test("an exclusive lock keeps others out", async () => {
  using a = open();
  using b = open();
  await a.lock(true);
  assertEquals(await b.tryLock(true), false);
  assertEquals(b.tryLockSync(false), false);
  await a.unlock();
  assertEquals(b.tryLockSync(true), true);
  b.unlockSync();
});

test("shared locks go together", async () => {
  using a = open();
  using b = open();
  a.lockSync();
  await b.lock(false);
  assertEquals(await a.tryLock(true), false);
});

test("lock waits for its turn without holding a thread", async () => {
  using a = open();
  a.lockSync(true);
  const files = Array.from({ length: 8 }, open);
  const order = [];
  const waits = files.map(async (file, i) => {
    await file.lock(true);
    order.push(i);
    file.close();
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(order, []);
  // Reading goes through the pool that eight waiting locks would have filled.
  assertEquals(await Deno.readTextFile(path), "");
  a.unlockSync();
  await Promise.all(waits);
  assertEquals(order.length, 8);
});

test("closing the file ends the wait", async () => {
  using a = open();
  a.lockSync(true);
  const b = open();
  const waiting = b.lock(true);
  b.close();
  await assertRejects(() => waiting, Deno.errors.BadResource);
});
