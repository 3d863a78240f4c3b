// A script that has replaced every prototype sees no secret and changes no result.
import { assert, assertEquals, test } from "../harness.js";
import { hex, toHex, utf8 } from "./crypto_helpers.js";

const { subtle } = crypto;

/**
 * Runs `body` while each `[target, key]` of the list notes its use, or is what the third item
 * describes; gives what was noted.
 */
async function poisoned(list, body) {
  const seen = [];
  const saved = list.map((item) => Object.getOwnPropertyDescriptor(item[0], item[1]));
  const count = list.length;
  const { defineProperty } = Object;
  let noted = 0;
  const note = (what, value) =>
    defineProperty(seen, noted++, { value: [what, value], enumerable: true });
  // Own index loops: array methods and iterators may be what is replaced.
  for (let i = 0; i < count; i++) {
    const key = list[i][1];
    const described = list[i][2] ?? {
      get() {
        note(String(key), this);
        return undefined;
      },
      set(value) {
        note(`set ${String(key)}`, value);
      },
    };
    Object.setPrototypeOf(described, null);
    described.configurable = true;
    defineProperty(list[i][0], key, described);
  }
  try {
    await body();
  } finally {
    for (let i = 0; i < count; i++) {
      if (saved[i]) defineProperty(list[i][0], list[i][1], saved[i]);
      else delete list[i][0][list[i][1]];
    }
  }
  return seen;
}

test("unwrapping a JWK asks nobody", async () => {
  const gcm = await subtle.generateKey({ name: "AES-GCM", length: 128 }, false, [
    "wrapKey",
    "unwrapKey",
  ]);
  const key = await subtle.importKey("raw", new Uint8Array(16).fill(7), "AES-CBC", true, [
    "encrypt",
  ]);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  let back;
  const seen = await poisoned(
    [
      [Object.prototype, "k"],
      [Object.prototype, "kty"],
      [Object.prototype, "alg"],
      [Object.prototype, "key_ops"],
      [Object.prototype, "toJSON"],
      [Object.prototype, "d"],
      [Array.prototype, "toJSON"],
      [Uint8Array.prototype, "then"],
      [Object.getPrototypeOf(Uint8Array.prototype), "then"],
      [Array.prototype, Symbol.iterator],
    ],
    async () => {
      const wrapped = await subtle.wrapKey("jwk", key, gcm, algorithm);
      back = await subtle.unwrapKey("jwk", wrapped, gcm, algorithm, { name: "AES-CBC" }, true, {
        [Symbol.iterator]() {
          let done = false;
          return {
            next() {
              const result = { done, value: "encrypt" };
              done = true;
              return result;
            },
          };
        },
      });
    },
  );
  assertEquals(
    seen.map((one) => one[0]),
    [],
  );
  assertEquals(toHex(await subtle.exportKey("raw", back)), "07".repeat(16));
});

test("no promise carries a derived or unwrapped secret past Object.prototype.then", async () => {
  const pair = await subtle.generateKey(
    {
      name: "RSA-OAEP",
      hash: "SHA-1",
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    false,
    ["wrapKey", "unwrapKey"],
  );
  const base = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveKey"]);
  const secret = await subtle.importKey("raw", new Uint8Array(16).fill(9), "AES-CBC", true, [
    "encrypt",
  ]);
  const seen = await poisoned([[Object.prototype, "then"]], async () => {
    const wrapped = await subtle.wrapKey("raw", secret, pair.publicKey, "RSA-OAEP");
    await subtle.unwrapKey("raw", wrapped, pair.privateKey, "RSA-OAEP", "AES-CBC", false, [
      "encrypt",
    ]);
    const how = { name: "PBKDF2", hash: "SHA-1", salt: new Uint8Array(8), iterations: 2 };
    await subtle.deriveKey(how, base, { name: "AES-CBC", length: 128 }, false, ["encrypt"]);
  });
  // Only what the script gets anyway: the wrapped bytes, and keys.
  for (const [, value] of seen) {
    assert(
      (value instanceof ArrayBuffer && value.byteLength === 128) || value instanceof CryptoKey,
      Object.prototype.toString.call(value),
    );
  }
});

test("setters on Object.prototype see no exported key; parameters are not inherited", async () => {
  const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  let jwk;
  const seen = await poisoned(
    ["d", "x", "y", "crv", "kty", "ext", "key_ops", "alg", "name", "asKey", "public"].map((key) => [
      Object.prototype,
      key,
    ]),
    async () => {
      jwk = await subtle.exportKey("jwk", pair.privateKey);
      await subtle.sign(
        { __proto__: null, name: "ECDSA", hash: "SHA-256" },
        pair.privateKey,
        utf8(""),
      );
    },
  );
  assertEquals(
    seen.map((one) => one[0]),
    [],
  );
  assertEquals([jwk.kty, jwk.d.length], ["EC", 43]);
});

test("replaced methods change nothing", async () => {
  const liar = { value: () => 1 };
  let code;
  await poisoned(
    [
      [Array.prototype, "includes", liar],
      [Array.prototype, "push", liar],
      [String.prototype, "toUpperCase", { value: () => "MD5" }],
      [Uint8Array.prototype, "slice", liar],
      [Object.getPrototypeOf(Uint8Array.prototype), "slice", liar],
      [Object, "keys", { value: () => [] }],
      [JSON, "stringify", { value: () => "{}" }],
      [JSON, "parse", { value: () => ({}) }],
    ],
    async () => {
      const algorithm = { name: "hmac", hash: "sha-256" };
      const key = await subtle.importKey("raw", utf8("Jefe"), algorithm, false, ["sign"]);
      code = await subtle.sign("HMAC", key, utf8("what do ya want for nothing?"));
    },
  );
  assertEquals(toHex(code), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

test("parameters are copied once all were read; the data after that", async () => {
  const key = await subtle.importKey(
    "raw",
    hex("2b7e151628aed2a6abf7158809cf4f3c"),
    "AES-CBC",
    false,
    ["encrypt"],
  );
  const data = hex("00".repeat(16));
  const iv = new Uint8Array(16);
  const plain = toHex(await subtle.encrypt({ name: "AES-CBC", iv }, key, data));
  const promise = subtle.encrypt({ name: "AES-CBC", iv }, key, data);
  iv.fill(1);
  data.fill(1);
  assertEquals(toHex(await promise), plain);
  iv.fill(1);
  data.fill(1);
  const late = {
    get name() {
      data.fill(0);
      iv.fill(0);
      return "AES-CBC";
    },
    iv,
  };
  assertEquals(toHex(await subtle.encrypt(late, key, data)), plain);
  // A buffer that goes away while the arguments are read is an empty one.
  const gone = new Uint8Array(16);
  const detaching = {
    iv: new Uint8Array(16),
    get name() {
      if (gone.length) structuredClone(gone.buffer, { transfer: [gone.buffer] });
      return "AES-CBC";
    },
  };
  assertEquals((await subtle.encrypt(detaching, key, gone)).byteLength, 16);
});
