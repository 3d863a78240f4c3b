// Views on memory as byte streams handle them: where they point, how to make one of the same kind,
// and moving their memory. Must never look anything up on a view that a script could have changed.

import { primordials } from "rt:bootstrap/primordials.js";
import { viewLength, viewOffset } from "../web/buffer_source.js";
import { isShared, makeException, viewBuffer } from "../web/webidl.js";
import { op_buffer_kind } from "rt:ops/web";

const {
  ArrayBufferIsView,
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeGetDetached,
  ArrayBufferPrototypeSlice,
  ArrayBufferPrototypeTransfer,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  TypedArrayPrototypeGetSymbolToStringTag,
  TypedArrayPrototypeSet,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
  globalThis,
} = primordials;

const kKinds = {
  __proto__: null,
  Uint8Array: { make: Uint8Array, elementSize: 1 },
  Uint8ClampedArray: { make: Uint8ClampedArray, elementSize: 1 },
  Int8Array: { make: Int8Array, elementSize: 1 },
  Uint16Array: { make: Uint16Array, elementSize: 2 },
  Int16Array: { make: Int16Array, elementSize: 2 },
  Uint32Array: { make: Uint32Array, elementSize: 4 },
  Int32Array: { make: Int32Array, elementSize: 4 },
  Float32Array: { make: Float32Array, elementSize: 4 },
  Float64Array: { make: Float64Array, elementSize: 8 },
  BigInt64Array: { make: BigInt64Array, elementSize: 8 },
  BigUint64Array: { make: BigUint64Array, elementSize: 8 },
};
const kDataView = { make: DataView, elementSize: 1 };

/** How to make another view of the same class: `{ make, elementSize }`. */
export function viewKind(view) {
  const name = TypedArrayPrototypeGetSymbolToStringTag(view);
  if (name === undefined) return kDataView;
  const kind = kKinds[name];
  if (kind !== undefined) return kind;
  // V8 adds Float16Array to a context only when it starts, after the snapshot.
  return (kKinds[name] = { make: globalThis[name], elementSize: 2 });
}

export const kBytes = kKinds.Uint8Array;

/** A view whose buffer is detached has neither length nor offset. */
export function isDetachedView(view) {
  return ArrayBufferPrototypeGetDetached(viewBuffer(view));
}

// What op_buffer_kind says of memory that is neither shared nor resizable.
const kFixed = 1;

/** ArrayBufferView of WebIDL: not of shared and not of resizable memory. */
export function toView(value, prefix, context) {
  if (!ArrayBufferIsView(value)) {
    throw makeException(prefix, context, "is not an ArrayBufferView", "ERR_INVALID_ARG_TYPE");
  }
  if (op_buffer_kind(value) === kFixed) return value;
  const what = isShared(value)
    ? "is a view on a SharedArrayBuffer, which is not allowed"
    : "is a view on a resizable ArrayBuffer";
  throw makeException(prefix, context, what);
}

/** "TransferArrayBuffer": throws a TypeError for memory that cannot be detached. */
export function transferBuffer(buffer) {
  return ArrayBufferPrototypeTransfer(buffer);
}

/** "CloneArrayBuffer" of a part. */
export function cloneBuffer(buffer, offset, length) {
  return ArrayBufferPrototypeSlice(buffer, offset, offset + length);
}

/** "CloneAsUint8Array" */
export function cloneAsBytes(view) {
  const offset = viewOffset(view);
  return new Uint8Array(
    ArrayBufferPrototypeSlice(viewBuffer(view), offset, offset + viewLength(view)),
  );
}

export function copyBytes(to, toOffset, from, fromOffset, count) {
  TypedArrayPrototypeSet(
    new Uint8Array(to, toOffset, count),
    new Uint8Array(from, fromOffset, count),
  );
}

export function bufferLength(buffer) {
  return ArrayBufferPrototypeGetByteLength(buffer);
}

export { viewBuffer };
