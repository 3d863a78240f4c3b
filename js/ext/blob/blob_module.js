// What import() finds behind a blob: URL. A hook of src/module/special_modules.cc.

import { blobBytes, blobType } from "./blob.js";
import { blobOfUrl } from "./blob_url.js";

/** [bytes, media type] of a blob: URL; undefined: there is none, or it was revoked. */
export function blobModule(url) {
  const blob = blobOfUrl(url);
  return blob === undefined ? undefined : [blobBytes(blob), blobType(blob)];
}
