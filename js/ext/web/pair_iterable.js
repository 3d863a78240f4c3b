// WebIDL's pair iterables (Headers, URLSearchParams, FormData): the members they all share.
// Must never walk an iterator that user code can replace.

import { primordials } from "rt:bootstrap/primordials.js";
import { callbackFunction, illegalInvocation, isObject, requiredArguments } from "./webidl.js";

const {
  FunctionPrototypeCall,
  IteratorPrototype,
  ObjectDefineProperties,
  ObjectSetPrototypeOf,
  ReflectDeleteProperty,
  SymbolIterator,
  SymbolToStringTag,
} = primordials;

/**
 * Adds a pair iterable's members to an interface: entries, keys, values, forEach, @@iterator
 * (https://webidl.spec.whatwg.org/#js-iterable). `pairsOf(object)` does the brand check and returns
 * the current list of [name, value] pairs; it is asked again at every step, so that changes during
 * iteration are seen.
 */
export function definePairIterable(Class, name, pairsOf) {
  const kEntries = 0;
  const kKeys = 1;
  const kValues = 2;

  class PairIterator {
    #target;
    #kind;
    #index = 0;

    constructor(target, kind) {
      this.#target = target;
      this.#kind = kind;
    }

    static next(self) {
      if (!isObject(self) || !(#target in self)) throw illegalInvocation();
      const pairs = pairsOf(self.#target);
      const index = self.#index;
      if (index >= pairs.length) return { value: undefined, done: true };
      self.#index = index + 1;
      const pair = pairs[index];
      const value =
        self.#kind === kEntries ? [pair[0], pair[1]] : self.#kind === kKeys ? pair[0] : pair[1];
      return { value, done: false };
    }
  }
  const advance = PairIterator.next;
  const iteratorPrototype = PairIterator.prototype;
  ReflectDeleteProperty(iteratorPrototype, "constructor");
  ObjectSetPrototypeOf(iteratorPrototype, IteratorPrototype);
  const methods = {
    next() {
      return advance(this);
    },
    entries() {
      pairsOf(this);
      return new PairIterator(this, kEntries);
    },
    keys() {
      pairsOf(this);
      return new PairIterator(this, kKeys);
    },
    values() {
      pairsOf(this);
      return new PairIterator(this, kValues);
    },
    forEach(callback, thisArg = undefined) {
      pairsOf(this);
      const prefix = `Failed to execute 'forEach' on '${name}'`;
      requiredArguments(arguments.length, 1, prefix);
      callbackFunction(callback, prefix, "Argument 1");
      for (let i = 0; i < pairsOf(this).length; i++) {
        const pair = pairsOf(this)[i];
        FunctionPrototypeCall(callback, thisArg, pair[1], pair[0], this);
      }
    },
  };
  const method = (value, enumerable) => ({
    __proto__: null,
    value,
    writable: true,
    enumerable,
    configurable: true,
  });
  ObjectDefineProperties(iteratorPrototype, {
    next: method(methods.next, true),
    [SymbolToStringTag]: {
      __proto__: null,
      value: `${name} Iterator`,
      writable: false,
      enumerable: false,
      configurable: true,
    },
  });
  ObjectDefineProperties(Class.prototype, {
    entries: method(methods.entries, true),
    keys: method(methods.keys, true),
    values: method(methods.values, true),
    forEach: method(methods.forEach, true),
    [SymbolIterator]: method(methods.entries, false),
  });
}
