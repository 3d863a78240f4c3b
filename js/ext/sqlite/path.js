// The `path` of a database: text, bytes, or a file URL.

import { primordials } from "rt:bootstrap/primordials.js";
import { invalidArgType, invalidUrlScheme } from "./errors.js";

const {
  decodeURIComponent,
  escape,
  StringFromCharCode,
  StringPrototypeIncludes,
  StringPrototypeStartsWith,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetSymbolToStringTag,
} = primordials;

function bytesToText(bytes) {
  let binary = "";
  const length = TypedArrayPrototypeGetLength(bytes);
  for (let i = 0; i < length; i++) binary += StringFromCharCode(bytes[i]);
  try {
    return decodeURIComponent(escape(binary));
  } catch {
    return undefined;
  }
}

/** The text SQLite is given. A URL goes to it as it is: its parameters are SQLite's to read. */
export function databasePath(path) {
  let text;
  if (typeof path === "string") {
    text = path;
  } else if (TypedArrayPrototypeGetSymbolToStringTag(path) === "Uint8Array") {
    text = bytesToText(path);
  } else if (typeof path === "object" && path !== null) {
    const { href } = path;
    if (typeof href === "string") {
      if (!StringPrototypeStartsWith(href, "file:")) throw invalidUrlScheme();
      text = href;
    }
  }
  if (text === undefined || StringPrototypeIncludes(text, "\0")) {
    throw invalidArgType(
      'The "path" argument must be a string, Uint8Array, or URL without null bytes.',
    );
  }
  return text;
}
