// Blob and FormData as bodies of requests and responses, and bodies as Blob and FormData: what
// js/ext/fetch/body.js asks for. Nothing is copied before somebody reads.

import { primordials } from "rt:bootstrap/primordials.js";
import { blobFromParts, blobSize, blobStream, blobType, copyOfBlob, isBlob } from "../blob/blob.js";
import { registerBodyKind, setBodyReaders } from "../fetch/body.js";
import { extractMimeType, serializeMimeType } from "../web/mime.js";
import { isFormData } from "./form_data.js";
import { decodeFormData, encodeFormData } from "./multipart.js";

const { TypedArrayPrototypeGetByteLength } = primordials;

/** A body that is a blob's content. */
class BlobBody {
  #blob;

  constructor(blob) {
    this.#blob = blob;
  }

  get size() {
    return blobSize(this.#blob);
  }

  collect() {
    return copyOfBlob(this.#blob);
  }

  open() {
    return blobStream(this.#blob);
  }
}

registerBodyKind(isBlob, (blob) => {
  const type = blobType(blob);
  return { body: new BlobBody(blob), type: type === "" ? null : type };
});
registerBodyKind(isFormData, (formData) => {
  const { body, type } = encodeFormData(formData);
  return { body: new BlobBody(body), type };
});

setBodyReaders(
  (bytes, contentType) => {
    const mime = contentType === null ? null : extractMimeType(contentType);
    const type = mime === null ? "" : serializeMimeType(mime);
    return blobFromParts(TypedArrayPrototypeGetByteLength(bytes) === 0 ? [] : [bytes], type);
  },
  (bytes, contentType) => decodeFormData(bytes, contentType),
);
