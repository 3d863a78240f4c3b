// Ed25519, Ed448, X25519, X448: known answers (RFC 8032, RFC 7748), forged signatures, points of
// small order.
import { assert, assertEquals, test } from "../harness.js";
import { assertName, flip, hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;
const url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
const load = (crv, d, x, usages) =>
  subtle.importKey("jwk", { kty: "OKP", crv, d: url(hex(d)), x: url(hex(x)) }, crv, true, usages);

const kSecret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const kPublic = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const kSignature =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

test("Ed25519: RFC 8032, test 1, and what is near it", async () => {
  const key = await load("Ed25519", kSecret, kPublic, ["sign"]);
  assertEquals(toHex(await subtle.sign("Ed25519", key, utf8(""))), kSignature);
  const publicKey = await subtle.importKey("raw", hex(kPublic), "Ed25519", true, ["verify"]);
  const verify = (bytes, data = "") => subtle.verify("Ed25519", publicKey, bytes, utf8(data));
  assert(await verify(hex(kSignature)));
  for (let bit = 0; bit < 512; bit += 7) assert(!(await verify(flip(hex(kSignature), bit))));
  assert(!(await verify(hex(kSignature), "x")));
  for (const bad of [kSignature.slice(2), `${kSignature}00`, "", "00".repeat(64)]) {
    assert(!(await verify(hex(bad))), bad);
  }
  // S + L is the same number modulo L, but no second signature.
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (bytes) => BigInt(`0x${toHex(bytes.slice().reverse())}`);
  const s = little(hex(kSignature).slice(32)) + order;
  const bytes = hex(s.toString(16).padStart(64, "0")).reverse();
  assert(!(await verify(new Uint8Array([...hex(kSignature).slice(0, 32), ...bytes]))));
});

test("Ed25519: keys and commitments of small order verify nothing", async () => {
  const identity = `01${"00".repeat(31)}`;
  for (const small of [
    identity,
    "00".repeat(32),
    `ec${"ff".repeat(30)}7f`,
    `ed${"ff".repeat(30)}7f`,
    `ee${"ff".repeat(30)}7f`,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ]) {
    const key = await subtle.importKey("raw", hex(small), "Ed25519", true, ["verify"]);
    for (let i = 0; i < 8; i++) {
      const forged = hex(identity + "00".repeat(32));
      assert(!(await subtle.verify("Ed25519", key, forged, new Uint8Array([i]))), small);
    }
  }
});

test("Ed448: RFC 8032, blank", async () => {
  const key = await load(
    "Ed448",
    "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b",
    "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
    ["sign"],
  );
  const signature = await subtle.sign("Ed448", key, utf8(""));
  assertEquals(
    toHex(signature),
    "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600",
  );
  const publicKey = await subtle.getPublicKey(key, ["verify"]);
  assert(await subtle.verify({ name: "Ed448", context: utf8("") }, publicKey, signature, utf8("")));
  await assertName(
    subtle.verify({ name: "Ed448", context: new Uint8Array(256) }, publicKey, signature, utf8("")),
    "OperationError",
  );
});

const kAlice = "77076d0a7318a57d3c16c17251b26645c6c2f6c929a6a5a1b1f3e9b9f8b8f7a5";
const kBob = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

test("X25519 and X448: RFC 7748, section 6", async () => {
  const bob = await load(
    "X25519",
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    kBob,
    ["deriveBits"],
  );
  const alice = await subtle.importKey(
    "raw",
    hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
    "X25519",
    true,
    [],
  );
  assertEquals(
    toHex(await subtle.deriveBits({ name: "X25519", public: alice }, bob)),
    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  );
  const bob448 = await load(
    "X448",
    "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d",
    "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
    ["deriveBits"],
  );
  const alice448 = await subtle.importKey(
    "raw",
    hex(
      "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
    ),
    "X448",
    true,
    [],
  );
  assertEquals(
    toHex(await subtle.deriveBits({ name: "X448", public: alice448 }, bob448)),
    "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
  );
});

test("X25519: peers of small order give no secret", async () => {
  const { privateKey } = await subtle.generateKey("X25519", false, ["deriveBits"]);
  for (const small of [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    `ec${"ff".repeat(30)}7f`,
    `ed${"ff".repeat(30)}7f`,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ]) {
    const peer = await subtle.importKey("raw", hex(small), "X25519", true, []);
    await assertName(
      subtle.deriveBits({ name: "X25519", public: peer }, privateKey, 256),
      "OperationError",
    );
  }
});

test("halves that do not belong together, sizes, names", async () => {
  await assertName(load("Ed25519", kSecret, kBob, ["sign"]), "DataError");
  await assertName(load("X25519", kAlice, kPublic, ["deriveBits"]), "DataError");
  for (const size of [0, 31, 33]) {
    await assertName(
      subtle.importKey("raw", new Uint8Array(size), "Ed25519", true, ["verify"]),
      "DataError",
    );
  }
  const jwk = { kty: "OKP", crv: "Ed25519", x: url(hex(kPublic)) };
  const put = (changes) =>
    subtle.importKey("jwk", { ...jwk, ...changes }, "Ed25519", true, ["verify"]);
  await put({});
  await put({ alg: "EdDSA" });
  await put({ alg: "Ed25519" });
  for (const changes of [
    { alg: "ed25519" },
    { crv: "Ed448" },
    { kty: "EC" },
    { x: "" },
    { use: "enc" },
  ]) {
    await assertName(put(changes), "DataError");
  }
  const pair = await subtle.generateKey("X25519", true, ["deriveKey"]);
  const spki = await subtle.exportKey("spki", pair.publicKey);
  await assertName(subtle.importKey("spki", spki, "Ed25519", true, ["verify"]), "DataError");
});
