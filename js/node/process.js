// node:process, the part that plain CommonJS packages ask for: https://nodejs.org/api/process.html.
// A view of what the Deno namespace has, with the same permissions. `process.versions.node` is
// absent for as long as Node's modules are: packages take its presence for theirs. Must never hold
// state of its own.

import { op_os_env_delete, op_os_env_get, op_os_env_list, op_os_env_set } from "rt:ops/os";
import { op_permissions_query } from "rt:ops/permissions";
import { op_performance_now } from "rt:ops/web";
import { primordials } from "rt:bootstrap/primordials.js";
import * as fs from "rt:ext/fs/fs.js";
import * as os from "rt:ext/os/os.js";
import { checkCallback } from "rt:ext/web/timers.js";
import { addTick } from "./ticks.js";

const {
  ArrayPrototypePush,
  BigInt,
  MathFloor,
  ObjectDefineProperty,
  ObjectFreeze,
  Proxy,
  StringPrototypeStartsWith,
  TypeError,
  decodeURIComponent,
} = primordials;

const descriptorOf = (value) => ({
  __proto__: null,
  value,
  writable: true,
  enumerable: true,
  configurable: true,
});

/**
 * Node's own settings, which packages look at as they are loaded (semver: NODE_DEBUG) and which Deno
 * lets be read. Without permission they are not set, and nobody is asked.
 */
const kSettings = {
  __proto__: null,
  FORCE_COLOR: true,
  NODE_DEBUG: true,
  NODE_OPTIONS: true,
  NO_COLOR: true,
};

const read = (name) =>
  kSettings[name] === true && op_permissions_query("env", name).state !== "granted"
    ? null
    : op_os_env_get(name);

/** The environment as an object; every access is Deno.env's. */
const env = new Proxy(
  {},
  {
    __proto__: null,
    // `env.hasOwnProperty` and the like first: no variable has such a name.
    get: (target, key) =>
      typeof key === "symbol" || key in target ? target[key] : (read(key) ?? undefined),
    set(_target, key, value) {
      if (typeof key === "symbol") throw new TypeError("A variable's name must be a string");
      op_os_env_set(key, `${value}`);
      return true;
    },
    has: (_target, key) => typeof key === "string" && read(key) !== null,
    deleteProperty(_target, key) {
      if (typeof key === "string") op_os_env_delete(key);
      return true;
    },
    defineProperty(_target, key, descriptor) {
      if (typeof key === "symbol" || !("value" in descriptor)) return false;
      op_os_env_set(key, `${descriptor.value}`);
      return true;
    },
    getOwnPropertyDescriptor(_target, key) {
      if (typeof key === "symbol") return undefined;
      const value = read(key);
      return value === null ? undefined : descriptorOf(value);
    },
    ownKeys() {
      const entries = op_os_env_list();
      const names = [];
      for (let i = 0; i < entries.length; i++) ArrayPrototypePush(names, entries[i][0]);
      return names;
    },
  },
);

const PLATFORMS = { __proto__: null, darwin: "darwin", linux: "linux", windows: "win32" };
const ARCHITECTURES = { __proto__: null, x86_64: "x64", aarch64: "arm64" };

let argumentList;
/** The executable's name, the main module's path, the script's arguments. */
function argv() {
  if (argumentList === undefined) {
    const main = os.mainModule();
    const isFile = StringPrototypeStartsWith(main, "file:///");
    argumentList = ["rt", isFile ? decodeURIComponent(main.slice(7)) : main];
    const args = os.args();
    for (let i = 0; i < args.length; i++) ArrayPrototypePush(argumentList, args[i]);
  }
  return argumentList;
}

function hrtime(previous = undefined) {
  const now = op_performance_now();
  let seconds = MathFloor(now / 1000);
  let nanoseconds = MathFloor((now - seconds * 1000) * 1e6);
  if (previous !== undefined) {
    seconds -= previous[0];
    nanoseconds -= previous[1];
    if (nanoseconds < 0) {
      seconds--;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = () => BigInt(MathFloor(op_performance_now() * 1e6));

/** The global `process`. */
export const process = {
  title: "rt",
  get argv() {
    return argv();
  },
  argv0: "rt",
  execArgv: [],
  env,
  platform: PLATFORMS[os.build.os],
  arch: ARCHITECTURES[os.build.arch],
  versions: ObjectFreeze({ rt: os.version.rt, deno: os.version.deno, v8: os.version.v8 }),
  get pid() {
    return os.pid();
  },
  get ppid() {
    return os.ppid();
  },
  get execPath() {
    return os.execPath();
  },
  get exitCode() {
    return os.exitCode();
  },
  set exitCode(code) {
    os.setExitCode(code ?? 0);
  },
  cwd: () => fs.cwd(),
  chdir: (directory) => fs.chdir(directory),
  exit: (code = undefined) => os.exit(code),
  hrtime,
  uptime: () => op_performance_now() / 1000,
  memoryUsage: () => os.memoryUsage(),
  nextTick(callback, ...args) {
    checkCallback(callback);
    addTick(callback, args);
  },
};
ObjectDefineProperty(process, Symbol.toStringTag, {
  __proto__: null,
  value: "process",
  configurable: true,
});
