// Deno.permissions (modelled on https://w3c.github.io/permissions/). Only a view: whatever a script does to
// these objects, ops check natively.

import {
  op_permissions_query,
  op_permissions_request,
  op_permissions_revoke,
} from "rt:ops/permissions";
import { primordials } from "rt:bootstrap/primordials.js";
import { pathFromFileUrl } from "../fs/path.js";
import { isURL } from "../url/url.js";
import { defineEventHandler, EventTarget, fireEvent } from "../web/event_target.js";
import { Event } from "../web/event.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { illegalConstructor, illegalInvocation, kConstruct } from "../web/webidl.js";

const { SafeMap, String, TypeError } = primordials;

let update;

/** The state of one permission; there is one object for each descriptor that was asked for. */
export class PermissionStatus extends EventTarget {
  #state;
  #partial;

  static {
    update = (status, { state, partial }) => {
      const changed = status.#state !== state;
      status.#state = state;
      status.#partial = partial;
      if (changed) fireEvent(status, new Event("change"));
    };
  }

  constructor(key = undefined, { state, partial } = {}) {
    if (key !== kConstruct) throw illegalConstructor();
    super();
    this.#state = state;
    this.#partial = partial;
  }

  /** "granted", "prompt" or "denied". */
  get state() {
    return this.#state;
  }

  /** Granted, but a deny rule takes some of it away. */
  get partial() {
    return this.#partial;
  }

  [kInspect](inspect, options) {
    if (!(#state in this)) return inspect({}, options);
    const keys = this.#partial ? ["state", "onchange", "partial"] : ["state", "onchange"];
    return inspectAs("PermissionStatus", this, keys, inspect, options);
  }
}
defineEventHandler(PermissionStatus.prototype, "change");

/** Which property of a descriptor says what is meant, for each permission. */
const targets = {
  __proto__: null,
  read: "path",
  write: "path",
  ffi: "path",
  net: "host",
  import: "host",
  env: "variable",
  sys: "kind",
  run: "command",
};

/** [name, target or undefined] of a descriptor. */
function readDescriptor(descriptor) {
  const name = descriptor?.name;
  const key = typeof name === "string" ? targets[name] : undefined;
  if (key === undefined) {
    throw new TypeError(`The provided value "${String(name)}" is not a valid permission name`);
  }
  const value = descriptor[key];
  if (value === undefined || value === null) return { name, target: undefined };
  if ((key === "path" || key === "command") && isURL(value)) {
    return { name, target: pathFromFileUrl(value) };
  }
  if (typeof value !== "string") {
    throw new TypeError(
      `'${key}' of a permission descriptor must be a string, not ${typeof value}`,
    );
  }
  return { name, target: value };
}

const statuses = new SafeMap();

function refresh(op, descriptor) {
  const { name, target } = readDescriptor(descriptor);
  const answer = op(name, target);
  const key = target === undefined ? name : `${name} ${target}`;
  const known = statuses.get(key);
  if (known !== undefined) {
    update(known, answer);
    return known;
  }
  const status = new PermissionStatus(kConstruct, answer);
  statuses.set(key, status);
  return status;
}

/** The class of Deno.permissions. */
export class Permissions {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  #check() {
    if (!(#brand in this)) throw illegalInvocation();
  }

  /** The state of a permission. */
  async query(descriptor) {
    this.#check();
    return refresh(op_permissions_query, descriptor);
  }

  querySync(descriptor) {
    this.#check();
    return refresh(op_permissions_query, descriptor);
  }

  /** Gives a permission up. */
  async revoke(descriptor) {
    this.#check();
    return refresh(op_permissions_revoke, descriptor);
  }

  revokeSync(descriptor) {
    this.#check();
    return refresh(op_permissions_revoke, descriptor);
  }

  /** Asks the person at the terminal, if the state is "prompt" and there is one. */
  async request(descriptor) {
    this.#check();
    return refresh(op_permissions_request, descriptor);
  }

  requestSync(descriptor) {
    this.#check();
    return refresh(op_permissions_request, descriptor);
  }
}

export const permissions = new Permissions(kConstruct);
