// Lazy: navigator.locks.
import { Lock, LockManager, locks } from "rt:ext/web/locks.js";
import { provide } from "../lazy.js";

provide("locks", { __proto__: null, Lock, LockManager, locks });
