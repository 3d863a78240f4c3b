// Keys of ML-KEM and ML-DSA in and out, in every form.
import { assert, assertEquals, test } from "../harness.js";
import { pairOf, seedOf } from "./akp_helpers.js";
import { kKeys } from "./akp_vectors.js";
import { assertName, hex, toHex } from "./crypto_helpers.js";

const { subtle } = crypto;
const names = Object.keys(kKeys);
const url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
const privateUsage = (name) => (name.startsWith("ML-KEM") ? "decapsulateBits" : "sign");

test("the public key of a seed", async () => {
  for (const name of names) {
    const { publicKey } = await pairOf(name);
    const bytes = await subtle.exportKey("raw-public", publicKey);
    assertEquals(toHex(await subtle.digest("SHA-256", bytes)), kKeys[name][1], name);
  }
});

test("what is exported can be imported again", async () => {
  for (const name of names) {
    const pair = await pairOf(name);
    for (const [format, half] of [
      ["raw-public", "publicKey"],
      ["spki", "publicKey"],
      ["jwk", "publicKey"],
      ["raw-seed", "privateKey"],
      ["pkcs8", "privateKey"],
      ["jwk", "privateKey"],
    ]) {
      const key = pair[half];
      const bytes = await subtle.exportKey(format, key);
      const again = await subtle.importKey(format, bytes, name, true, key.usages);
      assertEquals(again.type, key.type);
      assertEquals(await subtle.exportKey(format, again), bytes, `${name} ${format}`);
    }
  }
});

test("a PKCS #8 has the seed, as [0]", async () => {
  const { privateKey } = await pairOf("ML-DSA-44");
  const der = await subtle.exportKey("pkcs8", privateKey);
  const seed = toHex(seedOf("ML-DSA-44"));
  assertEquals(toHex(der), `3034020100300b060960864801650304031104228020${seed}`);
});

/** A PKCS #8 of ML-DSA-44 around the private key. */
function pkcs8(inner) {
  const element = (tag, body) => {
    const size = body.length / 2;
    const digits =
      size < 128 ? size.toString(16).padStart(2, "0") : `82${size.toString(16).padStart(4, "0")}`;
    return tag + digits + body;
  };
  return hex(element("30", `020100300b0609608648016503040311${element("04", inner(element))}`));
}

test("a PKCS #8 with the seed and what follows from it must have both right", async () => {
  const seed = toHex(seedOf("ML-DSA-44"));
  const load = (expanded) =>
    subtle.importKey(
      "pkcs8",
      pkcs8((element) => element("30", element("04", seed) + element("04", expanded))),
      "ML-DSA-44",
      true,
      ["sign"],
    );
  await assertName(load("00".repeat(2560)), "DataError");
  await assertName(load("00"), "DataError");
});

test("a PKCS #8 without a seed is not supported", async () => {
  const load = (size) =>
    subtle.importKey(
      "pkcs8",
      pkcs8((element) => element("04", "00".repeat(size))),
      "ML-DSA-44",
      true,
      ["sign"],
    );
  await assertName(load(2560), "NotSupportedError");
  await assertName(load(2559), "DataError");
});

test("what is no key is a DataError", async () => {
  for (const name of names) {
    const { privateKey, publicKey } = await pairOf(name);
    const usages = [privateUsage(name)];
    const load = (format, bytes) =>
      subtle.importKey(format, bytes, name, true, /seed|pkcs8/.test(format) ? usages : []);
    const size = kKeys[name][0];
    for (const wrong of [0, 1, size - 1, size + 1]) {
      await assertName(load("raw-seed", new Uint8Array(wrong)), "DataError");
    }
    const bytes = new Uint8Array(await subtle.exportKey("raw-public", publicKey));
    await assertName(load("raw-public", bytes.slice(1)), "DataError");
    const spki = new Uint8Array(await subtle.exportKey("spki", publicKey));
    const der = new Uint8Array(await subtle.exportKey("pkcs8", privateKey));
    for (const [format, good] of [
      ["spki", spki],
      ["pkcs8", der],
    ]) {
      await assertName(load(format, good.slice(0, -1)), "DataError");
      await assertName(load(format, new Uint8Array([...good, 0])), "DataError");
      await assertName(load(format, new Uint8Array(0)), "DataError");
      // Of another parameter set.
      const other = names.find((each) => each !== name);
      await assertName(
        subtle.importKey(format, good, other, true, format === "spki" ? [] : [privateUsage(other)]),
        "DataError",
      );
    }
    await assertName(load("raw", bytes), "NotSupportedError");
  }
});

test("a JSON Web Key must be of the algorithm, and its halves of each other", async () => {
  for (const name of ["ML-KEM-768", "ML-DSA-65"]) {
    const { privateKey, publicKey } = await pairOf(name);
    const jwk = await subtle.exportKey("jwk", privateKey);
    assertEquals([jwk.kty, jwk.alg, jwk.priv], ["AKP", name, url(seedOf(name))]);
    assert(!("priv" in (await subtle.exportKey("jwk", publicKey))));
    const load = (change) =>
      subtle.importKey("jwk", { ...jwk, ...change }, name, true, [privateUsage(name)]);
    assertEquals((await load({})).type, "private");
    for (const change of [
      { kty: "OKP" },
      { alg: undefined },
      { alg: "ML-DSA-44" },
      { pub: undefined },
      { pub: "AAAA" },
      { priv: "AAAA" },
      { priv: "!" },
      { priv: url(seedOf(name).fill(1)) },
      { use: "other" },
      { ext: false },
    ]) {
      await assertName(load(change), "DataError");
    }
  }
});

test("a key that is not extractable stays", async () => {
  const { privateKey } = await subtle.generateKey("ML-KEM-512", false, ["decapsulateBits"]);
  for (const format of ["raw-seed", "pkcs8", "jwk"]) {
    await assertName(subtle.exportKey(format, privateKey), "InvalidAccessError");
  }
});

test("a clone is the same key", async () => {
  const { privateKey, publicKey } = await pairOf("ML-DSA-44");
  const clone = structuredClone(privateKey);
  const signature = await subtle.sign("ML-DSA-44", clone, new Uint8Array(3));
  assert(await subtle.verify("ML-DSA-44", publicKey, signature, new Uint8Array(3)));
});

test("supports knows them", () => {
  for (const name of names) {
    const isKem = name.startsWith("ML-KEM");
    for (const operation of ["encapsulateBits", "decapsulateBits"]) {
      assertEquals(SubtleCrypto.supports(operation, name), isKem);
    }
    assertEquals(SubtleCrypto.supports("encapsulateKey", name, "SHA-256"), false);
    assertEquals(SubtleCrypto.supports("encapsulateKey", name, "HKDF"), isKem);
    assertEquals(SubtleCrypto.supports("sign", name), !isKem);
    assertEquals(SubtleCrypto.supports("sign", { name, context: new Uint8Array(256) }), false);
    assertEquals(SubtleCrypto.supports("getPublicKey", name), true);
  }
});
