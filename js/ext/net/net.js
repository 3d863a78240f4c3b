// Deno.listen and Deno.connect: checks arguments, calls the op of the transport, wraps the answer.

import { op_core_try_close } from "rt:ops/core";
import { op_io_cancellation } from "rt:ops/io";
import {
  op_net_accept_tcp,
  op_net_accept_unix,
  op_net_connect_tcp,
  op_net_connect_unix,
  op_net_listen_tcp,
  op_net_listen_unix,
} from "rt:ops/net";
import { primordials } from "rt:bootstrap/primordials.js";
import { throwIfAborted, withCallerUnlessReason } from "../io/cancel.js";
import {
  addAbortAlgorithm,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
} from "../web/abort.js";
import { kConstruct } from "../web/webidl.js";
import { TcpConn, UnixConn } from "./conn.js";
import { Listener } from "./listener.js";
import { withActivated } from "./activated.js";
import { inetAddr, toPort, toSocketPath } from "./port.js";

const { MathFloor, TypeError } = primordials;

const kDefaultBacklog = 511;

function unsupported(transport) {
  return new TypeError(`Unsupported transport: '${transport}'`);
}

function wrapTcp(made) {
  return new TcpConn(
    kConstruct,
    made.rid,
    inetAddr(made.remoteHostname, made.remotePort, "tcp"),
    inetAddr(made.localHostname, made.localPort, "tcp"),
  );
}

function wrapUnix(made, addr) {
  return new UnixConn(
    kConstruct,
    made.rid,
    { transport: "unix", path: made.remotePath },
    { transport: "unix", path: addr.path },
  );
}

/** A count a script may leave out; what is no positive 32-bit integer is an error. */
function toCount(value, fallback, name) {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "number" || !(value >= 0 && value <= 0x7fffffff)) {
    throw new TypeError(`Invalid ${name}: ${value}`);
  }
  return MathFloor(value);
}

/**
 * Listens on a TCP address or a unix socket.
 * @param {{ transport?: string, hostname?: string, port?: number, path?: string, activated?: string }} given
 */
export function listen(given) {
  const options = withActivated(given);
  const transport = options.transport ?? "tcp";
  switch (transport) {
    case "tcp": {
      const port = toPort(options.port, true);
      const host = `${options.hostname ?? "0.0.0.0"}`;
      const bound = op_net_listen_tcp(
        { __proto__: null, host, port },
        {
          __proto__: null,
          reusePort: options.reusePort === true || options.loadBalanced === true,
          backlog: toCount(options.tcpBacklog, kDefaultBacklog, "tcpBacklog"),
        },
      );
      const addr = inetAddr(bound.hostname, bound.port, "tcp");
      return new Listener(kConstruct, bound.rid, addr, op_net_accept_tcp, wrapTcp);
    }
    case "unix": {
      const path = toSocketPath(options.path);
      const rid = op_net_listen_unix(path, kDefaultBacklog);
      const addr = { transport: "unix", path };
      return new Listener(kConstruct, rid, addr, op_net_accept_unix, wrapUnix);
    }
    default:
      throw unsupported(transport);
  }
}

/**
 * Calls `start(rid)` with a cancellation that `signal` triggers, or with undefined. Unlike
 * startAbortable it waits for the op, which ends at once: nobody is left with an open connection.
 * @param {AbortSignal | undefined | null} signal
 */
export async function abortableConnect(signal, start) {
  if (signal === undefined || signal === null) return await start(undefined);
  throwIfAborted(signal);
  const cancellation = op_io_cancellation();
  const cancel = () => op_core_try_close(cancellation);
  addAbortAlgorithm(signal, cancel);
  let made;
  try {
    made = await start(cancellation);
  } catch (error) {
    throw isSignalAborted(signal) ? signalReason(signal) : error;
  } finally {
    removeAbortAlgorithm(signal, cancel);
    cancel();
  }
  if (isSignalAborted(signal)) {
    op_core_try_close(made.rid);
    throw signalReason(signal);
  }
  return made;
}

async function connectTcp(options) {
  const port = toPort(options.port, false);
  const host = `${options.hostname ?? "127.0.0.1"}`;
  const connectOptions = {
    __proto__: null,
    race: options.autoSelectFamily !== false,
    attemptDelay: toCount(
      options.autoSelectFamilyAttemptDelay,
      250,
      "autoSelectFamilyAttemptDelay",
    ),
  };
  return wrapTcp(
    await abortableConnect(options.signal, (cancellation) =>
      op_net_connect_tcp({ __proto__: null, host, port }, connectOptions, cancellation),
    ),
  );
}

/**
 * Connects to a TCP address or a unix socket.
 * @param {{ transport?: string, hostname?: string, port?: number, path?: string, signal?: AbortSignal }} options
 */
export async function connect(options) {
  const transport = options.transport ?? "tcp";
  try {
    switch (transport) {
      case "tcp":
        return await connectTcp(options);
      case "unix": {
        const path = toSocketPath(options.path);
        const made = op_net_connect_unix(path);
        return new UnixConn(
          kConstruct,
          made.rid,
          { transport: "unix", path },
          { transport: "unix", path: made.localPath },
        );
      }
      default:
        throw unsupported(transport);
    }
  } catch (error) {
    throw withCallerUnlessReason(error, options.signal, connect);
  }
}
