// ECDSA (RFC 6979) and ECDH: known answers, forged signatures, points that are not on the curve.
import { assert, assertEquals, test } from "../harness.js";
import { assertName, flip, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
// RFC 6979, A.2.5.
const kX = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
const kY = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
const kR = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
const kS = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
const kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const kField = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const sha256 = { name: "ECDSA", hash: "SHA-256" };
const point = (bytes, algorithm = ecdsa, usages = ["verify"]) =>
  subtle.importKey("raw", typeof bytes === "string" ? hex(bytes) : bytes, algorithm, true, usages);

test("RFC 6979 verifies, and nothing near it", async () => {
  const key = await point(`04${kX}${kY}`);
  const verify = (bytes) => subtle.verify(sha256, key, hex(bytes), utf8("sample"));
  assert(await verify(kR + kS));
  const zero = "00".repeat(32);
  const one = `${"00".repeat(31)}01`;
  for (const bad of [
    kS + kR,
    zero + zero,
    zero + kS,
    kR + zero,
    kOrder + kS,
    kR + kOrder,
    one + one,
    "ff".repeat(64),
    kR,
    "",
    `${kR}${kS}00`,
    `00${kR}00${kS}`,
    `3046022100${kR}022100${kS}`, // DER, not IEEE P1363
  ]) {
    assert(!(await verify(bad)), bad);
  }
  const right = hex(kR + kS);
  for (let bit = 0; bit < 512; bit += 11) {
    assert(!(await subtle.verify(sha256, key, flip(right, bit), utf8("sample"))), `bit ${bit}`);
  }
  const other = { name: "ECDSA", hash: "SHA-384" };
  assert(!(await subtle.verify(other, key, right, utf8("sample"))));
});

test("points: compressed, off the curve, infinite, unreduced", async () => {
  const sign = Number.parseInt(kY.slice(-2), 16) & 1;
  const compressed = await point(`0${2 + sign}${kX}`);
  assertEquals(toHex(await subtle.exportKey("raw", compressed)), `04${kX}${kY}`);
  for (const bad of [
    `04${kX}${kX}`,
    `04${"00".repeat(64)}`,
    `04${kField}${kY}`,
    `04${"ff".repeat(64)}`,
    "00",
    "",
    `04${kX}`,
    `04${kX}${kY}00`,
    `06${kX}${kY}`, // the hybrid form
    `02${"ff".repeat(32)}`,
  ]) {
    await assertName(point(bad), "DataError");
    await assertName(point(bad, { name: "ECDH", namedCurve: "P-256" }, []), "DataError");
  }
  // P-256's points are none of P-384.
  await assertName(point(`04${kX}${kY}`, { name: "ECDSA", namedCurve: "P-384" }), "DataError");
  await assertName(
    point(`04${kX}${kY}`, { name: "ECDSA", namedCurve: "K-256" }),
    "NotSupportedError",
  );
});

test("each curve signs, exports and imports", async () => {
  for (const [namedCurve, size, hash] of [
    ["P-256", 32, "SHA-256"],
    ["P-384", 48, "SHA-384"],
    ["P-521", 66, "SHA-512"],
  ]) {
    const algorithm = { name: "ECDSA", namedCurve };
    const pair = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const jwk = await subtle.exportKey("jwk", pair.privateKey);
    for (const member of ["x", "y", "d"]) {
      assertEquals(jwk[member].length, Math.ceil((size * 4) / 3), `${namedCurve} ${member}`);
    }
    const pkcs8 = await subtle.exportKey("pkcs8", pair.privateKey);
    const again = await subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
    assertEquals((await subtle.exportKey("jwk", again)).d, jwk.d);
    const spki = await subtle.exportKey("spki", pair.publicKey);
    const publicKey = await subtle.importKey("spki", spki, algorithm, true, ["verify"]);
    const signature = await subtle.sign({ name: "ECDSA", hash }, again, utf8("data"));
    assertEquals(signature.byteLength, 2 * size);
    assert(await subtle.verify({ name: "ECDSA", hash }, publicKey, signature, utf8("data")));
    assert(!(await subtle.verify({ name: "ECDSA", hash }, publicKey, signature, utf8("datA"))));
    const wrong = namedCurve === "P-256" ? "P-384" : "P-256";
    await assertName(
      subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: wrong }, true, ["verify"]),
      "DataError",
    );
  }
});

test("numbers with leading zeros keep their size", async () => {
  for (let i = 0; i < 600; i++) {
    const pair = await subtle.generateKey(ecdsa, true, ["sign", "verify"]);
    const raw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    assertEquals(raw.length, 65);
    if (raw[1] !== 0) continue;
    const jwk = await subtle.exportKey("jwk", pair.publicKey);
    assertEquals(jwk.x.length, 43);
    await subtle.importKey("jwk", jwk, ecdsa, true, ["verify"]);
    const short = btoa(String.fromCharCode(...raw.slice(2, 33)));
    const x = short.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
    await assertName(subtle.importKey("jwk", { ...jwk, x }, ecdsa, true, ["verify"]), "DataError");
  }
});

test("JWK: halves that do not belong together, zero, the order", async () => {
  const one = await subtle.exportKey(
    "jwk",
    (await subtle.generateKey(ecdsa, true, ["sign"])).privateKey,
  );
  const two = await subtle.exportKey(
    "jwk",
    (await subtle.generateKey(ecdsa, true, ["sign"])).privateKey,
  );
  const encode = (text) =>
    btoa(String.fromCharCode(...hex(text)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=/g, "");
  for (const changes of [
    { d: two.d },
    { x: two.x, y: two.y },
    { d: encode("00".repeat(32)) },
    { d: encode(kOrder) },
    { d: "" },
    { crv: "P-384" },
    { alg: "ES384" },
    { y: undefined },
  ]) {
    await assertName(
      subtle.importKey("jwk", { ...one, ...changes }, ecdsa, true, ["sign"]),
      "DataError",
    );
  }
  await subtle.importKey("jwk", one, ecdsa, true, ["sign"]);
  await assertName(subtle.importKey("jwk", one, ecdsa, true, ["verify"]), "SyntaxError");
});

test("a curve given by parameters instead of its name is refused", async () => {
  // SubjectPublicKeyInfo with specifiedCurve: only the head is needed to see that.
  const spki = new Uint8Array(
    await subtle.exportKey("spki", (await subtle.generateKey(ecdsa, true, ["sign"])).publicKey),
  );
  const head = [0x30, 0x52, 0x30, 0x0c, ...spki.slice(4, 13), 0x02, 0x01, 0x01];
  const explicit = new Uint8Array([...head, ...spki.slice(23)]);
  explicit[1] = explicit.length - 2;
  await assertName(subtle.importKey("spki", explicit, ecdsa, true, ["verify"]), "DataError");
});

test("ECDH: both sides agree; lengths; keys that do not fit", async () => {
  for (const [namedCurve, bits] of [
    ["P-256", 256],
    ["P-384", 384],
    ["P-521", 528],
  ]) {
    const algorithm = { name: "ECDH", namedCurve };
    const one = await subtle.generateKey(algorithm, false, ["deriveBits"]);
    const two = await subtle.generateKey(algorithm, false, ["deriveBits"]);
    const derive = (own, peer, length) =>
      subtle.deriveBits({ name: "ECDH", public: peer.publicKey }, own.privateKey, length);
    const all = toHex(await derive(one, two, null));
    assertEquals(all.length, bits / 4);
    assertEquals(toHex(await derive(two, one, bits)), all);
    assertEquals(toHex(await derive(one, two, 16)), all.slice(0, 4));
    const twelve = new Uint8Array(await derive(one, two, 12));
    assertEquals([twelve.length, twelve[1] & 15], [2, 0]);
    await assertName(derive(one, two, bits + 8), "OperationError");
    await assertName(derive(one, { publicKey: one.privateKey }, 8), "InvalidAccessError");
    await assertName(derive({ privateKey: one.publicKey }, two, 8), "InvalidAccessError");
  }
});
