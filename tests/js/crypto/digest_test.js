// crypto.subtle.digest: known answers (FIPS 180-4, FIPS 202), sizes around the pool's threshold, the
// moment at which the input is taken.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { assertName, toHex, utf8 } from "./crypto_helpers.js";

const kAbc = {
  "SHA-1": "a9993e364706816aba3e25717850c26c9cd0d89d",
  "SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "SHA-384":
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  "SHA-512":
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  "SHA3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
  "SHA3-384":
    "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
  "SHA3-512":
    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
};

test("known answers", async () => {
  for (const [name, expected] of Object.entries(kAbc)) {
    assertEquals(toHex(await crypto.subtle.digest(name, utf8("abc"))), expected, name);
    assertEquals(
      toHex(await crypto.subtle.digest({ name: name.toLowerCase() }, utf8("abc"))),
      expected,
    );
  }
  const million = new Uint8Array(1000000).fill(97);
  assertEquals(
    toHex(await crypto.subtle.digest("SHA-256", million)),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

test("cSHAKE (SP 800-185 samples), and SHAKE without names", async () => {
  const data = new Uint8Array([0, 1, 2, 3]);
  const sample = { name: "cSHAKE128", outputLength: 256, customization: utf8("Email Signature") };
  assertEquals(
    toHex(await crypto.subtle.digest(sample, data)),
    "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5",
  );
  assertEquals(
    toHex(await crypto.subtle.digest({ name: "cSHAKE128", outputLength: 128 }, new Uint8Array())),
    "7f9c2ba4e88f827d616045507605853e",
  );
  await assertName(
    crypto.subtle.digest({ name: "cSHAKE256", outputLength: 12 }, data),
    "OperationError",
  );
});

test("the input is taken when the method is called", async () => {
  for (const size of [10, 65536, 65537, 1 << 20]) {
    const data = new Uint8Array(size);
    const before = await crypto.subtle.digest("SHA-256", data);
    const promise = crypto.subtle.digest("SHA-256", data);
    data.fill(1);
    assertEquals(toHex(await promise), toHex(before), `${size}`);
  }
});

test("views, buffers, and what is none", async () => {
  const bytes = new Uint8Array([9, ...utf8("abc"), 9]);
  const view = new DataView(bytes.buffer, 1, 3);
  assertEquals(toHex(await crypto.subtle.digest("SHA-1", view)), kAbc["SHA-1"]);
  assert((await crypto.subtle.digest("SHA-1", bytes.buffer)) instanceof ArrayBuffer);
  await assertRejects(crypto.subtle.digest("SHA-1", "abc"), TypeError, "Argument 2");
  await assertRejects(
    crypto.subtle.digest("SHA-1", new Uint8Array(new SharedArrayBuffer(1))),
    TypeError,
    "SharedArrayBuffer",
  );
  await assertRejects(crypto.subtle.digest({}, bytes), TypeError, "name");
  await assertName(crypto.subtle.digest("MD5", bytes), "NotSupportedError");
  await assertName(crypto.subtle.digest("ſHA-1", bytes), "NotSupportedError");
  await assertRejects(
    crypto.subtle.digest.call({}, "SHA-1", bytes),
    TypeError,
    "Illegal invocation",
  );
});
