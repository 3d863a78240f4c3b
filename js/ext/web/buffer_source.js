// The bytes of a BufferSource (https://webidl.spec.whatwg.org/#BufferSource) that was converted
// already: an ArrayBuffer, a typed array or a DataView.
import { primordials } from "rt:bootstrap/primordials.js";
import { viewBuffer } from "./webidl.js";

const {
  ArrayBufferIsView,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;

/** In bytes. A DataView out of the bounds of its buffer throws a TypeError. */
export function viewOffset(view) {
  return TypedArrayPrototypeGetSymbolToStringTag(view) === undefined
    ? DataViewPrototypeGetByteOffset(view)
    : TypedArrayPrototypeGetByteOffset(view);
}

/** In bytes. A DataView out of the bounds of its buffer throws a TypeError. */
export function viewLength(view) {
  return TypedArrayPrototypeGetSymbolToStringTag(view) === undefined
    ? DataViewPrototypeGetByteLength(view)
    : TypedArrayPrototypeGetByteLength(view);
}

/** A Uint8Array over the same memory. */
export function bytesOf(source) {
  return ArrayBufferIsView(source)
    ? new Uint8Array(viewBuffer(source), viewOffset(source), viewLength(source))
    : new Uint8Array(source);
}

/** A Uint8Array of its own. */
export function copyOfBytes(source) {
  // slice() would ask a program's Symbol.species for the class, and is slower.
  return new Uint8Array(bytesOf(source));
}
