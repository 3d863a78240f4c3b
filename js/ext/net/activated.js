// Sockets that a service manager (systemd) opened before rt started. One is listened on by its address,
// like any other, or by the name it was given (`activated`).

import { op_net_activated } from "rt:ops/net";
import { primordials } from "rt:bootstrap/primordials.js";

const { TypeError } = primordials;

/**
 * Options whose `activated` is the name of such a socket, with its address filled in; others as they are.
 * @template T
 * @param {T & { activated?: string }} options
 * @returns {T}
 */
export function withActivated(options) {
  const { activated } = options;
  if (activated === undefined || activated === null) return options;
  if (typeof activated !== "string") throw new TypeError("Invalid activated: must be a string");
  const { transport, hostname, port, path } = op_net_activated(activated);
  if (path !== "") return { __proto__: options, transport, path };
  return { __proto__: options, transport, hostname, port };
}
