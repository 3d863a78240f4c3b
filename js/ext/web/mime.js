// MIME types (https://mimesniff.spec.whatwg.org/#parsing-a-mime-type). Must never throw: what is no
// MIME type is null.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypePush,
  SafeMap,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
} = primordials;

function isToken(text) {
  if (text === "") return false;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    const isAlphanumeric =
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a);
    if (isAlphanumeric) continue;
    if (code > 0x7e || StringPrototypeIndexOf("!#$%&'*+-.^_`|~", text[i]) < 0) return false;
  }
  return true;
}

/** Whether all characters may stand in a quoted string. */
function isQuotable(text) {
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code !== 9 && (code < 0x20 || code === 0x7f || code > 0xff)) return false;
  }
  return true;
}

function isSpace(code) {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function trimStart(text, at) {
  while (at < text.length && isSpace(StringPrototypeCharCodeAt(text, at))) at++;
  return at;
}

function trimEnd(text, end, start) {
  while (end > start && isSpace(StringPrototypeCharCodeAt(text, end - 1))) end--;
  return end;
}

function indexOrEnd(text, character, from) {
  const at = StringPrototypeIndexOf(text, character, from);
  return at < 0 ? text.length : at;
}

/**
 * `{ essence: "text/html", parameters: SafeMap }`, or null. Names and the essence are in lower
 * case.
 * @param {string} text
 */
export function parseMimeType(text) {
  const start = trimStart(text, 0);
  const end = trimEnd(text, text.length, start);
  const input = StringPrototypeSlice(text, start, end);
  const slash = StringPrototypeIndexOf(input, "/");
  if (slash < 0) return null;
  const type = StringPrototypeSlice(input, 0, slash);
  const semicolon = indexOrEnd(input, ";", slash);
  const subtype = StringPrototypeSlice(input, slash + 1, trimEnd(input, semicolon, slash + 1));
  if (!isToken(type) || !isToken(subtype)) return null;
  const essence = StringPrototypeToLowerCase(`${type}/${subtype}`);
  return { essence, parameters: parseParameters(input, semicolon) };
}

function parseParameters(input, at) {
  const parameters = new SafeMap();
  while (at < input.length) {
    at = trimStart(input, at + 1);
    const nameStart = at;
    while (at < input.length && input[at] !== ";" && input[at] !== "=") at++;
    const name = StringPrototypeToLowerCase(StringPrototypeSlice(input, nameStart, at));
    if (at >= input.length) break;
    if (input[at] === ";") continue;
    at++;
    let value = "";
    if (input[at] === '"') {
      at++;
      while (at < input.length && input[at] !== '"') {
        if (input[at] === "\\" && at + 1 < input.length) at++;
        value += input[at++];
      }
      at = indexOrEnd(input, ";", at);
    } else {
      const valueStart = at;
      at = indexOrEnd(input, ";", at);
      value = StringPrototypeSlice(input, valueStart, trimEnd(input, at, valueStart));
      if (value === "") continue;
    }
    if (isToken(name) && isQuotable(value) && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** The text of a parsed MIME type (https://mimesniff.spec.whatwg.org/#serializing-a-mime-type). */
export function serializeMimeType({ essence, parameters }) {
  let text = essence;
  parameters.forEach((value, name) => {
    text += `;${name}=`;
    if (isToken(value)) {
      text += value;
      return;
    }
    text += '"';
    for (let i = 0; i < value.length; i++) {
      if (value[i] === '"' || value[i] === "\\") text += "\\";
      text += value[i];
    }
    text += '"';
  });
  return text;
}

/** The values of a header that holds several, separated by commas outside of quotes. */
function splitValues(text) {
  const values = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || (text[i] === "," && !isQuoted)) {
      ArrayPrototypePush(values, StringPrototypeSlice(text, start, i));
      start = i + 1;
    } else if (text[i] === '"') {
      isQuoted = !isQuoted;
    } else if (isQuoted && text[i] === "\\") {
      i++;
    }
  }
  return values;
}

/**
 * "Extract a MIME type" (https://fetch.spec.whatwg.org/#concept-header-extract-mime-type), or null.
 */
export function extractMimeType(header) {
  const values = splitValues(header);
  let charset;
  let mime = null;
  for (let i = 0; i < values.length; i++) {
    const next = parseMimeType(values[i]);
    if (next === null || next.essence === "*/*") continue;
    const isSame = mime !== null && mime.essence === next.essence;
    if (!isSame || next.parameters.has("charset")) charset = next.parameters.get("charset");
    else if (charset !== undefined) next.parameters.set("charset", charset);
    mime = next;
  }
  return mime;
}
