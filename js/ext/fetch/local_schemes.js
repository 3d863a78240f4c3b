// fetch of data:, blob: and file: URLs (https://fetch.spec.whatwg.org/#scheme-fetch): nothing of it
// goes over a network. A file needs read permission, which the op that opens it checks.

import { op_fetch_data_url } from "rt:ops/fetch";
import { op_fs_open } from "rt:ops/fs";
import { primordials } from "rt:bootstrap/primordials.js";
import { errors } from "rt:bootstrap/errors.js";
import { blobSize, blobType, copyOfBlob } from "../blob/blob.js";
import { pathFromFileUrl } from "../fs/path.js";
import { readableForRid } from "../streams/streams.js";
import { URL } from "../url/url.js";
import { parseMimeType, serializeMimeType } from "../web/mime.js";
import { StreamBody } from "./body.js";
import { getFromList } from "./headers.js";
import { InnerResponse } from "./response.js";

const {
  JSONStringify,
  MathMin,
  Number,
  ObjectPrototypeIsPrototypeOf,
  RegExpPrototypeExec,
  SafeRegExp,
  StringPrototypeEndsWith,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeToLowerCase,
  TypeError,
} = primordials;

function okResponse(body, headerList) {
  const inner = new InnerResponse();
  inner.statusText = "OK";
  inner.headerList = headerList;
  inner.body = body;
  return inner;
}

function fetchData(url) {
  const { type, body } = op_fetch_data_url(url);
  const text = StringPrototypeStartsWith(type, ";") ? `text/plain${type}` : type;
  const mime = parseMimeType(text);
  const shown =
    mime === null || mime === undefined ? "text/plain;charset=US-ASCII" : serializeMimeType(mime);
  return okResponse(body, ["content-type", shown]);
}

// https://fetch.spec.whatwg.org/#simple-range-header-value, white space allowed.
const kRange = new SafeRegExp("^bytes[\\t ]*=[\\t ]*([0-9]*)[\\t ]*-[\\t ]*([0-9]*)$");

/** The bytes a `range` header asks for of so many: [start, end), or null for what cannot be had. */
function parseRange(text, size) {
  const match = RegExpPrototypeExec(kRange, text);
  if (match === null) return null;
  const first = match[1];
  const last = match[2];
  if (first === "") {
    // The last bytes.
    const count = last === "" ? 0 : MathMin(Number(last), size);
    return count === 0 ? null : [size - count, size];
  }
  const start = Number(first);
  if (start >= size || (last !== "" && Number(last) < start)) return null;
  return [start, last === "" ? size : MathMin(Number(last) + 1, size)];
}

function fetchBlob(blob, method, headerList) {
  if (method !== "GET") throw new TypeError("Blob URL fetch only supports GET method");
  if (blob === undefined) throw new TypeError("Blob for the given URL not found.");
  const size = blobSize(blob);
  const type = blobType(blob);
  const asked = getFromList(headerList, "range");
  if (asked === null) {
    return okResponse(copyOfBlob(blob), ["content-length", `${size}`, "content-type", type]);
  }
  const range = parseRange(asked, size);
  if (range === null) throw new TypeError(`Blob URL fetch: invalid range ${JSONStringify(asked)}`);
  const start = range[0];
  const end = range[1];
  const response = okResponse(copyOfBlob(blob, start, end), [
    "content-length",
    `${end - start}`,
    "content-type",
    type,
    "content-range",
    `bytes ${start}-${end - 1}/${size}`,
  ]);
  response.status = 206;
  response.statusText = "Partial Content";
  return response;
}

const kOpen = {
  __proto__: null,
  read: true,
  write: false,
  append: false,
  truncate: false,
  create: false,
  createNew: false,
  mode: undefined,
};

/** The failure of a fetch of a file; what permissions refuse stays what it is. */
function fileError(url, error) {
  if (ObjectPrototypeIsPrototypeOf(errors.NotCapable.prototype, error)) return error;
  return new TypeError(`Error fetching file '${url}': ${error.message}`, { cause: error });
}

async function fetchFile(url, method) {
  if (method !== "GET") {
    throw new TypeError(`Fetching files only supports the GET method: received ${method}`);
  }
  let rid;
  try {
    rid = await op_fs_open(pathFromFileUrl(new URL(url)), kOpen);
  } catch (error) {
    throw fileError(url, error);
  }
  // Of a folder only reading fails.
  const explain = (error) => fileError(url, error);
  const body = new StreamBody(readableForRid(rid, { __proto__: null, explain }));
  // The one type that something asks for: WebAssembly.compileStreaming.
  const isWasm = StringPrototypeEndsWith(new URL(url).pathname, ".wasm");
  return okResponse(body, isWasm ? ["content-type", "application/wasm"] : []);
}

/** The inner response of an InnerRequest that is not for HTTP, or a promise of it. */
export function fetchLocal({ url, method, blob, headerList }) {
  if (StringPrototypeStartsWith(url, "data:")) {
    const response = fetchData(url);
    if (method === "HEAD") response.body = null;
    return response;
  }
  if (StringPrototypeStartsWith(url, "blob:")) return fetchBlob(blob, method, headerList);
  if (StringPrototypeStartsWith(url, "file:")) return fetchFile(url, method);
  const end = StringPrototypeIndexOf(url, ":");
  throw new TypeError(
    `Url scheme '${StringPrototypeToLowerCase(StringPrototypeSlice(url, 0, end))}' not supported`,
  );
}
