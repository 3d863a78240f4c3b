// Keys of the tests of ML-KEM and ML-DSA.
import { kKeys } from "./akp_vectors.js";

/** The bytes 0, 1, 2, … */
export const seedOf = (name) => Uint8Array.from({ length: kKeys[name][0] }, (_, i) => i);

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** The key pair of seedOf(name), both halves extractable. */
export async function pairOf(name) {
  const { subtle } = crypto;
  const [own, other] = name.startsWith("ML-KEM")
    ? [
        ["decapsulateKey", "decapsulateBits"],
        ["encapsulateKey", "encapsulateBits"],
      ]
    : [["sign"], ["verify"]];
  const privateKey = await subtle.importKey("raw-seed", seedOf(name), name, true, own);
  return { privateKey, publicKey: await subtle.getPublicKey(privateKey, other) };
}
