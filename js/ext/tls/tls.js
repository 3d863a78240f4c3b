// Deno.connectTls, startTls and listenTls: checks arguments and wraps what the ops give.

import {
  op_tls_accept,
  op_tls_connect,
  op_tls_handshake,
  op_tls_listen,
  op_tls_start,
} from "rt:ops/tls";
import { primordials } from "rt:bootstrap/primordials.js";
import { withCaller } from "../io/async_error.js";
import { withCallerUnlessReason } from "../io/cancel.js";
import { Conn, ridOf } from "../net/conn.js";
import { Listener } from "../net/listener.js";
import { abortableConnect } from "../net/net.js";
import { inetAddr, toPort } from "../net/port.js";
import { kConstruct } from "../web/webidl.js";

const { ArrayIsArray, ArrayPrototypePush, TypeError } = primordials;

class TlsConn extends Conn {
  /** Waits for the handshake; `{ alpnProtocol }` is what was chosen, or null. */
  async handshake() {
    try {
      return await op_tls_handshake(ridOf(this));
    } catch (error) {
      throw withCaller(error, this.handshake);
    }
  }
}

class TlsListener extends Listener {}

function wrapTls(made) {
  return new TlsConn(
    kConstruct,
    made.rid,
    inetAddr(made.remoteHostname, made.remotePort, "tcp"),
    inetAddr(made.localHostname, made.localPort, "tcp"),
  );
}

/** A list of strings a script may leave out. */
export function toStrings(value, name) {
  const list = [];
  if (value === undefined || value === null) return list;
  if (!ArrayIsArray(value)) throw new TypeError(`Invalid ${name}: must be an array of strings`);
  for (let i = 0; i < value.length; i++) {
    const text = value[i];
    if (typeof text !== "string")
      throw new TypeError(`Invalid ${name}: must be an array of strings`);
    ArrayPrototypePush(list, text);
  }
  return list;
}

/** `{ cert, key }`, or nothing; one without the other is an error. */
export function toKeyPair(options, api) {
  const { cert, key, keyFormat } = options;
  if (keyFormat !== undefined && keyFormat !== "pem") {
    throw new TypeError(`If "keyFormat" is specified, it must be "pem": received "${keyFormat}"`);
  }
  if (cert !== undefined && key === undefined) {
    throw new TypeError(
      `If \`cert\` is specified, \`key\` must be specified as well for \`${api}\``,
    );
  }
  if (cert === undefined && key !== undefined) {
    throw new TypeError(
      `If \`key\` is specified, \`cert\` must be specified as well for \`${api}\``,
    );
  }
  if (cert === undefined) return undefined;
  if (typeof cert !== "string" || typeof key !== "string") {
    throw new TypeError(`\`cert\` and \`key\` must be strings (PEM) for \`${api}\``);
  }
  return { cert, key };
}

function clientOptions(options, serverName, api) {
  const pair = toKeyPair(options, api);
  return {
    __proto__: null,
    serverName,
    caCerts: toStrings(options.caCerts, "caCerts"),
    cert: pair?.cert,
    key: pair?.key,
    alpnProtocols: toStrings(options.alpnProtocols, "alpnProtocols"),
    verifyHostname: options.unsafelyDisableHostnameVerification !== true,
    race: options.autoSelectFamily !== false,
    attemptDelay: options.autoSelectFamilyAttemptDelay ?? 250,
  };
}

function checkTransport(options) {
  const transport = options.transport ?? "tcp";
  if (transport !== "tcp") throw new TypeError(`Unsupported transport: '${transport}'`);
}

/**
 * Connects with TCP and begins TLS. The handshake goes on by itself: its failure is that of the first
 * `handshake`, `read` or `write`.
 * @param {{ hostname?: string, port: number, caCerts?: string[], cert?: string, key?: string, alpnProtocols?: string[], signal?: AbortSignal }} options
 */
export async function connectTls(options) {
  try {
    checkTransport(options);
    const port = toPort(options.port, false);
    const host = `${options.hostname ?? "127.0.0.1"}`;
    const tlsOptions = clientOptions(options, host, "Deno.connectTls");
    return wrapTls(
      await abortableConnect(options.signal, (cancellation) =>
        op_tls_connect({ __proto__: null, host, port }, tlsOptions, cancellation),
      ),
    );
  } catch (error) {
    throw withCallerUnlessReason(error, options?.signal, connectTls);
  }
}

/**
 * Begins TLS as the client over a connection, which must not be used any more.
 * @param {Conn} conn
 * @param {{ hostname?: string, caCerts?: string[], alpnProtocols?: string[] }} [options]
 */
export async function startTls(conn, options = { __proto__: null }) {
  const rid = ridOf(conn);
  const host = `${options.hostname ?? "127.0.0.1"}`;
  return wrapTls(op_tls_start(rid, rid, clientOptions(options, host, "Deno.startTls")));
}

/**
 * Listens for TLS connections. Besides Deno's options: `certificates`, a list of `{ cert, key }` of which
 * the one that fits the name a client asks for is used; `clientAuth`, "request" or "require", with
 * `caCerts` that client certificates must come from.
 * @param {{ hostname?: string, port?: number, cert?: string, key?: string, alpnProtocols?: string[] }} options
 */
export function listenTls(options) {
  checkTransport(options);
  const port = toPort(options.port, true);
  const host = `${options.hostname ?? "0.0.0.0"}`;
  const bound = op_tls_listen({ __proto__: null, host, port }, serverOptions(options));
  const addr = inetAddr(bound.hostname, bound.port, "tcp");
  return new TlsListener(kConstruct, bound.rid, addr, op_tls_accept, wrapTls);
}

/** Whether an options object asks for TLS. */
export function wantsTls(options) {
  return (
    options.cert !== undefined || options.key !== undefined || options.certificates !== undefined
  );
}

/** Certificates and client certificates of a server: what Deno.listenTls and Deno.serve share. */
export function serverIdentity(options, api) {
  const certs = [];
  const keys = [];
  const add = (each) => {
    const pair = toKeyPair(each, api);
    if (pair === undefined) return;
    ArrayPrototypePush(certs, pair.cert);
    ArrayPrototypePush(keys, pair.key);
  };
  add(options);
  const more = options.certificates ?? [];
  for (let i = 0; i < more.length; i++) add(more[i]);
  if (certs.length === 0) {
    throw new TypeError(`A key and certificate are required for \`${api}\``);
  }
  const { clientAuth } = options;
  if (clientAuth !== undefined && clientAuth !== "request" && clientAuth !== "require") {
    throw new TypeError(`Invalid clientAuth: '${clientAuth}'`);
  }
  const clientCaCerts = clientAuth === undefined ? [] : toStrings(options.caCerts, "caCerts");
  if (clientAuth !== undefined && clientCaCerts.length === 0) {
    throw new TypeError("`clientAuth` needs `caCerts`: whom client certificates must come from");
  }
  return {
    __proto__: null,
    certs,
    keys,
    clientCaCerts,
    clientCertRequired: clientAuth === "require",
  };
}

function serverOptions(options) {
  return {
    __proto__: null,
    ...serverIdentity(options, "Deno.listenTls"),
    alpnProtocols: toStrings(options.alpnProtocols, "alpnProtocols"),
    reusePort: options.reusePort === true,
    backlog: options.tcpBacklog ?? 511,
  };
}
