// All algorithms of crypto.subtle: each of these registers its own.

import "./akp.js";
import "./argon2.js";
import "./cipher.js";
import "./digest.js";
import "./ec.js";
import "./kdf.js";
import "./mac.js";
import "./okp.js";
import "./rsa.js";
