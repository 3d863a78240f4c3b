// HKDF (RFC 5869) and PBKDF2 (RFC 6070): known answers, limits, keys derived for other algorithms.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { assertName, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const base = (name, bytes, usages = ["deriveBits", "deriveKey"]) =>
  subtle.importKey("raw", bytes, name, false, usages);

test("HKDF: RFC 5869, cases 1 and 3", async () => {
  const key = await base("HKDF", new Uint8Array(22).fill(0x0b));
  const first = {
    name: "HKDF",
    hash: "SHA-256",
    salt: hex("000102030405060708090a0b0c"),
    info: hex("f0f1f2f3f4f5f6f7f8f9"),
  };
  assertEquals(
    toHex(await subtle.deriveBits(first, key, 42 * 8)),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  );
  const third = { ...first, salt: utf8(""), info: utf8("") };
  assertEquals(
    toHex(await subtle.deriveBits(third, key, 42 * 8)),
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  );
  assertEquals((await subtle.deriveBits(first, key, 255 * 32 * 8)).byteLength, 255 * 32);
  await assertName(subtle.deriveBits(first, key, 255 * 32 * 8 + 8), "OperationError");
  await assertName(subtle.deriveBits(first, key, 12), "OperationError");
  await assertName(subtle.deriveBits(first, key, null), "OperationError");
  await assertName(subtle.deriveBits(first, key), "OperationError");
  assertEquals((await subtle.deriveBits(first, key, 0)).byteLength, 0);
  // Longer than OpenSSL's own HKDF takes.
  const long = { ...first, info: new Uint8Array(5000) };
  assertEquals((await subtle.deriveBits(long, key, 64)).byteLength, 8);
});

test("PBKDF2: RFC 6070", async () => {
  const key = await base("PBKDF2", utf8("password"));
  const derive = (iterations, bits = 160) =>
    subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: utf8("salt"), iterations }, key, bits);
  assertEquals(toHex(await derive(1)), "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  assertEquals(toHex(await derive(4096)), "4b007901b765489abead49d926f721d065a429c1");
  await assertName(derive(0), "OperationError");
  await assertName(derive(1, 9), "OperationError");
  await assertRejects(derive(4294967296), TypeError, "range");
  assertEquals((await derive(4294967295, 0)).byteLength, 0);
});

test("the loop goes on while the pool derives", async () => {
  const key = await base("PBKDF2", utf8("password"));
  const algorithm = { name: "PBKDF2", hash: "SHA-512", salt: utf8("salt"), iterations: 100000 };
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await subtle.deriveBits(algorithm, key, 512);
  clearInterval(timer);
  assert(ticks > 2, `${ticks} ticks`);
});

test("deriveKey", async () => {
  const key = await base("PBKDF2", utf8("password"));
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: utf8("salt"), iterations: 10 };
  const aes = await subtle.deriveKey(algorithm, key, { name: "AES-GCM", length: 256 }, true, [
    "encrypt",
  ]);
  assertEquals(
    toHex(await subtle.exportKey("raw", aes)),
    toHex(await subtle.deriveBits(algorithm, key, 256)),
  );
  const hmac = await subtle.deriveKey(algorithm, key, { name: "HMAC", hash: "SHA-1" }, true, [
    "sign",
  ]);
  assertEquals(hmac.algorithm.length, 512);
  await assertName(
    subtle.deriveKey(algorithm, key, { name: "AES-GCM", length: 100 }, true, ["encrypt"]),
    "OperationError",
  );
  await assertName(
    subtle.deriveKey(algorithm, key, { name: "AES-GCM", length: 128 }, true, []),
    "SyntaxError",
  );
  await assertName(
    subtle.deriveKey(algorithm, key, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
    "NotSupportedError",
  );
});

test("base keys are secret", async () => {
  await assertName(subtle.importKey("raw", utf8("x"), "HKDF", true, ["deriveBits"]), "SyntaxError");
  await assertName(base("HKDF", utf8("x"), []), "SyntaxError");
  await assertName(base("HKDF", utf8("x"), ["sign"]), "SyntaxError");
  await assertName(
    subtle.importKey("jwk", { kty: "oct", k: "AA" }, "HKDF", false, ["deriveBits"]),
    "NotSupportedError",
  );
  await assertName(subtle.exportKey("raw", await base("HKDF", utf8("x"))), "NotSupportedError");
});
