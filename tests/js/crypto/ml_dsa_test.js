// ML-DSA: known answers, contexts, forged signatures.
import { assert, assertEquals, test } from "../harness.js";
import { bytesOf, pairOf } from "./akp_helpers.js";
import { kSignature44 } from "./akp_vectors.js";
import { assertName, flip, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const sizes = { "ML-DSA-44": 2420, "ML-DSA-65": 3309, "ML-DSA-87": 4627 };

test("ML-DSA-44: a known signature, and what is near it", async () => {
  const { publicKey } = await pairOf("ML-DSA-44");
  const signature = bytesOf(kSignature44);
  const verify = (bytes, data = "abc", context = "ctx") =>
    subtle.verify({ name: "ML-DSA-44", context: utf8(context) }, publicKey, bytes, utf8(data));
  assert(await verify(signature));
  for (let bit = 0; bit < signature.length * 8; bit += 1999) {
    assert(!(await verify(flip(signature, bit))), `${bit}`);
  }
  assert(!(await verify(signature, "abd")));
  assert(!(await verify(signature, "abc", "cty")));
  assert(!(await verify(signature, "abc", "")));
  assert(!(await verify(signature.slice(1))));
  assert(!(await verify(new Uint8Array(2421))));
  assert(!(await verify(new Uint8Array(0))));
});

test("ML-DSA: signs so that only this key, text and context verify", async () => {
  for (const name of Object.keys(sizes)) {
    const { privateKey, publicKey } = await pairOf(name);
    const data = utf8("some text");
    const signature = await subtle.sign(name, privateKey, data);
    assertEquals(signature.byteLength, sizes[name]);
    assert(await subtle.verify(name, publicKey, signature, data));
    assert(await subtle.verify({ name, context: new Uint8Array(0) }, publicKey, signature, data));
    assert(!(await subtle.verify({ name, context: utf8("a") }, publicKey, signature, data)));
    // Hedged: not the same twice.
    assert(toHex(await subtle.sign(name, privateKey, data)) !== toHex(signature));
    const other = await subtle.generateKey(name, false, ["sign", "verify"]);
    assert(!(await subtle.verify(name, other.publicKey, signature, data)));
  }
});

test("ML-DSA: a context has at most 255 bytes", async () => {
  const { privateKey, publicKey } = await pairOf("ML-DSA-65");
  const params = (size) => ({ name: "ML-DSA-65", context: new Uint8Array(size) });
  const signature = await subtle.sign(params(255), privateKey, utf8("x"));
  assert(await subtle.verify(params(255), publicKey, signature, utf8("x")));
  await assertName(subtle.sign(params(256), privateKey, utf8("x")), "OperationError");
  const late = subtle.verify(params(256), publicKey, signature, utf8("x"));
  await assertName(late, "OperationError");
});

test("ML-DSA: signing takes the data as it was when it was called", async () => {
  const { privateKey, publicKey } = await pairOf("ML-DSA-44");
  const data = utf8("before");
  const signing = subtle.sign("ML-DSA-44", privateKey, data);
  data.fill(0);
  assert(await subtle.verify("ML-DSA-44", publicKey, await signing, utf8("before")));
});

test("ML-DSA: usages and halves", async () => {
  const { privateKey, publicKey } = await pairOf("ML-DSA-44");
  await assertName(subtle.sign("ML-DSA-44", publicKey, utf8("")), "InvalidAccessError");
  await assertName(subtle.sign("ML-DSA-65", privateKey, utf8("")), "InvalidAccessError");
  await assertName(subtle.generateKey("ML-DSA-44", true, ["verify"]), "SyntaxError");
  await assertName(subtle.generateKey("ML-DSA-44", true, ["sign", "encrypt"]), "SyntaxError");
});
