// The Deno namespace: every public member, from the module that implements it. Must never hold logic.

import { op_core_close, op_core_resources } from "rt:ops/core";
import { primordials } from "rt:bootstrap/primordials.js";
import { inspect } from "rt:ext/console/inspect.js";
import { create, createSync, FsFile, open, openSync, SeekMode } from "rt:ext/fs/file.js";
import * as fs from "rt:ext/fs/fs.js";
import * as meta from "rt:ext/fs/meta.js";
import * as whole from "rt:ext/fs/whole.js";
import { consoleSize, stderr, stdin, stdout } from "rt:ext/io/stdio.js";
import { env } from "rt:ext/os/env.js";
import * as machine from "rt:ext/os/machine.js";
import * as os from "rt:ext/os/os.js";
import { Permissions, permissions, PermissionStatus } from "rt:ext/permissions/permissions.js";
import { refTimer, unrefTimer } from "rt:ext/web/timers.js";
import { errors } from "./errors.js";
import * as lazy from "./lazy.js";
import { bench, test } from "./test_stubs.js";

const { ObjectDefineProperty, TypeError } = primordials;

/** The open resources, by rid: `{ 0: "stdin", 1: "stdout", 2: "stderr", … }`. */
function resources() {
  const table = {};
  const list = op_core_resources();
  // Defined: an assignment would call a setter that a script put on Object.prototype.
  for (let i = 0; i < list.length; i++) {
    ObjectDefineProperty(table, list[i][0], {
      __proto__: null,
      value: list[i][1],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return table;
}

/** The global `Deno`. */
export const denoNs = {
  version: os.version,
  build: os.build,
  errors,
  inspect,
  env,
  exit: os.exit,
  execPath: os.execPath,
  memoryUsage: os.memoryUsage,
  resources,
  /** Closes a resource; BadResource if there is none of that number. */
  close(rid) {
    if (typeof rid !== "number" || rid >>> 0 !== rid) throw new TypeError("expected u32");
    op_core_close(rid);
  },
  permissions,
  Permissions,
  PermissionStatus,
  stdin,
  stdout,
  stderr,
  SeekMode,
  FsFile,
  open,
  openSync,
  create,
  createSync,
  refTimer,
  unrefTimer,
  ...whole,
  ...fs,
  ...meta,
  ...machine,
  consoleSize,
  test,
  bench,
};

/** Properties that are computed when they are read. */
function defineGetter(name, get, set = undefined, enumerable = true) {
  Object.defineProperty(denoNs, name, {
    __proto__: null,
    get,
    set,
    enumerable,
    configurable: true,
  });
}

defineGetter("pid", os.pid);
defineGetter("ppid", os.ppid);
defineGetter("noColor", os.noColor);
defineGetter("args", os.args);
defineGetter("mainModule", os.mainModule);
defineGetter("exitCode", os.exitCode, os.setExitCode, false);

lazy.defineLazy(denoNs, lazy.serving, ["serve"], true);
lazy.defineLazy(denoNs, lazy.sockets, ["upgradeWebSocket"], true);
lazy.defineLazy(denoNs, lazy.fetching, ["createHttpClient", "HttpClient"], true);
lazy.defineLazy(
  denoNs,
  lazy.system,
  [
    "listen",
    "connect",
    "listenDatagram",
    "resolveDns",
    "listenTls",
    "connectTls",
    "startTls",
    "watchFs",
    "Command",
    "ChildProcess",
    "spawn",
    "spawnAndWait",
    "spawnAndWaitSync",
    "kill",
    "addSignalListener",
    "removeSignalListener",
  ],
  true,
);
