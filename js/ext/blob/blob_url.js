// URL.createObjectURL and revokeObjectURL (https://w3c.github.io/FileAPI/#url). The store belongs
// to the runtime; a blob stays alive until its URL is revoked.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_random_uuid } from "rt:ops/crypto";
import { URL } from "../url/url.js";
import { locationOrigin } from "../web/location.js";
import { domString, makeException, requiredArguments } from "../web/webidl.js";
import { isBlob } from "./blob.js";

const { ObjectDefineProperty, SafeMap, StringPrototypeIndexOf, StringPrototypeSlice } = primordials;

const store = new SafeMap(); // URL without fragment -> Blob

/** The Blob of a `blob:` URL (its fragment does not count), or undefined. */
export function blobOfUrl(url) {
  const hash = StringPrototypeIndexOf(url, "#");
  return store.get(hash < 0 ? url : StringPrototypeSlice(url, 0, hash));
}

const methods = {
  createObjectURL(blob) {
    const prefix = "Failed to execute 'createObjectURL' on 'URL'";
    requiredArguments(arguments.length, 1, prefix);
    if (!isBlob(blob)) {
      throw makeException(
        prefix,
        "",
        'The "blob" argument must be an instance of Blob',
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const url = `blob:${locationOrigin() ?? "null"}/${op_crypto_random_uuid()}`;
    store.set(url, blob);
    return url;
  },

  revokeObjectURL(url) {
    requiredArguments(arguments.length, 1, "Failed to execute 'revokeObjectURL' on 'URL'");
    store.delete(domString(url));
  },
};

for (const name of ["createObjectURL", "revokeObjectURL"]) {
  ObjectDefineProperty(URL, name, {
    __proto__: null,
    value: methods[name],
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
