// Checks of what scripts pass as ports and addresses. Pure.

import { primordials } from "rt:bootstrap/primordials.js";

const { Number, NumberIsInteger, NumberIsNaN, RangeError, TypeError } = primordials;

/**
 * The port as a number. A server may leave it out, or say 0, for any free port.
 * @param {unknown} value
 * @param {boolean} isServer
 */
export function toPort(value, isServer) {
  if (isServer && (value === undefined || value === null)) return 0;
  if (typeof value !== "number" && typeof value !== "string") {
    throw new TypeError(`Invalid port (expected number): ${value}`);
  }
  if (value === "") throw new TypeError("Invalid port: ''");
  const port = Number(value);
  if (!NumberIsInteger(port)) {
    const isText = NumberIsNaN(port) && !NumberIsNaN(value);
    throw new TypeError(`Invalid port: ${isText ? `'${value}'` : value}`);
  }
  if (port < (isServer ? 0 : 1) || port > 65535) {
    throw new RangeError(`Invalid port (out of range): ${value}`);
  }
  return port;
}

/** `unix:` paths: strings only. */
export function toSocketPath(path) {
  if (typeof path !== "string") throw new TypeError("Invalid path: must be a string");
  return path;
}

/** The address object of a TCP, UDP or TLS end. */
export function inetAddr(hostname, port, transport) {
  return { __proto__: null, hostname, port, transport };
}
