// Deno.readFile, writeFile and their kin: whole files, one op each.

import {
  op_fs_open,
  op_fs_read_file,
  op_fs_read_file_sync,
  op_fs_read_text_file,
  op_fs_read_text_file_sync,
  op_fs_write_file,
  op_fs_write_file_sync,
  op_fs_write_text_file,
  op_fs_write_text_file_sync,
} from "rt:ops/fs";
import { primordials } from "rt:bootstrap/primordials.js";
import { startAbortable, throwIfAborted, withCallerUnlessReason } from "../io/cancel.js";
import {
  pipe,
  TextEncoderStream,
  toReadable,
  toWritable,
  writableForRid,
} from "../streams/streams.js";
import { copyOfBytes } from "../web/buffer_source.js";
import { isArrayBuffer, isObject, isShared, isSteady } from "../web/webidl.js";
import { toMode } from "./file.js";
import { toPath } from "./path.js";

const { ArrayIsArray, PromisePrototypeThen, TypedArrayPrototypeGetSymbolToStringTag, TypeError } =
  primordials;

/**
 * The contents of a file.
 * @param {string | URL} path
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function readFile(path, options = undefined) {
  const signal = options?.signal;
  try {
    path = toPath(path);
    return await startAbortable(signal, (rid) => op_fs_read_file(path, rid));
  } catch (error) {
    throw withCallerUnlessReason(error, signal, readFile);
  }
}

/** `readFile`, blocking. */
export function readFileSync(path) {
  return op_fs_read_file_sync(toPath(path));
}

/**
 * The contents of a file as text; what is not UTF-8 becomes U+FFFD.
 * @param {string | URL} path
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<string>}
 */
export async function readTextFile(path, options = undefined) {
  const signal = options?.signal;
  try {
    path = toPath(path);
    return await startAbortable(signal, (rid) => op_fs_read_text_file(path, rid));
  } catch (error) {
    throw withCallerUnlessReason(error, signal, readTextFile);
  }
}

/** `readTextFile`, blocking. */
export function readTextFileSync(path) {
  return op_fs_read_text_file_sync(toPath(path));
}

/**
 * Writes a file: made or emptied first, unless the options say otherwise. `mode` is set on a file that
 * exists, too.
 * @param {string | URL} path
 * @param {Uint8Array | ReadableStream<Uint8Array>} data
 * @param {{ append?: boolean, create?: boolean, createNew?: boolean, mode?: number,
 *   signal?: AbortSignal }} [options]
 */
export async function writeFile(path, data, options = undefined) {
  const signal = options?.signal;
  try {
    path = toPath(path);
    const stream = toReadable(data);
    if (stream !== undefined) {
      await writeStream(path, stream, options);
      return;
    }
    checkBytes(data);
    const converted = toWriteOptions(options);
    const bytes = isSteady(data) ? data : copyOfBytes(data);
    await startAbortable(signal, (rid) => op_fs_write_file(path, converted, bytes, rid));
  } catch (error) {
    throw withCallerUnlessReason(error, signal, writeFile);
  }
}

/** `writeFile`, blocking. */
export function writeFileSync(path, data, options = undefined) {
  path = toPath(path);
  checkBytes(data);
  throwIfAborted(options?.signal);
  const bytes = isShared(data) ? copyOfBytes(data) : data;
  op_fs_write_file_sync(path, toWriteOptions(options), bytes);
}

/**
 * `writeFile` for text.
 * @param {string | URL} path
 * @param {string | ReadableStream<string>} text
 */
export async function writeTextFile(path, text, options = undefined) {
  const signal = options?.signal;
  try {
    path = toPath(path);
    const stream = toReadable(text);
    if (stream !== undefined) {
      if (stream.locked) throw lockedStream();
      const encoder = new TextEncoderStream();
      const encoding = pipe(stream, toWritable(encoder.writable), kNoOptions);
      // Its failure arrives through the encoder.
      PromisePrototypeThen(encoding, undefined, () => {});
      await writeStream(path, toReadable(encoder.readable), options);
      return;
    }
    text = toText(text);
    const converted = toWriteOptions(options);
    await startAbortable(signal, (rid) => op_fs_write_text_file(path, converted, text, rid));
  } catch (error) {
    throw withCallerUnlessReason(error, signal, writeTextFile);
  }
}

/** `writeTextFile`, blocking. */
export function writeTextFileSync(path, text, options = undefined) {
  path = toPath(path);
  text = toText(text);
  throwIfAborted(options?.signal);
  op_fs_write_text_file_sync(path, toWriteOptions(options), text);
}

// As TextEncoder's: nothing is no text.
function toText(value) {
  return value === undefined ? "" : `${value}`;
}

function lockedStream() {
  return new TypeError("ReadableStream is already locked.");
}

/** Writes what a stream gives; aborting leaves what was written so far. */
async function writeStream(path, stream, options) {
  const signal = options?.signal ?? undefined;
  throwIfAborted(signal);
  if (stream.locked) throw lockedStream();
  const { append, create, createNew, mode } = toWriteOptions(options);
  const open = { read: false, write: true, append, truncate: !append, create, createNew, mode };
  const rid = await op_fs_open(path, open);
  // The file is closed with the sink, however the pipe ends.
  await pipe(stream, writableForRid(rid), { __proto__: null, signal });
}

function toWriteOptions(options) {
  const { append, create, createNew, mode } = options ?? kNoOptions;
  return {
    append: !!append,
    create: create === undefined ? true : !!create,
    createNew: !!createNew,
    mode: toMode(mode),
  };
}
const kNoOptions = { __proto__: null };

function typeName(value) {
  if (value === null) return "null";
  if (ArrayIsArray(value)) return "array";
  if (isArrayBuffer(value)) return "ArrayBuffer";
  return (isObject(value) && TypedArrayPrototypeGetSymbolToStringTag(value)) || typeof value;
}

function checkBytes(data) {
  if (isObject(data) && TypedArrayPrototypeGetSymbolToStringTag(data) === "Uint8Array") return;
  throw new TypeError(`expected type \`Uint8Array\`, got \`${typeName(data)}\``);
}
