// wrapKey and unwrapKey: every wrapping algorithm with every format, tampering, JWK inside.
import { assert, assertEquals, test } from "../harness.js";
import { assertName, flip, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const kBoth = ["wrapKey", "unwrapKey"];
const wrappers = {
  "AES-GCM": { name: "AES-GCM", iv: new Uint8Array(12) },
  "AES-CBC": { name: "AES-CBC", iv: new Uint8Array(16) },
  "AES-CTR": { name: "AES-CTR", counter: new Uint8Array(16), length: 64 },
  "AES-KW": { name: "AES-KW" },
};

test("secrets, by each symmetric algorithm, raw and jwk", async () => {
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  for (const [name, algorithm] of Object.entries(wrappers)) {
    const wrapping = await subtle.generateKey({ name, length: 192 }, false, kBoth);
    for (const format of name === "AES-KW" ? ["raw"] : ["raw", "jwk"]) {
      const wrapped = await subtle.wrapKey(format, key, wrapping, algorithm);
      const back = await subtle.unwrapKey(format, wrapped, wrapping, algorithm, "AES-GCM", true, [
        "encrypt",
      ]);
      assertEquals(
        toHex(await subtle.exportKey("raw", back)),
        toHex(await subtle.exportKey("raw", key)),
        `${name} ${format}`,
      );
    }
  }
});

test("private keys, by AES-GCM and RSA-OAEP", async () => {
  const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const gcm = await subtle.generateKey({ name: "AES-GCM", length: 128 }, false, kBoth);
  const oaep = await subtle.generateKey(
    {
      name: "RSA-OAEP",
      hash: "SHA-1",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    false,
    kBoth,
  );
  for (const format of ["pkcs8", "jwk"]) {
    const ways = [[gcm, gcm, wrappers["AES-GCM"]]];
    if (format === "pkcs8") ways.push([oaep.publicKey, oaep.privateKey, { name: "RSA-OAEP" }]);
    for (const [wrapping, unwrapping, algorithm] of ways) {
      const wrapped = await subtle.wrapKey(format, pair.privateKey, wrapping, algorithm);
      const back = await subtle.unwrapKey(
        format,
        wrapped,
        unwrapping,
        algorithm,
        { name: "ECDSA", namedCurve: "P-256" },
        false,
        ["sign"],
      );
      assertEquals([back.type, back.extractable], ["private", false]);
      await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, back, utf8("x"));
      await assertName(
        subtle.unwrapKey(
          format,
          flip(wrapped, 300),
          unwrapping,
          algorithm,
          { name: "ECDSA", namedCurve: "P-256" },
          false,
          ["sign"],
        ),
        "OperationError",
      );
    }
  }
});

test("what may not be wrapped, and with what not", async () => {
  const gcm = await subtle.generateKey({ name: "AES-GCM", length: 128 }, true, [
    "encrypt",
    ...kBoth,
  ]);
  const hidden = await subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]);
  const algorithm = wrappers["AES-GCM"];
  await assertName(subtle.wrapKey("raw", hidden, gcm, algorithm), "InvalidAccessError");
  await assertName(subtle.wrapKey("raw", gcm, hidden, algorithm), "InvalidAccessError");
  await assertName(subtle.wrapKey("spki", gcm, gcm, algorithm), "NotSupportedError");
  await assertName(subtle.wrapKey("raw", gcm, gcm, wrappers["AES-KW"]), "InvalidAccessError");
  await assertName(subtle.wrapKey("raw", gcm, gcm, "HMAC"), "NotSupportedError");
  const base = await subtle.importKey("raw", utf8("x"), "PBKDF2", false, ["deriveBits"]);
  await assertName(subtle.wrapKey("raw", base, gcm, algorithm), "NotSupportedError");
});

test("what was wrapped as JWK is not one", async () => {
  const gcm = await subtle.generateKey({ name: "AES-GCM", length: 128 }, true, [
    "encrypt",
    ...kBoth,
  ]);
  const algorithm = wrappers["AES-GCM"];
  const unwrap = async (text) =>
    subtle.unwrapKey(
      "jwk",
      await subtle.encrypt(algorithm, gcm, utf8(text)),
      gcm,
      algorithm,
      "AES-CBC",
      true,
      ["encrypt"],
    );
  for (const text of [
    "",
    "secret words",
    "null",
    "[]",
    "{}",
    '{"kty":1,"k":"AAAAAAAAAAAAAAAAAAAAAA"}',
    '{"kty":"oct","k":{}}',
    '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","key_ops":"encrypt"}',
    '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","key_ops":[1]}',
    '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","ext":false}',
  ]) {
    const error = await assertName(unwrap(text), "DataError");
    assert(!error.message.includes("secret"), error.message);
  }
  const key = await unwrap('{"k":"AAAAAAAAAAAAAAAAAAAAAA","more":[{}],"kty":"oct"}');
  assertEquals(key.algorithm, { name: "AES-CBC", length: 128 });
});
