// ML-KEM: known answers, ciphertexts that were changed, keys that are none.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { bytesOf, pairOf } from "./akp_helpers.js";
import { kCiphertext512, kRejections, kSecret512 } from "./akp_vectors.js";
import { assertName, flip, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const names = Object.keys(kRejections);

test("ML-KEM-512: the secret in a known ciphertext", async () => {
  const { privateKey } = await pairOf("ML-KEM-512");
  const secret = await subtle.decapsulateBits("ML-KEM-512", privateKey, bytesOf(kCiphertext512));
  assertEquals(toHex(secret), kSecret512);
});

test("ML-KEM: both sides have the same secret, another one each time", async () => {
  for (const name of names) {
    const { privateKey, publicKey } = await pairOf(name);
    const { sharedKey, ciphertext } = await subtle.encapsulateBits(name, publicKey);
    assertEquals(sharedKey.byteLength, 32);
    assertEquals(ciphertext.byteLength, kRejections[name][0]);
    const found = await subtle.decapsulateBits(name, privateKey, ciphertext);
    assertEquals(toHex(found), toHex(sharedKey));
    const again = await subtle.encapsulateBits(name, publicKey);
    assert(toHex(again.sharedKey) !== toHex(sharedKey));
  }
});

test("ML-KEM: a ciphertext that was not made for the key gives the secret FIPS 203 rejects with", async () => {
  for (const name of names) {
    const { privateKey, publicKey } = await pairOf(name);
    const [size, rejected] = kRejections[name];
    const secret = await subtle.decapsulateBits(name, privateKey, new Uint8Array(size));
    assertEquals(toHex(secret), rejected);
    const { sharedKey, ciphertext } = await subtle.encapsulateBits(name, publicKey);
    const changed = flip(ciphertext, 8 * size - 1);
    const other = await subtle.decapsulateBits(name, privateKey, changed);
    assert(toHex(other) !== toHex(sharedKey));
  }
});

test("ML-KEM: a ciphertext of the wrong size is an OperationError", async () => {
  for (const name of names) {
    const { privateKey } = await pairOf(name);
    for (const size of [0, 1, kRejections[name][0] - 1, kRejections[name][0] + 1]) {
      const broken = subtle.decapsulateBits(name, privateKey, new Uint8Array(size));
      await assertName(broken, "OperationError");
    }
  }
});

test("ML-KEM: the secret as a key never leaves as bytes", async () => {
  const { privateKey, publicKey } = await pairOf("ML-KEM-768");
  const aes = { name: "AES-GCM", length: 256 };
  const { sharedKey, ciphertext } = await subtle.encapsulateKey(
    "ML-KEM-768",
    publicKey,
    aes,
    false,
    ["encrypt"],
  );
  assertEquals([sharedKey.extractable, sharedKey.usages], [false, ["encrypt"]]);
  const own = await subtle.decapsulateKey("ML-KEM-768", privateKey, ciphertext, aes, false, [
    "decrypt",
  ]);
  const params = { name: "AES-GCM", iv: new Uint8Array(12) };
  const sealed = await subtle.encrypt(params, sharedKey, utf8("hello"));
  assertEquals(toHex(await subtle.decrypt(params, own, sealed)), toHex(utf8("hello")));
  await assertName(subtle.encapsulateKey("ML-KEM-768", publicKey, aes, false, []), "SyntaxError");
});

test("ML-KEM: usages and halves", async () => {
  const { privateKey, publicKey } = await pairOf("ML-KEM-512");
  const { ciphertext } = await subtle.encapsulateBits("ML-KEM-512", publicKey);
  await assertName(subtle.encapsulateBits("ML-KEM-512", privateKey), "InvalidAccessError");
  const wrong = subtle.decapsulateBits("ML-KEM-512", publicKey, ciphertext);
  await assertName(wrong, "InvalidAccessError");
  await assertName(subtle.encapsulateBits("ML-KEM-768", publicKey), "InvalidAccessError");
  await assertName(subtle.encapsulateBits("AES-GCM", publicKey), "NotSupportedError");
  await assertName(subtle.generateKey("ML-KEM-512", true, ["sign"]), "SyntaxError");
  await assertName(subtle.generateKey("ML-KEM-512", true, ["encapsulateKey"]), "SyntaxError");
  await assertRejects(subtle.encapsulateBits("ML-KEM-512"), TypeError);
});

test("ML-KEM: a public key whose numbers are not reduced is refused", async () => {
  const { publicKey } = await pairOf("ML-KEM-512");
  const bytes = new Uint8Array(await subtle.exportKey("raw-public", publicKey));
  const load = (data) => subtle.importKey("raw-public", data, "ML-KEM-512", true, []);
  // 3329 and 4095 are no numbers modulo 3329; the 32 bytes at the end are no numbers.
  for (const [at, three] of [
    [0, "01fd00"],
    [0, "0010d0"],
    [765, "ffffff"],
  ]) {
    const changed = bytes.slice();
    changed.set(hex(three), at);
    await assertName(load(changed), "DataError");
  }
  const seed = bytes.slice();
  seed.fill(0xff, 768);
  assertEquals((await load(seed)).type, "public");
});
