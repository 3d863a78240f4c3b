// The queues of streams: a ring of a power of two slots, so that taking from the front costs as
// little as adding at the end. Must never leave a hole: a write to one looks for setters that a
// script may have put on Array.prototype.

import { primordials } from "rt:bootstrap/primordials.js";

const { Array, ArrayPrototypeFill } = primordials;

// A queue that was ever this long gives its memory back when it is empty.
const kKeep = 64;

/** First in, first out. `length` may be read; nothing else may be touched from outside. */
export class Queue {
  items = null;
  head = 0;
  length = 0;

  push(value) {
    let { items } = this;
    if (items === null) items = this.items = [undefined, undefined, undefined, undefined];
    else if (this.length === items.length) items = this.#grow();
    items[(this.head + this.length) & (items.length - 1)] = value;
    this.length++;
  }

  /** The first value; only when there is one. */
  peek() {
    return this.items[this.head];
  }

  /** Takes the first value out; only when there is one. */
  shift() {
    const { items, head } = this;
    const value = items[head];
    items[head] = undefined;
    if (--this.length === 0 && items.length > kKeep) this.clear();
    else this.head = (head + 1) & (items.length - 1);
    return value;
  }

  clear() {
    this.items = null;
    this.head = 0;
    this.length = 0;
  }

  #grow() {
    const { items, head, length } = this;
    const larger = ArrayPrototypeFill(new Array(length * 2), undefined);
    for (let i = 0; i < length; i++) larger[i] = items[(head + i) & (length - 1)];
    this.items = larger;
    this.head = 0;
    return larger;
  }
}
