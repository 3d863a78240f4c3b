// Lazy: keys and what is done with them.
import { CryptoKey } from "rt:ext/crypto/crypto_key.js";
import { SubtleCrypto, subtle } from "rt:ext/crypto/subtle.js";
import { provide } from "../lazy.js";

provide("crypto", { __proto__: null, CryptoKey, SubtleCrypto, subtle });
