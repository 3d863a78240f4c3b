// Reading from and writing to a resource by rid: what FsFile and the standard streams share.

import {
  op_resource_read,
  op_resource_read_sync,
  op_resource_write,
  op_resource_write_sync,
} from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { bytesOf, copyOfBytes, viewLength } from "../web/buffer_source.js";
import { isShared, isSteady } from "../web/webidl.js";
import { withCaller } from "./async_error.js";

const {
  ArrayBufferIsView,
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

function checkBuffer(buffer) {
  if (!ArrayBufferIsView(buffer)) throw new TypeError("expected typed ArrayBufferView");
}

/** Of `size` bytes that came into memory of our own, moves as many as `buffer` has room for by now. */
export function moveWhatFits(aside, size, buffer) {
  const target = bytesOf(buffer);
  const room = TypedArrayPrototypeGetByteLength(target);
  const kept = size < room ? size : room;
  TypedArrayPrototypeSet(target, TypedArrayPrototypeSubarray(aside, 0, kept));
  return kept;
}

async function readAside(rid, buffer) {
  const aside = new Uint8Array(viewLength(buffer));
  const size = orEnd(await op_resource_read(rid, aside), aside);
  return size === null ? null : moveWhatFits(aside, size, buffer);
}

// An empty buffer takes nothing, which is not the end.
function orEnd(size, buffer) {
  return size === 0 && viewLength(buffer) !== 0 ? null : size;
}

/** How many bytes were read into `buffer`, or null at the end. */
export async function read(rid, buffer) {
  checkBuffer(buffer);
  try {
    if (!isSteady(buffer)) return await readAside(rid, buffer);
    return orEnd(await op_resource_read(rid, buffer), buffer);
  } catch (error) {
    throw withCaller(error, read);
  }
}

export function readSync(rid, buffer) {
  checkBuffer(buffer);
  // Ops never see memory that other threads write to meanwhile.
  const into = isShared(buffer) ? new Uint8Array(viewLength(buffer)) : buffer;
  const size = orEnd(op_resource_read_sync(rid, into), into);
  return into === buffer || size === null ? size : moveWhatFits(into, size, buffer);
}

/** How many bytes of `buffer` were written: at least one, unless it is empty. */
export async function write(rid, buffer) {
  checkBuffer(buffer);
  try {
    return await op_resource_write(rid, isSteady(buffer) ? buffer : copyOfBytes(buffer));
  } catch (error) {
    throw withCaller(error, write);
  }
}

export function writeSync(rid, buffer) {
  checkBuffer(buffer);
  return op_resource_write_sync(rid, isShared(buffer) ? copyOfBytes(buffer) : buffer);
}
