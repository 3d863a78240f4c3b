// HMAC (RFC 4231) and KMAC: known answers, forged and truncated codes, lengths of keys.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { assertName, flip, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const hmac = (bytes, hash = "SHA-256", usages = ["sign", "verify"]) =>
  subtle.importKey("raw", bytes, { name: "HMAC", hash }, true, usages);

test("RFC 4231, case 2 and a key longer than a block (case 6)", async () => {
  const key = await hmac(utf8("Jefe"));
  const data = utf8("what do ya want for nothing?");
  assertEquals(
    toHex(await subtle.sign("HMAC", key, data)),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  const long = await hmac(new Uint8Array(131).fill(0xaa), "SHA-512");
  assertEquals(
    toHex(
      await subtle.sign(
        "HMAC",
        long,
        utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
      ),
    ),
    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
  );
});

test("every flipped bit, and every other size, is refused", async () => {
  const key = await hmac(new Uint8Array(16).fill(7), "SHA-1");
  const data = utf8("message");
  const code = await subtle.sign("HMAC", key, data);
  assert(await subtle.verify("HMAC", key, code, data));
  for (let bit = 0; bit < 160; bit++) {
    assert(!(await subtle.verify("HMAC", key, flip(code, bit), data)), `bit ${bit}`);
  }
  for (const size of [0, 1, 10, 19]) {
    assert(!(await subtle.verify("HMAC", key, code.slice(0, size), data)), `${size} bytes`);
  }
  assert(!(await subtle.verify("HMAC", key, new Uint8Array([...new Uint8Array(code), 0]), data)));
  assert(!(await subtle.verify("HMAC", key, code, utf8("massage"))));
});

test("lengths of keys", async () => {
  const generated = await subtle.generateKey({ name: "HMAC", hash: "SHA-384" }, true, ["sign"]);
  assertEquals(generated.algorithm.length, 1024);
  const odd = await subtle.generateKey({ name: "HMAC", hash: "SHA-1", length: 11 }, true, ["sign"]);
  const bytes = new Uint8Array(await subtle.exportKey("raw", odd));
  assertEquals([bytes.length, bytes[1] & 0x1f], [2, 0]);
  const none = { name: "HMAC", hash: "SHA-1", length: 0 };
  await assertName(subtle.generateKey(none, true, ["sign"]), "OperationError");
  await assertName(hmac(new Uint8Array()), "DataError");
  for (const length of [16, 25]) {
    const algorithm = { name: "HMAC", hash: "SHA-1", length };
    await assertName(
      subtle.importKey("raw", new Uint8Array(3), algorithm, true, ["sign"]),
      "DataError",
    );
  }
  const derived = { name: "HMAC", hash: "SHA-1", length: 0 };
  const base = await subtle.importKey("raw", utf8("x"), "PBKDF2", false, ["deriveKey"]);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-1", iterations: 1, salt: utf8("") };
  await assertRejects(subtle.deriveKey(pbkdf2, base, derived, true, ["sign"]), TypeError);
});

test("usages", async () => {
  const key = await hmac(utf8("k"), "SHA-1", ["sign"]);
  await assertName(subtle.verify("HMAC", key, new Uint8Array(20), utf8("")), "InvalidAccessError");
  await assertName(hmac(utf8("k"), "SHA-1", []), "SyntaxError");
  await assertName(hmac(utf8("k"), "SHA-1", ["encrypt"]), "SyntaxError");
  await assertRejects(subtle.sign("ECDSA", key, utf8("")), TypeError, "hash");
  const ecdsa = { name: "ECDSA", hash: "SHA-1" };
  await assertName(subtle.sign(ecdsa, key, utf8("")), "InvalidAccessError");
});

test("KMAC (SP 800-185 sample 1 and 2)", async () => {
  const secret = hex("404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f");
  const key = await subtle.importKey("raw-secret", secret, "KMAC128", true, ["sign", "verify"]);
  const plain = { name: "KMAC128", outputLength: 256 };
  assertEquals(
    toHex(await subtle.sign(plain, key, hex("00010203"))),
    "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e",
  );
  const tagged = { ...plain, customization: utf8("My Tagged Application") };
  const code = await subtle.sign(tagged, key, hex("00010203"));
  assertEquals(toHex(code), "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5");
  assert(await subtle.verify(tagged, key, code, hex("00010203")));
  assert(!(await subtle.verify(plain, key, code, hex("00010203"))));
});
