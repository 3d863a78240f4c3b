// AES: known answers (SP 800-38A, the GCM specification, RFC 3394), tampering, counters that wrap.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { assertName, flip, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const load = (name, bytes, usages = ["encrypt", "decrypt"]) =>
  subtle.importKey("raw", bytes, name, true, usages);
const kKey = hex("2b7e151628aed2a6abf7158809cf4f3c");
const kBlock = hex("6bc1bee22e409f96e93d7e117393172a");

test("CBC: SP 800-38A F.2.1, then padding", async () => {
  const key = await load("AES-CBC", kKey);
  const iv = hex("000102030405060708090a0b0c0d0e0f");
  const sealed = await subtle.encrypt({ name: "AES-CBC", iv }, key, kBlock);
  assertEquals(sealed.byteLength, 32);
  assertEquals(toHex(sealed).slice(0, 32), "7649abac8119b246cee98e9b12e9197d");
  assertEquals(toHex(await subtle.decrypt({ name: "AES-CBC", iv }, key, sealed)), toHex(kBlock));
  const empty = await subtle.encrypt({ name: "AES-CBC", iv }, key, new Uint8Array());
  assertEquals((await subtle.decrypt({ name: "AES-CBC", iv }, key, empty)).byteLength, 0);
});

test("CBC: bad padding and bad sizes are one error", async () => {
  const key = await load("AES-CBC", kKey);
  const iv = new Uint8Array(16);
  const algorithm = { name: "AES-CBC", iv };
  const sealed = await subtle.encrypt(algorithm, key, new Uint8Array(16));
  const texts = new Set();
  for (const bad of [
    sealed.slice(0, 16),
    flip(sealed, 15 * 8),
    flip(sealed, 8 * 8 + 5),
    sealed.slice(0, 31),
    new Uint8Array(),
  ]) {
    // Some flips leave padding that is still right; the last byte's never does.
    const result = await subtle.decrypt(algorithm, key, bad).then(
      () => "decrypted",
      (error) => `${error.name}: ${error.message}`,
    );
    texts.add(result);
  }
  texts.delete("decrypted");
  assertEquals([...texts], ["OperationError: Decryption failed"]);
  await assertName(
    subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(15) }, key, kBlock),
    "OperationError",
  );
});

test("CTR: SP 800-38A F.5.1", async () => {
  const key = await load("AES-CTR", kKey);
  const counter = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  const sealed = await subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, key, kBlock);
  assertEquals(toHex(sealed), "874d6191b620e3261bef6864990db6ce");
});

test("CTR: the counter wraps within its length, and is never used twice", async () => {
  const key = await load("AES-CTR", kKey);
  const zeros = (blocks) => new Uint8Array(16 * blocks);
  const run = async (counter, length, blocks) =>
    toHex(await subtle.encrypt({ name: "AES-CTR", counter, length }, key, zeros(blocks)));
  const at = (last, ...before) =>
    new Uint8Array([...before, ...zeros(1)].slice(0, 15).concat(last));
  const blockOf = (last, ...before) => run(at(last, ...before), 128, 1);
  // Length 8: ff, then 00 with the other bytes as they were.
  assertEquals(await run(at(0xff, 9), 8, 2), (await blockOf(0xff, 9)) + (await blockOf(0, 9)));
  // Length 3: the five upper bits of the last byte stay.
  assertEquals(await run(at(0xaf, 9), 3, 2), (await blockOf(0xaf, 9)) + (await blockOf(0xa8, 9)));
  // Length 128: all of it.
  assertEquals(
    await run(new Uint8Array(16).fill(0xff), 128, 2),
    (await run(new Uint8Array(16).fill(0xff), 8, 1)) + (await run(new Uint8Array(16), 8, 1)),
  );
  assertEquals((await run(at(5), 3, 8)).length, 256);
  const tooLong = { name: "AES-CTR", counter: at(5), length: 3 };
  await assertName(subtle.encrypt(tooLong, key, zeros(9)), "OperationError");
  for (const length of [0, 129]) {
    const bad = { name: "AES-CTR", counter: at(0), length };
    await assertName(subtle.encrypt(bad, key, zeros(1)), "OperationError");
  }
  const wide = { name: "AES-CTR", counter: at(0), length: 256 };
  await assertRejects(subtle.encrypt(wide, key, zeros(1)), TypeError, "range");
});

const kGcmKey = hex("feffe9928665731c6d6a8f9467308308");
const kGcm = {
  name: "AES-GCM",
  iv: hex("cafebabefacedbaddecaf888"),
  additionalData: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
};
const kGcmText = hex(
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
);

test("GCM: the specification's case 4", async () => {
  const key = await load("AES-GCM", kGcmKey);
  const sealed = toHex(await subtle.encrypt(kGcm, key, kGcmText));
  assertEquals(sealed.slice(0, 32), "42831ec2217774244b7221b784d0d49c");
  assertEquals(sealed.slice(-32), "5bc94fbc3221a5db94fae95ae7121a47");
  assertEquals(toHex(await subtle.decrypt(kGcm, key, hex(sealed))), toHex(kGcmText));
});

test("GCM: any changed bit of text, tag, iv or additional data throws", async () => {
  const key = await load("AES-GCM", kGcmKey);
  const sealed = await subtle.encrypt(kGcm, key, utf8("secret"));
  for (let bit = 0; bit < sealed.byteLength * 8; bit++) {
    await assertName(subtle.decrypt(kGcm, key, flip(sealed, bit)), "OperationError");
  }
  await assertName(
    subtle.decrypt({ ...kGcm, iv: flip(kGcm.iv, 3) }, key, sealed),
    "OperationError",
  );
  const additionalData = flip(kGcm.additionalData, 3);
  await assertName(subtle.decrypt({ ...kGcm, additionalData }, key, sealed), "OperationError");
  await assertName(subtle.decrypt({ ...kGcm, tagLength: 96 }, key, sealed), "OperationError");
  for (const size of [0, 15]) {
    await assertName(subtle.decrypt(kGcm, key, sealed.slice(0, size)), "OperationError");
  }
});

test("GCM: tag lengths, long and empty ivs", async () => {
  const key = await load("AES-GCM", kGcmKey);
  for (const tagLength of [32, 64, 96, 104, 112, 120, 128]) {
    const algorithm = { ...kGcm, tagLength };
    const sealed = await subtle.encrypt(algorithm, key, utf8("abc"));
    assertEquals(sealed.byteLength, 3 + tagLength / 8);
    assertEquals(toHex(await subtle.decrypt(algorithm, key, sealed)), "616263");
    const bad = flip(sealed, 3 * 8);
    await assertName(subtle.decrypt(algorithm, key, bad), "OperationError");
  }
  for (const tagLength of [0, 8, 33, 127, 136]) {
    await assertName(subtle.encrypt({ ...kGcm, tagLength }, key, utf8("")), "OperationError");
  }
  const none = { name: "AES-GCM", iv: new Uint8Array() };
  await assertName(subtle.encrypt(none, key, utf8("")), "OperationError");
  const long = { name: "AES-GCM", iv: new Uint8Array(128).fill(3) };
  const sealed = await subtle.encrypt(long, key, utf8("x"));
  assertEquals(toHex(await subtle.decrypt(long, key, sealed)), "78");
});

test("KW: RFC 3394, and what was tampered with", async () => {
  const wrapping = await load("AES-KW", hex("000102030405060708090a0b0c0d0e0f"), [
    "wrapKey",
    "unwrapKey",
  ]);
  const key = await load("AES-GCM", hex("00112233445566778899aabbccddeeff"));
  const wrapped = await subtle.wrapKey("raw", key, wrapping, "AES-KW");
  assertEquals(toHex(wrapped), "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
  const unwrap = (bytes) =>
    subtle.unwrapKey("raw", bytes, wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]);
  assertEquals(toHex(await subtle.exportKey("raw", await unwrap(wrapped))).slice(0, 8), "00112233");
  for (const bad of [flip(wrapped, 0), flip(wrapped, 100), wrapped.slice(0, 16), utf8("short")]) {
    await assertName(unwrap(bad), "OperationError");
  }
  const odd = await subtle.importKey(
    "raw",
    new Uint8Array(17),
    { name: "HMAC", hash: "SHA-1" },
    true,
    ["sign"],
  );
  await assertName(subtle.wrapKey("raw", odd, wrapping, "AES-KW"), "OperationError");
});

test("OCB (RFC 7253) and ChaCha20-Poly1305 (RFC 8439)", async () => {
  const bytes = hex("000102030405060708090a0b0c0d0e0f");
  const ocb = await subtle.importKey("raw-secret", bytes, "AES-OCB", true, ["encrypt", "decrypt"]);
  const algorithm = {
    name: "AES-OCB",
    iv: hex("bbaa99887766554433221101"),
    additionalData: hex("0001020304050607"),
  };
  const sealed = await subtle.encrypt(algorithm, ocb, hex("0001020304050607"));
  assertEquals(toHex(sealed), "6820b3657b6f615a5725bda0d3b4eb3a257c9af1f8f03009");
  await assertName(subtle.decrypt(algorithm, ocb, flip(sealed, 77)), "OperationError");

  for (const tagLength of [64, 96, 128]) {
    for (const size of [1, 12, 15]) {
      const short = { name: "AES-OCB", iv: new Uint8Array(size).fill(1), tagLength };
      const bytes = await subtle.encrypt(short, ocb, utf8("abc"));
      assertEquals(bytes.byteLength, 3 + tagLength / 8);
      assertEquals(toHex(await subtle.decrypt(short, ocb, bytes)), "616263");
      await assertName(subtle.decrypt(short, ocb, flip(bytes, 30)), "OperationError");
    }
  }

  const secret = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const chacha = await subtle.importKey("raw-secret", secret, "ChaCha20-Poly1305", true, [
    "encrypt",
  ]);
  const text = utf8(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );
  const result = await subtle.encrypt(
    {
      name: "ChaCha20-Poly1305",
      iv: hex("070000004041424344454647"),
      additionalData: hex("50515253c0c1c2c3c4c5c6c7"),
    },
    chacha,
    text,
  );
  assertEquals(toHex(result).slice(-32), "1ae10b594f09e26a7e902ecbd0600691");
});

test("large data goes by way of the pool and is the same", async () => {
  const key = await load("AES-GCM", kGcmKey);
  const data = new Uint8Array(300000).fill(1);
  const promise = subtle.encrypt(kGcm, key, data);
  data.fill(2);
  const opened = new Uint8Array(await subtle.decrypt(kGcm, key, await promise));
  assert(opened.length === 300000 && opened.every((byte) => byte === 1));
});

test("keys of other sizes and for other things", async () => {
  await assertName(load("AES-GCM", new Uint8Array(15)), "DataError");
  const generate = (length) => subtle.generateKey({ name: "AES-GCM", length }, true, ["encrypt"]);
  await assertName(generate(129), "OperationError");
  await assertRejects(generate(65536), TypeError, "range");
  const key = await load("AES-GCM", kGcmKey, ["decrypt"]);
  await assertName(subtle.encrypt(kGcm, key, utf8("")), "InvalidAccessError");
  const cbc = { name: "AES-CBC", iv: new Uint8Array(16) };
  await assertName(subtle.decrypt(cbc, key, new Uint8Array(16)), "InvalidAccessError");
});
