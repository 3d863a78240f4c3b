// Arrays put together without what a program may have changed: spread asks Array.prototype.

import { primordials } from "rt:bootstrap/primordials.js";

const { ArrayPrototypePush } = primordials;

/** A new array of the elements of both. */
export function joined(first, second) {
  const all = [];
  for (let i = 0; i < first.length; i++) ArrayPrototypePush(all, first[i]);
  for (let i = 0; i < second.length; i++) ArrayPrototypePush(all, second[i]);
  return all;
}

/** A new array of what `make` makes of each element. */
export function mapped(list, make) {
  const all = [];
  for (let i = 0; i < list.length; i++) ArrayPrototypePush(all, make(list[i]));
  return all;
}
