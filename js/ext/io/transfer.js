// Reading from and writing to a resource by rid: what FsFile and the standard streams share.

import {
  op_resource_read,
  op_resource_read_sync,
  op_resource_write,
  op_resource_write_sync,
} from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { viewLength } from "../web/buffer_source.js";
import { withCaller } from "./async_error.js";

const { ArrayBufferIsView, TypeError } = primordials;

function checkBuffer(buffer) {
  if (!ArrayBufferIsView(buffer)) throw new TypeError("expected typed ArrayBufferView");
}

// An empty buffer takes nothing, which is not the end.
function orEnd(size, buffer) {
  return size === 0 && viewLength(buffer) !== 0 ? null : size;
}

/** How many bytes were read into `buffer`, or null at the end. */
export async function read(rid, buffer) {
  checkBuffer(buffer);
  try {
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
    return await op_resource_write(rid, buffer);
  } catch (error) {
    throw withCaller(error, write);
  }
}

export function writeSync(rid, buffer) {
  checkBuffer(buffer);
  return op_resource_write_sync(rid, buffer);
}
