// Reading from and writing to a resource by rid: what FsFile and the standard streams share.

import {
  op_resource_read,
  op_resource_read_sync,
  op_resource_write,
  op_resource_write_sync,
} from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { bytesOf, copyOfBytes, viewLength } from "../web/buffer_source.js";
import { isShared, viewBuffer } from "../web/webidl.js";
import { withCaller } from "./async_error.js";

const {
  ArrayBufferIsView,
  ArrayBufferPrototypeGetResizable,
  TypeError,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

function checkBuffer(buffer) {
  if (!ArrayBufferIsView(buffer)) throw new TypeError("expected typed ArrayBufferView");
}

/** Whether a script can take memory away from under a view while another thread works with it. */
export function mayShrink(buffer) {
  return !isShared(buffer) && ArrayBufferPrototypeGetResizable(viewBuffer(buffer));
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
    if (mayShrink(buffer)) return await readAside(rid, buffer);
    return orEnd(await op_resource_read(rid, buffer), buffer);
  } catch (error) {
    throw withCaller(error, read);
  }
}

export function readSync(rid, buffer) {
  checkBuffer(buffer);
  return orEnd(op_resource_read_sync(rid, buffer), buffer);
}

/** How many bytes of `buffer` were written: at least one, unless it is empty. */
export async function write(rid, buffer) {
  checkBuffer(buffer);
  try {
    return await op_resource_write(rid, mayShrink(buffer) ? copyOfBytes(buffer) : buffer);
  } catch (error) {
    throw withCaller(error, write);
  }
}

export function writeSync(rid, buffer) {
  checkBuffer(buffer);
  return op_resource_write_sync(rid, buffer);
}
