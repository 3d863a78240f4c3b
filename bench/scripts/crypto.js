// crypto.subtle, one call after the other: microseconds a call. Runs in every runtime; prints
// "digest64 digest1m hmac gcm ecdsa".
const { subtle } = globalThis.crypto;
const small = new Uint8Array(64).fill(1);
const medium = new Uint8Array(16 * 1024).fill(2);
const large = new Uint8Array(1024 * 1024).fill(3);
const hmac = await subtle.importKey("raw", small, { name: "HMAC", hash: "SHA-256" }, false, [
  "sign",
]);
const aes = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const gcm = { name: "AES-GCM", iv: new Uint8Array(12) };
const ecdsa = { name: "ECDSA", hash: "SHA-256" };

async function measure(count, call) {
  for (let i = 0; i < count / 10; i++) await call();
  const start = performance.now();
  for (let i = 0; i < count; i++) await call();
  return (((performance.now() - start) * 1000) / count).toFixed(2);
}

const results = [
  await measure(20_000, () => subtle.digest("SHA-256", small)),
  await measure(200, () => subtle.digest("SHA-256", large)),
  await measure(20_000, () => subtle.sign("HMAC", hmac, small)),
  await measure(5_000, () => subtle.encrypt(gcm, aes, medium)),
  await measure(3_000, () => subtle.sign(ecdsa, pair.privateKey, small)),
];
console.log(results.join(" "));
