// Atomics.waitAsync keeps the program alive while it waits with a timeout, as a timer does; V8 does not tell its
// embedder when such a wait ends. A wait without a timeout does not: nobody may be left to end it.
// Must never change what waitAsync does otherwise.
import { op_core_hold } from "rt:ops/core";
import { primordials } from "./primordials.js";

const { AtomicsWaitAsync, ObjectDefineProperty, PromisePrototypeThen, SymbolToPrimitive } =
  primordials;

const release = () => op_core_hold(false);

/** Puts our waitAsync on the global `Atomics`. */
export function installAtomics() {
  // A method: it has no prototype and cannot be constructed, like the original.
  const { waitAsync } = {
    waitAsync(typedArray, index, value, timeout) {
      let limit = timeout;
      let passed = timeout;
      if (timeout !== null && (typeof timeout === "object" || typeof timeout === "function")) {
        // Converted once, when the original would.
        passed = { __proto__: null, [SymbolToPrimitive]: () => (limit = +timeout) };
      }
      const result = AtomicsWaitAsync(typedArray, index, value, passed);
      if (result.async && +limit < Infinity) {
        op_core_hold(true);
        try {
          PromisePrototypeThen(result.value, release, release);
        } catch {
          // A script's `constructor` on promises threw.
          release();
        }
      }
      return result;
    },
  };
  ObjectDefineProperty(Atomics, "waitAsync", {
    __proto__: null,
    value: waitAsync,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
