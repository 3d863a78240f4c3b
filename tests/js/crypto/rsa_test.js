// RSA: PKCS #1 v1.5, PSS and OAEP with a key and signature that OpenSSL's command line made; forged
// signatures, salts, damaged ciphertexts, keys whose numbers do not belong together.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { assertName, flip, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const base64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const kPkcs8 = base64(
  "MIICXAIBAAKBgQD9ad1qO9qLGfOG3U20c7nM7ZGhzjxyzSAh07iMG78op6BQ13tMArKHXVWy9Qze8aDfqQbCpCRnMR+/6UaLWIchj7cocXhjKNI/mArL2D8NKbZYbhzMYSMY+xFZR9MooFXlZ/zJj25LLOIu+yd50wpt/KvcTbrnmwRS7bjV4F9cuwIDAQABAoGABGd5nKYLp009KUPhXNiCCyi51jkSXeBoxY27cFvvF5LKO31zPB/z4Fxj5+dQYPOMGzcB0hIuO8jjx18Thcp1FrxhNl3ybCQ1BN6RjcxUhbYWsJ3B8sjgEQsw+NVmrMr92ZZaxdxvlMIFGvGIB582rgLA9n88eRbLegTAewFXnEECQQD/eJAjNMmhbndjKaIy1MX822j88zlkGeRgsIwx+72mByhGnPs9BnM9nZ5ZVbOXePWEEjtcg5CWkUlGcB/cfo7hAkEA/fA2DOgaZhblvhykKmZypByhkzLkZAJBlMFxE0E8TYxq0qC2c1iEMHqD5w0TfrQIcaN2MYD81DlRE0fd1larGwJAdwpsz5rnYWuiAfkCdYEkCKEMmOGVGoneGxfpG9lcE6M+Jzk68MKyrEFn6eS/XJOmg7YjJwa/NwnYBRR2JD5swQJAdmdw7Ge1F3EJwrFcIqEOR1NKS3ZpY/BhX9kqvk2mrooQrRFewT2+tVQK+MryEhwj68jKLZ71RIdNNG5IE87pjQJBANowqPh+lf/frQeJ9dcr55McXjtfOi2jcmcm/VbDL35KouDBXwkK3enPSxQWuLdr5vCGs5Gq4nEaFYnyDSrpvrg=",
);
const kSpki = base64(
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD9ad1qO9qLGfOG3U20c7nM7ZGhzjxyzSAh07iMG78op6BQ13tMArKHXVWy9Qze8aDfqQbCpCRnMR+/6UaLWIchj7cocXhjKNI/mArL2D8NKbZYbhzMYSMY+xFZR9MooFXlZ/zJj25LLOIu+yd50wpt/KvcTbrnmwRS7bjV4F9cuwIDAQAB",
);
const kSignatureOfAbc = base64(
  "k1Shod40paKs8yHpmiRCqxngJJgxaRP/3h3rhKtsqp+IX3OZEwNr0rj1FsLb/czGb6+cMzZnjw2FMvNhv2L2AC9BeO+HAZFzn1jr51IyhLbRZ3WAEQxk7rwgHIE2SFrCJ8Hnwru9s1ne7Kfv494ukpNkcZa6E3fnMi1cEfmHHIY=",
);
// RSA PKCS #8 wants the PrivateKeyInfo around RFC 8017's RSAPrivateKey.
const wrapPkcs8 = (key) => {
  const head = [
    0x30, 0x82, 0, 0, 2, 1, 0, 0x30, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0,
  ];
  const whole = new Uint8Array([...head, 4, 0x82, key.length >> 8, key.length & 255, ...key]);
  whole[2] = (whole.length - 4) >> 8;
  whole[3] = (whole.length - 4) & 255;
  return whole;
};
const kPrivate = kPkcs8[4] === 2 && kPkcs8[7] === 2 ? wrapPkcs8(kPkcs8) : kPkcs8;

const load = async (name, hash = "SHA-256") => {
  const oaep = name === "RSA-OAEP";
  return {
    privateKey: await subtle.importKey("pkcs8", kPrivate, { name, hash }, true, [
      oaep ? "decrypt" : "sign",
    ]),
    publicKey: await subtle.importKey("spki", kSpki, { name, hash }, true, [
      oaep ? "encrypt" : "verify",
    ]),
  };
};

test("PKCS #1 v1.5 signs as OpenSSL does, and describes its key", async () => {
  const { privateKey, publicKey } = await load("RSASSA-PKCS1-v1_5");
  const signature = await subtle.sign("RSASSA-PKCS1-v1_5", privateKey, utf8("abc"));
  assertEquals(new Uint8Array(signature), kSignatureOfAbc);
  assert(await subtle.verify("RSASSA-PKCS1-v1_5", publicKey, signature, utf8("abc")));
  assertEquals(publicKey.algorithm, {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: { name: "SHA-256" },
  });
});

test("forged signatures: bits, sizes, zero, the modulus and more", async () => {
  const { publicKey } = await load("RSASSA-PKCS1-v1_5");
  const verify = (bytes) => subtle.verify("RSASSA-PKCS1-v1_5", publicKey, bytes, utf8("abc"));
  for (let bit = 0; bit < 1024; bit += 37) assert(!(await verify(flip(kSignatureOfAbc, bit))));
  assert(!(await verify(kSignatureOfAbc.slice(1))));
  assert(!(await verify(new Uint8Array([0, ...kSignatureOfAbc]))));
  assert(!(await verify(new Uint8Array([...kSignatureOfAbc, 0]))));
  for (const fill of [0, 255]) assert(!(await verify(new Uint8Array(128).fill(fill))));
  assert(!(await verify(new Uint8Array(128).fill(1, 127)))); // 1 to any power is 1
  assert(!(await verify(new Uint8Array())));
  const other = await load("RSASSA-PKCS1-v1_5", "SHA-1");
  assert(
    !(await subtle.verify("RSASSA-PKCS1-v1_5", other.publicKey, kSignatureOfAbc, utf8("abc"))),
  );
});

test("PSS: the salt's length counts", async () => {
  const { privateKey, publicKey } = await load("RSA-PSS");
  for (const saltLength of [0, 20, 32, 94]) {
    const algorithm = { name: "RSA-PSS", saltLength };
    const signature = await subtle.sign(algorithm, privateKey, utf8("abc"));
    assert(await subtle.verify(algorithm, publicKey, signature, utf8("abc")));
    for (const wrong of [saltLength + 1, 4294967295, 4294967294, 200]) {
      const other = { name: "RSA-PSS", saltLength: wrong };
      assert(!(await subtle.verify(other, publicKey, signature, utf8("abc"))), `${wrong}`);
    }
    assert(!(await subtle.verify(algorithm, publicKey, flip(signature, 500), utf8("abc"))));
  }
  for (const saltLength of [95, 4294967295, 4294967293]) {
    const algorithm = { name: "RSA-PSS", saltLength };
    await assertName(subtle.sign(algorithm, privateKey, utf8("abc")), "OperationError");
  }
  await assertRejects(
    subtle.sign({ name: "RSA-PSS", saltLength: -1 }, privateKey, utf8("")),
    TypeError,
  );
});

test("OAEP: labels, damage, sizes; one error for all of it", async () => {
  const { privateKey, publicKey } = await load("RSA-OAEP", "SHA-1");
  const labelled = { name: "RSA-OAEP", label: utf8("a") };
  const sealed = await subtle.encrypt(labelled, publicKey, utf8("secret"));
  assertEquals(new Uint8Array(await subtle.decrypt(labelled, privateKey, sealed)), utf8("secret"));
  const texts = new Set();
  for (const [algorithm, bytes] of [
    [{ name: "RSA-OAEP" }, sealed],
    [{ name: "RSA-OAEP", label: utf8("b") }, sealed],
    [labelled, flip(sealed, 1000)],
    [labelled, flip(sealed, 9)],
    [labelled, sealed.slice(1)],
    [labelled, new Uint8Array([0, ...new Uint8Array(sealed)])],
    [labelled, new Uint8Array(128)],
    [labelled, new Uint8Array(128).fill(255)],
    [labelled, new Uint8Array()],
  ]) {
    const error = await assertName(subtle.decrypt(algorithm, privateKey, bytes), "OperationError");
    texts.add(error.message);
  }
  assertEquals([...texts], ["Decryption failed"]);
  const empty = await subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array());
  assertEquals((await subtle.decrypt("RSA-OAEP", privateKey, empty)).byteLength, 0);
  await subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array(86));
  await assertName(subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array(87)), "OperationError");
});

test("every format gives the same key back", async () => {
  const { privateKey, publicKey } = await load("RSA-PSS");
  assertEquals(new Uint8Array(await subtle.exportKey("pkcs8", privateKey)), kPrivate);
  assertEquals(new Uint8Array(await subtle.exportKey("spki", publicKey)), kSpki);
  const jwk = await subtle.exportKey("jwk", privateKey);
  assertEquals(
    [jwk.kty, jwk.alg, jwk.e, jwk.key_ops, jwk.ext],
    ["RSA", "PS256", "AQAB", ["sign"], true],
  );
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const again = await subtle.importKey("jwk", jwk, algorithm, true, ["sign"]);
  assertEquals(new Uint8Array(await subtle.exportKey("pkcs8", again)), kPrivate);
  await assertName(subtle.exportKey("raw", publicKey), "NotSupportedError");
  await assertName(subtle.exportKey("spki", privateKey), "InvalidAccessError");
});

test("keys that are none", async () => {
  const { privateKey } = await load("RSA-PSS");
  const jwk = await subtle.exportKey("jwk", privateKey);
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const put = (changes) =>
    subtle.importKey("jwk", { ...jwk, ...changes }, algorithm, true, ["sign"]);
  for (const changes of [
    { kty: "EC" },
    { alg: "PS384" },
    { alg: "RS256" },
    { use: "enc" },
    { key_ops: ["verify"] },
    { key_ops: ["sign", "sign"] },
    { ext: false },
    { n: undefined },
    { qi: undefined },
    { n: `${jwk.n}=` },
    { n: jwk.n.replace(/.$/, "+") },
    { e: "AA" },
    { e: "AQ" },
    { e: "Ag" },
    { p: jwk.q },
    { dp: jwk.dq },
    { qi: jwk.p },
    { d: jwk.p },
    { n: jwk.p },
  ]) {
    await assertName(put(changes), "DataError");
  }
  await assertName(put({ oth: [{}] }), "NotSupportedError");
  const der = (bytes) => subtle.importKey("spki", bytes, algorithm, true, ["verify"]);
  for (const bytes of [
    new Uint8Array(),
    kSpki.slice(0, -1),
    new Uint8Array([...kSpki, 0]),
    kPrivate,
    flip(kSpki, 10 * 8),
  ]) {
    await assertName(der(bytes), "DataError");
  }
  await assertName(
    subtle.importKey("pkcs8", new Uint8Array([...kPrivate, 0]), algorithm, true, ["sign"]),
    "DataError",
  );
});

test("generation: exponents and sizes nobody can use", async () => {
  const generate = (modulusLength, ...publicExponent) =>
    subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength,
        publicExponent: new Uint8Array(publicExponent),
      },
      false,
      ["sign", "verify"],
    );
  for (const exponent of [[], [0], [1], [2], [1, 0, 0], new Uint8Array(9).fill(255)]) {
    await assertName(generate(1024, ...exponent), "OperationError");
  }
  for (const size of [0, 256, 16385, 4294967295])
    await assertName(generate(size, 1, 0, 1), "OperationError");
  const { privateKey, publicKey } = await generate(1024, 3);
  assertEquals([privateKey.extractable, publicKey.extractable], [false, true]);
  assertEquals([privateKey.usages, publicKey.usages], [["sign"], ["verify"]]);
  assertEquals(publicKey.algorithm.publicExponent, new Uint8Array([3]));
  await assertName(subtle.exportKey("pkcs8", privateKey), "InvalidAccessError");
  const signature = await subtle.sign("RSASSA-PKCS1-v1_5", privateKey, utf8("x"));
  assert(await subtle.verify("RSASSA-PKCS1-v1_5", publicKey, signature, utf8("x")));
});

test("a key too small for the hash", async () => {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-512",
    modulusLength: 512,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { privateKey } = await subtle.generateKey(algorithm, false, ["sign"]);
  await assertName(subtle.sign("RSASSA-PKCS1-v1_5", privateKey, utf8("x")), "OperationError");
});
