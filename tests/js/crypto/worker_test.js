// A key goes to a worker and works there; in a worker crypto.subtle does what it does here.
import { assert, assertEquals, test } from "../harness.js";

const { subtle } = crypto;
const source = `
onmessage = async ({ data: { privateKey, secret, message } }) => {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, privateKey, message);
  const code = await crypto.subtle.sign("HMAC", secret, message);
  const refused = await crypto.subtle.exportKey("pkcs8", privateKey).catch((error) => error.name);
  const made = await crypto.subtle.generateKey("Ed25519", false, ["sign"]);
  postMessage({ signature, code, refused, made });
};`;

test("keys to a worker and back", async () => {
  const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, [
    "sign",
    "verify",
  ]);
  const secret = await subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, false, [
    "sign",
    "verify",
  ]);
  const message = new TextEncoder().encode("to sign");
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
    type: "module",
  });
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ privateKey: pair.privateKey, secret, message });
  });
  worker.terminate();
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  assert(await subtle.verify(algorithm, pair.publicKey, answer.signature, message));
  assert(await subtle.verify("HMAC", secret, answer.code, message));
  assertEquals(answer.refused, "InvalidAccessError");
  // Made by a runtime that is gone, and usable here.
  const { privateKey, publicKey } = answer.made;
  const signature = await subtle.sign("Ed25519", privateKey, message);
  assertEquals([privateKey.usages, publicKey.usages], [["sign"], []]);
  const verifier = await subtle.getPublicKey(privateKey, ["verify"]);
  assert(await subtle.verify("Ed25519", verifier, signature, message));
});
