// What a test started and did not finish, in words: op and resource names, and how to end each.
import { op_test_activity } from "rt:ops/testing";
import { activeTimers, primordials } from "./internals.js";

const {
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  SafeMap,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  StringPrototypeTrimStart,
} = primordials;

/** What ends on another thread, a while after it was told to: a leak only if it is there later. */
const SLOW = "worker";

const READ = ["read", "awaiting the result of a `read` call, or closing what it reads"];

/** Op to [what it does, how it ends]. */
const OPS = {
  __proto__: null,
  op_net_accept_tcp: ["accept a TCP connection", "closing a `Deno.Listener`"],
  op_net_accept_unix: ["accept a Unix connection", "closing a `Deno.Listener`"],
  op_net_connect_tcp: ["connect to a TCP server", "awaiting the result of a `Deno.connect` call"],
  op_resource_read: READ,
  op_resource_read_or_end: READ,
  op_resource_write: ["write", "awaiting the result of a `write` call"],
  op_http_wait: ["wait for HTTP requests", "calling `server.shutdown()` of a `Deno.serve` server"],
  op_process_wait: [
    "wait for a subprocess",
    "awaiting `child.status` or the result of a `Deno.Command`",
  ],
  op_fs_watch_next: ["watch files", "calling `watcher.close()` of a `Deno.watchFs` watcher"],
  op_signal_wait: ["listen for a signal", "calling `Deno.removeSignalListener`"],
};

/** Resource to [what was opened, how it is closed]. */
const RESOURCES = {
  __proto__: null,
  fsFile: ["A file", "Close the file handle by calling `file.close()`."],
  file: ["A file", "Close the file handle by calling `file.close()`."],
  tcpListener: ["A TCP listener", "Close the TCP listener by calling `tcpListener.close()`."],
  tcpStream: ["A TCP connection", "Close the TCP connection by calling `tcpConn.close()`."],
  tlsListener: ["A TLS listener", "Close the TLS listener by calling `tlsListener.close()`."],
  tlsStream: ["A TLS connection", "Close the TLS connection by calling `tlsConn.close()`."],
  unixListener: ["A Unix listener", "Close the Unix socket listener by calling `close()`."],
  unixStream: ["A Unix connection", "Close the Unix socket connection by calling `close()`."],
  udpSocket: ["A UDP socket", "Close the UDP socket by calling `udpSocket.close()`."],
  fsEvents: ["A file system watcher", "Close the watcher by calling `watcher.close()`."],
  child: ["A child process", "Close the child process by awaiting `child.status`."],
  childStdin: ["A child process stdin", "Close the stdin by calling `child.stdin.close()`."],
  childStdout: ["A child process stdout", "Close it with `await child.stdout.cancel()`."],
  childStderr: ["A child process stderr", "Close it with `await child.stderr.cancel()`."],
  httpServer: ["An HTTP server", "End it by calling `await server.shutdown()`."],
  worker: ["A worker", "End it by calling `worker.terminate()`."],
  signal: ["A signal listener", "Remove it by calling `Deno.removeSignalListener`."],
};

/** The frames of a stack that are the user's, indented below a leak. */
function framesOf(stack) {
  const start = StringPrototypeIndexOf(stack, "\n    at ");
  if (start === -1) return [];
  const lines = StringPrototypeSplit(StringPrototypeSlice(stack, start + 1), "\n");
  const frames = [];
  for (let i = 0; i < lines.length; i++) {
    const line = StringPrototypeTrimStart(lines[i]);
    if (StringPrototypeIndexOf(line, "(rt:") !== -1) continue;
    if (StringPrototypeStartsWith(line, "at rt:")) continue;
    if (StringPrototypeStartsWith(line, "at async rt:")) continue;
    ArrayPrototypePush(frames, `      ${line}`);
  }
  return frames;
}

function opText(name, count) {
  const many = count > 1;
  const start = many ? `${count} async calls` : "An async call";
  const were = many ? "were" : "was";
  const known = OPS[name];
  if (known === undefined) {
    return `${start} to ${name} ${were} started in this test, but never completed.`;
  }
  return (
    `${start} to ${known[0]} ${were} started in this test, but never completed. ` +
    `This is often caused by not ${known[1]}.`
  );
}

function resourceText(name, count) {
  const known = RESOURCES[name] ?? [`A resource "${name}"`, "Close it before the test ends."];
  const times = count > 1 ? ` (${count} times)` : "";
  return `${known[0]} was opened during the test${times}, but not closed during the test. ${known[1]}`;
}

function timerText(repeat, count) {
  const many = count > 1;
  const start = many
    ? `${count} ${repeat ? "intervals" : "timers"}`
    : repeat
      ? "An interval"
      : "A timer";
  return (
    `${start} ${many ? "were" : "was"} started in this test, but never completed. ` +
    `This is often caused by not calling \`${repeat ? "clearInterval" : "clearTimeout"}\`.`
  );
}

/**
 * The leaks of a scope (and of its steps, unless `own`), as text; "" when there are none.
 * @param {import("./context.js").TestScope} scope
 * @param {boolean} ops timers and async ops
 * @param {boolean} resources
 * @returns {string}
 */
export function findLeaks(scope, ops, resources) {
  /** By kind: {text, count, stack of the first}. */
  const groups = new SafeMap();
  const add = (key, text, stack, verb) => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { text, count: 1, stack, verb });
    else group.count++;
  };
  if (ops) {
    const timers = activeTimers();
    for (let i = 0; i < timers.length; i++) {
      const { origin, referenced, repeat } = timers[i];
      if (origin === null || !referenced || !origin.scope.within(scope)) continue;
      const key = repeat ? "interval" : "timer";
      add(key, (count) => timerText(repeat, count), origin.stack, "started");
    }
  }
  const activity = op_test_activity();
  for (let i = 0; i < activity.length; i++) {
    const isOp = activity[i][0];
    const name = activity[i][1];
    const owner = activity[i][2];
    if (!(isOp ? ops : resources) || !owner.within(scope)) continue;
    add(
      `${isOp} ${name}`,
      (count) => (isOp ? opText(name, count) : resourceText(name, count)),
      activity[i][3].stack,
      isOp ? "started" : "opened",
    );
  }
  if (groups.size === 0) return "";
  const lines = ["Leaks detected:"];
  groups.forEach(({ text, count, stack, verb }) => {
    ArrayPrototypePush(lines, `  - ${text(count)}`);
    const frames = framesOf(typeof stack === "string" ? stack : "");
    if (frames.length === 0) return;
    const first = count > 1 ? "The first" : "It";
    ArrayPrototypePush(lines, `    ${first} was ${verb} here:`);
    for (let i = 0; i < frames.length; i++) ArrayPrototypePush(lines, frames[i]);
  });
  return ArrayPrototypeJoin(lines, "\n");
}

/** Whether something of the scope goes on that may end by itself in a moment. */
export function hasSlowEnds(scope) {
  const activity = op_test_activity();
  for (let i = 0; i < activity.length; i++) {
    if (!activity[i][0] && activity[i][1] === SLOW && activity[i][2].within(scope)) return true;
  }
  return false;
}
