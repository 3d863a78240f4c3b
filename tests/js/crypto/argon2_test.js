// Argon2: RFC 9106, section 5, and parameters that are none.
import { assertEquals, assertRejects, test } from "../harness.js";
import { assertName, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const base = (name, usages = ["deriveBits", "deriveKey"]) =>
  subtle.importKey("raw-secret", new Uint8Array(32).fill(1), name, false, usages);
const params = (name, change = {}) => ({
  name,
  memory: 32,
  passes: 3,
  parallelism: 4,
  nonce: new Uint8Array(16).fill(2),
  secretValue: new Uint8Array(8).fill(3),
  associatedData: new Uint8Array(12).fill(4),
  ...change,
});

test("the answers of RFC 9106", async () => {
  for (const [name, expected] of [
    ["Argon2d", "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"],
    ["Argon2i", "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"],
    ["Argon2id", "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"],
  ]) {
    const key = await base(name);
    const derive = (change) => subtle.deriveBits(params(name, change), key, 256);
    assertEquals(toHex(await derive()), expected);
    assertEquals(toHex(await derive({ version: 0x13 })), expected);
  }
});

test("a key derived by Argon2id", async () => {
  const key = await base("Argon2id");
  const aes = { name: "AES-GCM", length: 256 };
  const made = await subtle.deriveKey(params("Argon2id"), key, aes, true, ["encrypt"]);
  assertEquals(
    toHex(await subtle.exportKey("raw", made)),
    "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
  );
});

test("numbers that RFC 9106 does not have are OperationErrors", async () => {
  const key = await base("Argon2id");
  for (const change of [
    { memory: 31 },
    { memory: 0 },
    { passes: 0 },
    { parallelism: 0 },
    { parallelism: 0x1000000, memory: 0xffffffff },
    { version: 0x10 },
    { nonce: new Uint8Array(7) },
  ]) {
    await assertName(subtle.deriveBits(params("Argon2id", change), key, 256), "OperationError");
  }
  for (const length of [0, 24, 33, null]) {
    await assertName(subtle.deriveBits(params("Argon2id"), key, length), "OperationError");
  }
});

test("numbers out of range and missing members are TypeErrors", async () => {
  const key = await base("Argon2id");
  for (const change of [
    { memory: -1 },
    { passes: 2 ** 32 },
    { version: 256 },
    { memory: undefined },
    { nonce: undefined },
  ]) {
    await assertRejects(subtle.deriveBits(params("Argon2id", change), key, 256), TypeError);
  }
});

test("more memory than there is does not end the program", async () => {
  const key = await base("Argon2id");
  const greedy = params("Argon2id", { memory: 0xffffffff, parallelism: 1 });
  await assertName(subtle.deriveBits(greedy, key, 256), "OperationError");
});

test("passwords come in one form, and stay", async () => {
  const load = (format, extractable, usages) =>
    subtle.importKey(format, utf8("password"), "Argon2i", extractable, usages);
  await assertName(load("raw", false, ["deriveBits"]), "NotSupportedError");
  await assertName(load("raw-secret", true, ["deriveBits"]), "SyntaxError");
  await assertName(load("raw-secret", false, ["sign"]), "SyntaxError");
  await assertName(load("raw-secret", false, []), "SyntaxError");
  assertEquals((await load("raw-secret", false, ["deriveBits"])).algorithm, { name: "Argon2i" });
});
