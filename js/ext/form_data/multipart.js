// Forms as bodies: multipart/form-data (RFC 7578, and the rules of
// https://html.spec.whatwg.org/#multipart-form-data for writing it) and
// application/x-www-form-urlencoded. Bytes are searched in C++ (src/ext/form_data); files share the
// memory of the body they came in.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_multipart_parse } from "rt:ops/form_data";
import { op_crypto_random_uuid } from "rt:ops/crypto";
import { op_encoding_decode } from "rt:ops/web";
import { blobFromParts, blobParts, blobSize, blobType } from "../blob/blob.js";
import { fileFromParts, fileName } from "../blob/file.js";
import { addPieces } from "../blob/pieces.js";
import { parseForm } from "../url/search_params.js";
import { extractMimeType } from "../web/mime.js";
import { encodeUtf8 } from "../web/text_encoding.js";
import { FormData, formDataEntries } from "./form_data.js";

const {
  ArrayPrototypePush,
  SafeRegExp,
  StringPrototypeReplace,
  StringPrototypeReplaceAll,
  TypeError,
  TypedArrayPrototypeSubarray,
} = primordials;

const lineEnd = new SafeRegExp("\\r\\n|\\r|\\n", "g");

function normalizeLines(text) {
  return StringPrototypeReplace(text, lineEnd, "\r\n");
}

/** A name in a header: what would end it is percent-encoded. */
function escapeName(text) {
  text = StringPrototypeReplaceAll(text, "\n", "%0A");
  text = StringPrototypeReplaceAll(text, "\r", "%0D");
  return StringPrototypeReplaceAll(text, '"', "%22");
}

/**
 * A form as multipart/form-data: `{ body, type }`, where `body` is a Blob (files are shared, not
 * copied) and `type` the content type with its boundary.
 */
export function encodeFormData(formData) {
  const boundary = `----rtFormBoundary${StringPrototypeReplaceAll(op_crypto_random_uuid(), "-", "")}`;
  const entries = formDataEntries(formData);
  const parts = [];
  let text = ""; // not yet in parts
  for (let i = 0; i < entries.length; i++) {
    const name = escapeName(normalizeLines(entries[i][0]));
    const value = entries[i][1];
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
    if (typeof value === "string") {
      text += `\r\n\r\n${normalizeLines(value)}\r\n`;
      continue;
    }
    const type = blobType(value);
    text +=
      `; filename="${escapeName(fileName(value))}"\r\n` +
      `Content-Type: ${type === "" ? "application/octet-stream" : type}\r\n\r\n`;
    ArrayPrototypePush(parts, encodeUtf8(text));
    text = "\r\n";
    addPieces(parts, blobParts(value), blobSize(value));
  }
  ArrayPrototypePush(parts, encodeUtf8(`${text}--${boundary}--\r\n`));
  const type = `multipart/form-data; boundary=${boundary}`;
  return { body: blobFromParts(parts, ""), type };
}

/**
 * "Body.formData()": a FormData from a whole body, which it takes over. TypeError if the content
 * type is none of a form, or the body does not keep to it.
 * @param {Uint8Array} bytes
 * @param {string | null} contentType
 */
export function decodeFormData(bytes, contentType) {
  const mime = contentType === null ? null : extractMimeType(contentType);
  const formData = new FormData();
  const entries = formDataEntries(formData);
  if (mime?.essence === "multipart/form-data") {
    const boundary = mime.parameters.get("boundary");
    if (boundary === undefined) {
      throw new TypeError("Missing boundary in the content type of a multipart/form-data body");
    }
    const parts = op_multipart_parse(bytes, boundary);
    for (let i = 0; i < parts.length; i++) {
      const { name, filename, contentType: type, start, end } = parts[i];
      const content = TypedArrayPrototypeSubarray(bytes, start, end);
      const value =
        filename === null
          ? op_encoding_decode(content, 0, false, true)
          : fileFromParts([content], filename, type);
      ArrayPrototypePush(entries, [name, value]);
    }
    return formData;
  }
  if (mime?.essence === "application/x-www-form-urlencoded") {
    const pairs = parseForm(op_encoding_decode(bytes, 0, false, true));
    for (let i = 0; i < pairs.length; i++) ArrayPrototypePush(entries, [pairs[i][0], pairs[i][1]]);
    return formData;
  }
  throw new TypeError(
    contentType === null
      ? "Cannot read a form: the body has no content type"
      : `Cannot read a form: the content type is '${contentType}'`,
  );
}
