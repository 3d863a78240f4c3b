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
import { InnerResponse } from "./response.js";

const {
  ObjectPrototypeIsPrototypeOf,
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

function fetchBlob(blob, method) {
  if (method !== "GET") throw new TypeError("Blob URL fetch only supports GET method");
  if (blob === undefined) throw new TypeError("Blob for the given URL not found.");
  const headers = ["content-length", `${blobSize(blob)}`, "content-type", blobType(blob)];
  return okResponse(copyOfBlob(blob), headers);
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
export function fetchLocal({ url, method, blob }) {
  if (StringPrototypeStartsWith(url, "data:")) {
    const response = fetchData(url);
    if (method === "HEAD") response.body = null;
    return response;
  }
  if (StringPrototypeStartsWith(url, "blob:")) return fetchBlob(blob, method);
  if (StringPrototypeStartsWith(url, "file:")) return fetchFile(url, method);
  const end = StringPrototypeIndexOf(url, ":");
  throw new TypeError(
    `Url scheme '${StringPrototypeToLowerCase(StringPrototypeSlice(url, 0, end))}' not supported`,
  );
}
