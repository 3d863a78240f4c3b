// The queues of streams: a list of blocks, so that nothing is ever copied, and taking from the
// front costs as little as adding at the end. Must never leave a hole: a write to one looks for
// setters that a script may have put on Array.prototype.

/** Values and the block after them; literals, since Array.prototype.fill calls such setters. */
class Block {
  items;
  next = null;

  constructor(items) {
    this.items = items;
  }
}

function smallBlock() {
  return new Block([undefined, undefined, undefined, undefined]);
}

function block() {
  const u = undefined;
  // biome-ignore format: one line each
  return new Block([
    u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u,
    u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u,
  ]);
}

/** First in, first out. `length` may be read; nothing else may be touched from outside. */
export class Queue {
  first = null;
  last = null;
  head = 0; // index of the first value in the first block
  tail = 0; // index of the next free place in the last block
  spare = null; // an empty block
  length = 0;

  push(value) {
    let { last } = this;
    if (last === null) {
      this.first = this.last = last = smallBlock();
    } else if (this.tail === last.items.length) {
      last.next = this.spare ?? block();
      this.spare = null;
      this.last = last = last.next;
      this.tail = 0;
    }
    last.items[this.tail++] = value;
    this.length++;
  }

  /** The first value; only when there is one. */
  peek() {
    return this.first.items[this.head];
  }

  /** Takes the first value out; only when there is one. */
  shift() {
    const { first, head } = this;
    const { items } = first;
    const value = items[head];
    items[head] = undefined;
    if (--this.length === 0) {
      this.head = this.tail = 0;
    } else if (head + 1 === items.length) {
      this.first = first.next;
      this.head = 0;
      first.next = null;
      this.spare = first;
    } else {
      this.head = head + 1;
    }
    return value;
  }

  clear() {
    this.first = null;
    this.last = null;
    this.head = 0;
    this.tail = 0;
    this.spare = null;
    this.length = 0;
  }
}
