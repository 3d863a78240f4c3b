// The promises of async ops. An op answers at once with a value, or with PENDING; then its promise waits
// here under its id until C++ delivers the answer. All answers of a turn arrive in one call of deliver().
// Loaded before everything else: it may import only sync ops of "rt:ops/core".
import { op_core_pending_marker, op_core_set_op_referenced } from "rt:ops/core";

const PENDING = op_core_pending_marker();
const RING_SIZE = 4096;
const RING_MASK = RING_SIZE - 1;

// Captured before user code exists. withResolvers called on the captured constructor consults nothing
// a script can change later.
const withResolvers = Promise.withResolvers.bind(Promise);
const MapPrototypeGet = Function.prototype.call.bind(Map.prototype.get);
const MapPrototypeHas = Function.prototype.call.bind(Map.prototype.has);
const MapPrototypeSet = Function.prototype.call.bind(Map.prototype.set);
const MapPrototypeDelete = Function.prototype.call.bind(Map.prototype.delete);

/** Entries by `id & RING_MASK`: {promise, resolve, reject, id, fail} or null. */
const ring = new Array(RING_SIZE).fill(null);
/** Entries pushed out of the ring by younger ones: long waits, by id. */
const overflow = new Map();
let nextId = 1;

function wait(id) {
  nextId = (id + 1) & 0x7fffffff;
  const entry = withResolvers();
  entry.id = id;
  entry.fail = null;
  const index = id & RING_MASK;
  const older = ring[index];
  if (older !== null) MapPrototypeSet(overflow, older.id, older);
  ring[index] = entry;
  return entry.promise;
}

function take(id) {
  const index = id & RING_MASK;
  const entry = ring[index];
  if (entry !== null && entry.id === id) {
    ring[index] = null;
    return entry;
  }
  const old = MapPrototypeGet(overflow, id);
  MapPrototypeDelete(overflow, id);
  return old;
}

/**
 * Settles promises; called by the event loop with `id, value, id, value, …`. The complement of an id
 * (`~id`, negative) says that its promise is rejected.
 */
export function deliver() {
  for (let i = 0; i < arguments.length; i += 2) {
    const id = arguments[i];
    const value = arguments[i + 1];
    if (id >= 0) {
      take(id).resolve(value);
    } else {
      const entry = take(~id);
      if (entry.fail === null) {
        entry.reject(value);
      } else {
        entry.resolve(entry.fail(value));
      }
    }
  }
}

/**
 * For a function that returns an op's promise itself, instead of awaiting it: if it fails, the promise
 * follows the one that `fail(error)` returns. Call right after the op that returned the promise.
 */
export function onLastFailure(fail) {
  ring[lastPromiseId() & RING_MASK].fail = fail;
}

/** Whether the promise of this id waits. */
export function isOpPending(id) {
  return ring[id & RING_MASK]?.id === id || MapPrototypeHas(overflow, id);
}

/**
 * Makes the function built-ins import for an async op: it returns the op's value, or a promise of it.
 * One closure an arity, so that calls need no argument array.
 */
export function makeAsyncOp(raw, arity) {
  switch (arity) {
    case 0:
      return () => {
        const id = nextId;
        const result = raw(id);
        return result === PENDING ? wait(id) : result;
      };
    case 1:
      return (a) => {
        const id = nextId;
        const result = raw(id, a);
        return result === PENDING ? wait(id) : result;
      };
    case 2:
      return (a, b) => {
        const id = nextId;
        const result = raw(id, a, b);
        return result === PENDING ? wait(id) : result;
      };
    case 3:
      return (a, b, c) => {
        const id = nextId;
        const result = raw(id, a, b, c);
        return result === PENDING ? wait(id) : result;
      };
    case 4:
      return (a, b, c, d) => {
        const id = nextId;
        const result = raw(id, a, b, c, d);
        return result === PENDING ? wait(id) : result;
      };
    default:
      return (a, b, c, d, e, f, g, h, i, j) => {
        const id = nextId;
        const result = raw(id, a, b, c, d, e, f, g, h, i, j);
        return result === PENDING ? wait(id) : result;
      };
  }
}

/** The id of the promise made last: call right after the op that returned it. */
export function lastPromiseId() {
  return (nextId - 1) & 0x7fffffff;
}

/**
 * Says whether a pending op keeps the program alive. Harmless when it is no longer pending.
 * @param {number} id from lastPromiseId()
 * @param {boolean} referenced
 */
export function setOpReferenced(id, referenced) {
  op_core_set_op_referenced(id, referenced);
}

export { PENDING };
