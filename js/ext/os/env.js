// Deno.env: the environment of the process, as far as it is granted.

import { op_os_env_delete, op_os_env_get, op_os_env_list, op_os_env_set } from "rt:ops/os";
import { primordials } from "rt:bootstrap/primordials.js";

const { ObjectDefineProperty } = primordials;

/** Deno.env. */
export const env = {
  /** The value of a variable, or undefined. */
  get(key) {
    return op_os_env_get(`${key}`) ?? undefined;
  },

  /** All variables, without those a deny rule names. Needs the permission for all of them. */
  toObject() {
    const entries = op_os_env_list();
    const object = {};
    for (let i = 0; i < entries.length; i++) {
      // A variable may be called "__proto__".
      ObjectDefineProperty(object, entries[i][0], {
        __proto__: null,
        value: entries[i][1],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return object;
  },

  /** Sets a variable, for this process and those it starts. */
  set(key, value) {
    op_os_env_set(`${key}`, `${value}`);
  },

  /** Whether a variable is set. */
  has(key) {
    return op_os_env_get(`${key}`) !== null;
  },

  /** Removes a variable; it need not be set. */
  delete(key) {
    op_os_env_delete(`${key}`);
  },
};
