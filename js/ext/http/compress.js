// Deno.serve's automaticCompression: which answers go out packed, and how. Only bodies whose length is known
// are: of a stream, what a program wrote by now must not wait in here for more.

import { primordials } from "rt:bootstrap/primordials.js";
import { createCompressor } from "../compression/compression.js";
import { completeList } from "../fetch/response.js";
import { takeStream } from "../fetch/body.js";
import { kPipeAll, pipe, quiet } from "../streams/streams.js";

const {
  ArrayBufferIsView,
  ArrayPrototypeIndexOf,
  ArrayPrototypePush,
  NumberIsNaN,
  RegExpPrototypeExec,
  SafeRegExp,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  StringPrototypeTrim,
  TypedArrayPrototypeGetByteLength,
} = primordials;

// Less is not worth it. As in Deno, like what follows.
const kLeastBytes = 64;

const kTypes = [
  "application/dart",
  "application/ecmascript",
  "application/javascript",
  "application/json",
  "application/postscript",
  "application/rtf",
  "application/tar",
  "application/toml",
  "application/vnd.ms-fontobject",
  "application/wasm",
  "application/x-httpd-php",
  "application/x-javascript",
  "application/x-sh",
  "application/x-tar",
  "application/x-www-form-urlencoded",
  "application/xml",
  "font/otf",
  "font/ttf",
  "image/bmp",
  "image/x-icon",
  "message/rfc822",
];
const kSuffix = new SafeRegExp("^[^/]+/[^/]+\\+(?:json|xml|text|yaml)$");
const kWeight = new SafeRegExp("^q=(0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)$");

/** Whether what has this `content-type` becomes smaller. */
function isPackable(contentType) {
  const end = StringPrototypeIndexOf(contentType, ";");
  const essence = end < 0 ? contentType : StringPrototypeSlice(contentType, 0, end);
  const type = StringPrototypeToLowerCase(StringPrototypeTrim(essence));
  // The events of an event stream leave one by one.
  if (StringPrototypeStartsWith(type, "text/")) return type !== "text/event-stream";
  return ArrayPrototypeIndexOf(kTypes, type) >= 0 || RegExpPrototypeExec(kSuffix, type) !== null;
}

/** The weight that a coding's parameters give it; 0, so not wanted, if they are none. */
function weightOf(parameters) {
  const text = StringPrototypeToLowerCase(StringPrototypeTrim(parameters));
  const found = RegExpPrototypeExec(kWeight, text);
  return found === null ? 0 : +found[1];
}

/** "br", "gzip" or null: what a client that names it in `accept-encoding` likes best. */
function codingFor(headers) {
  let br = 0;
  let gzip = 0;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== "accept-encoding") continue;
    const parts = StringPrototypeSplit(headers[i + 1], ",");
    for (let j = 0; j < parts.length; j++) {
      const semicolon = StringPrototypeIndexOf(parts[j], ";");
      const name = semicolon < 0 ? parts[j] : StringPrototypeSlice(parts[j], 0, semicolon);
      const coding = StringPrototypeToLowerCase(StringPrototypeTrim(name));
      const weight = semicolon < 0 ? 1 : weightOf(StringPrototypeSlice(parts[j], semicolon + 1));
      if (coding === "br") br = weight;
      else if (coding === "gzip") gzip = weight;
    }
  }
  if (br === 0 && gzip === 0) return null;
  return br >= gzip ? "br" : "gzip";
}

function namesAcceptEncoding(vary) {
  const text = StringPrototypeToLowerCase(vary);
  return text === "*" || StringPrototypeIncludes(text, "accept-encoding");
}

/** The fields of the packed answer, or null if the program's say that it must stay as it is. */
function packedFields(fields, coding) {
  const packed = [];
  let canPack = false;
  let isVaryKnown = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    let value = fields[i + 1];
    if (name === "content-encoding" || name === "content-range") return null;
    if (name === "content-length") continue;
    if (name === "cache-control") {
      if (StringPrototypeIncludes(StringPrototypeToLowerCase(value), "no-transform")) return null;
    } else if (name === "content-type") {
      canPack = isPackable(value);
    } else if (name === "vary") {
      isVaryKnown ||= namesAcceptEncoding(value);
    } else if (name === "etag" && !StringPrototypeStartsWith(value, "W/")) {
      // The bytes are others, what they mean is the same.
      value = `W/${value}`;
    }
    ArrayPrototypePush(packed, name, value);
  }
  if (!canPack) return null;
  if (!isVaryKnown) ArrayPrototypePush(packed, "vary", "Accept-Encoding");
  ArrayPrototypePush(packed, "content-encoding", coding);
  return packed;
}

/** At least; NaN if it is not known before the end. */
function sizeOf(body) {
  if (body === null) return 0;
  if (typeof body === "string") return body.length;
  if (ArrayBufferIsView(body)) return TypedArrayPrototypeGetByteLength(body);
  return body.size ?? NaN;
}

/** A body's source (see BodyHolder in ../fetch/body.js) that packs what it gives. */
class PackedBody {
  size = undefined;
  #stream;
  #coding;

  constructor(stream, coding) {
    this.#stream = stream;
    this.#coding = coding;
  }

  open() {
    const { readable, writable } = createCompressor(this.#coding === "br" ? "brotli" : "gzip");
    // A failure of the body arrives through what is read.
    quiet(pipe(this.#stream, writable, kPipeAll));
    return readable;
  }
}

/**
 * What goes out for `inner` to the client of `record`: `{ fields, source }`, or null if it is to be sent as it
 * is.
 */
export function packedAnswer(record, inner) {
  const size = sizeOf(inner.body);
  if (NumberIsNaN(size) || size < kLeastBytes) return null;
  record.headerList ??= record.readHeaders();
  const coding = codingFor(record.headerList);
  if (coding === null) return null;
  const fields = packedFields(completeList(inner), coding);
  if (fields === null) return null;
  const stream = takeStream(inner);
  inner.bodyUsed = true;
  return { __proto__: null, fields, source: new PackedBody(stream, coding) };
}
