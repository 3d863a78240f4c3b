// CryptoKey: what it shows, that it cannot be changed, structuredClone and messages.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { assertName, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const generate = (extractable = false) =>
  subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, extractable, ["verify", "sign", "sign"]);

test("attributes: the same object each time, and only a copy", async () => {
  const key = await generate();
  assert(key.algorithm === key.algorithm);
  assert(key.usages === key.usages);
  assertEquals(key.usages, ["sign", "verify"]);
  assertEquals(key.algorithm, { name: "HMAC", hash: { name: "SHA-256" }, length: 512 });
  key.algorithm.name = "AES-GCM";
  key.algorithm.hash.name = "SHA-1";
  key.usages.length = 0;
  assertEquals((await subtle.sign("HMAC", key, utf8(""))).byteLength, 32);
  assertThrows(() => {
    key.extractable = true;
  }, TypeError);
  await assertName(subtle.exportKey("raw", key), "InvalidAccessError");
});

test("no constructor, no foreign receivers", async () => {
  assertThrows(() => new CryptoKey(), TypeError, "Illegal constructor");
  assertThrows(() => new SubtleCrypto(), TypeError, "Illegal constructor");
  const { get } = Object.getOwnPropertyDescriptor(CryptoKey.prototype, "type");
  assertThrows(() => get.call({}), TypeError, "Illegal invocation");
  assertThrows(() => get.call(Object.create(CryptoKey.prototype)), TypeError, "Illegal invocation");
  assertEquals(String(await generate()), "[object CryptoKey]");
  assertEquals(String(subtle), "[object SubtleCrypto]");
});

test("console.log shows no bytes", async () => {
  const key = await subtle.importKey(
    "raw",
    utf8("topsecret"),
    { name: "HMAC", hash: "SHA-1" },
    true,
    ["sign"],
  );
  const text = Deno.inspect(key, { depth: 9, showHidden: true });
  assert(text.startsWith("CryptoKey {"), text);
  assert(!text.includes("topsecret") && !text.includes("116"), text);
});

test("structuredClone: the same key, another object", async () => {
  const key = await generate();
  const clone = structuredClone({ key }).key;
  assert(clone instanceof CryptoKey && clone !== key);
  assertEquals(clone.algorithm, key.algorithm);
  assertEquals(
    [clone.type, clone.extractable, clone.usages],
    ["secret", false, ["sign", "verify"]],
  );
  const code = await subtle.sign("HMAC", key, utf8("x"));
  assert(await subtle.verify("HMAC", clone, code, utf8("x")));
  await assertName(subtle.exportKey("raw", clone), "InvalidAccessError");
});

test("pairs of all kinds, through a channel", async () => {
  const { port1, port2 } = new MessageChannel();
  const received = () =>
    new Promise((resolve) => {
      port2.onmessage = (event) => resolve(event.data);
    });
  for (const algorithm of [
    "Ed25519",
    { name: "ECDSA", namedCurve: "P-384" },
    {
      name: "RSA-PSS",
      hash: "SHA-1",
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
  ]) {
    const pair = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const promise = received();
    port1.postMessage(pair);
    const { privateKey, publicKey } = await promise;
    assertEquals(privateKey.algorithm, pair.privateKey.algorithm);
    assertEquals(
      toHex(await subtle.exportKey("pkcs8", privateKey)),
      toHex(await subtle.exportKey("pkcs8", pair.privateKey)),
    );
    const how = { name: privateKey.algorithm.name, hash: "SHA-1", saltLength: 8 };
    const signature = await subtle.sign(how, privateKey, utf8("x"));
    assert(await subtle.verify(how, publicKey, signature, utf8("x")));
  }
  port1.close();
});

test("keys nobody holds are freed: 1 GiB of them grows the program by less than 300 MiB", async () => {
  const before = Deno.memoryUsage().rss;
  const bytes = new Uint8Array(1 << 20);
  let most = 0;
  for (let i = 0; i < 1024; i++) {
    await subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
    if (i % 64 === 0) most = Math.max(most, Deno.memoryUsage().rss - before);
  }
  assert(most < 300 << 20, `${most >> 20} MiB`);
});
