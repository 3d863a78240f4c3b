// What a Blob is made of: a list of pieces. A piece is a Uint8Array that nobody ever writes to, or
// a group: the list of another blob, shared. So a blob made of blobs costs as much as it names, not
// as much as they contain. Groups nest as deep as a script likes: nothing here may recurse.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayBufferIsView,
  ArrayPrototypePush,
  MathMax,
  MathMin,
  SafeSet,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeSet,
  TypedArrayPrototypeSubarray,
  Uint8Array,
} = primordials;

/** A list of at most so many pieces is copied into a longer one: most blobs have no groups. */
const kFewPieces = 8;
/** A longer one of at most so many bytes is joined, so that pieces do not get ever smaller. */
const kFewBytes = 4096;
/** So many Uint8Arrays may go to another thread one by one. */
const kMostShared = 1 << 20;

function sizeOfPiece(piece) {
  return ArrayBufferIsView(piece) ? TypedArrayPrototypeGetByteLength(piece) : piece.size;
}

/** Number of bytes of a list of pieces. */
export function sizeOfPieces(pieces) {
  let size = 0;
  for (let i = 0; i < pieces.length; i++) size += sizeOfPiece(pieces[i]);
  return size;
}

/** Adds to a list what another blob, of `size` bytes, is made of. */
export function addPieces(list, pieces, size) {
  if (pieces.length <= kFewPieces) {
    for (let i = 0; i < pieces.length; i++) ArrayPrototypePush(list, pieces[i]);
  } else if (size <= kFewBytes) {
    ArrayPrototypePush(list, joinPieces(pieces, size));
  } else {
    ArrayPrototypePush(list, { __proto__: null, pieces, size });
  }
}

/** Gives the Uint8Arrays of a list of pieces one after the other. */
export class PieceReader {
  #pieces;
  #at = 0;
  #outer = null;

  constructor(pieces) {
    this.#pieces = pieces;
  }

  /** The next one; undefined at the end. */
  next() {
    for (;;) {
      if (this.#at < this.#pieces.length) {
        const piece = this.#pieces[this.#at++];
        if (ArrayBufferIsView(piece)) return piece;
        this.#outer = { __proto__: null, pieces: this.#pieces, at: this.#at, outer: this.#outer };
        this.#pieces = piece.pieces;
        this.#at = 0;
      } else if (this.#outer === null) {
        return undefined;
      } else {
        this.#pieces = this.#outer.pieces;
        this.#at = this.#outer.at;
        this.#outer = this.#outer.outer;
      }
    }
  }
}

/** The bytes from `start` to `end` of a list of pieces, sharing their memory. */
export function slicePieces(pieces, start, end) {
  const slice = [];
  let at = 0; // of the piece before which we are
  let index = 0;
  let outer = null;
  while (at < end) {
    if (index === pieces.length) {
      if (outer === null) break;
      ({ pieces, index, outer } = outer);
      continue;
    }
    const piece = pieces[index++];
    const size = sizeOfPiece(piece);
    if (at + size > start) {
      if (at >= start && at + size <= end) {
        ArrayPrototypePush(slice, piece);
      } else if (ArrayBufferIsView(piece)) {
        const from = MathMax(start - at, 0);
        const to = MathMin(end - at, size);
        ArrayPrototypePush(slice, TypedArrayPrototypeSubarray(piece, from, to));
      } else {
        outer = { __proto__: null, pieces, index, outer };
        pieces = piece.pieces;
        index = 0;
        continue;
      }
    }
    at += size;
  }
  return slice;
}

/** All pieces as one fresh Uint8Array. */
export function joinPieces(pieces, size) {
  const bytes = new Uint8Array(size);
  const reader = new PieceReader(pieces);
  let at = 0;
  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
    TypedArrayPrototypeSet(bytes, piece, at);
    at += TypedArrayPrototypeGetByteLength(piece);
  }
  return bytes;
}

/** The same content without groups: in one fresh Uint8Array if there are too many. */
export function flatPieces(pieces, size) {
  const flat = [];
  const reader = new PieceReader(pieces);
  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
    if (flat.length === kMostShared) return [joinPieces(pieces, size)];
    ArrayPrototypePush(flat, piece);
  }
  return flat;
}

/** The ArrayBuffers under a list of pieces without groups. */
export function buffersOfPieces(pieces) {
  const buffers = [];
  const seen = new SafeSet();
  for (let i = 0; i < pieces.length; i++) {
    const buffer = TypedArrayPrototypeGetBuffer(pieces[i]);
    if (seen.has(buffer)) continue;
    seen.add(buffer);
    ArrayPrototypePush(buffers, buffer);
  }
  return buffers;
}
