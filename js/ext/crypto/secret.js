// Secret bytes as handles of C++, which wipes them.

import { op_crypto_key_import_secret } from "rt:ops/crypto_key";

/** The handle of a copy of `bytes` (any BufferSource). */
export function secretFromBytes(bytes) {
  return op_crypto_key_import_secret(bytes);
}
