// Lazy: sockets, names, child processes, signals and watched folders of the Deno namespace.
import { watchFs } from "rt:ext/fs/watch.js";
import { listenDatagram } from "rt:ext/net/datagram.js";
import { resolveDns } from "rt:ext/net/dns.js";
import { connect, listen } from "rt:ext/net/net.js";
import { ChildProcess, kill } from "rt:ext/process/child.js";
import { Command, spawn, spawnAndWait, spawnAndWaitSync } from "rt:ext/process/command.js";
import { addSignalListener, removeSignalListener } from "rt:ext/process/signals.js";
import { connectTls, listenTls, startTls } from "rt:ext/tls/tls.js";
import { provide } from "../lazy.js";

provide("system", {
  __proto__: null,
  addSignalListener,
  ChildProcess,
  Command,
  connect,
  connectTls,
  kill,
  listen,
  listenDatagram,
  listenTls,
  removeSignalListener,
  resolveDns,
  spawn,
  spawnAndWait,
  spawnAndWaitSync,
  startTls,
  watchFs,
});
