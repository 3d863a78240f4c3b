// What a worker sees of itself: the interfaces of its global, WorkerNavigator and WorkerLocation
// (https://html.spec.whatwg.org/#the-workerglobalscope-common-interface). Nothing here runs in the
// main program.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_message_port_post, op_message_port_start } from "rt:ops/messaging";
import { op_worker_close } from "rt:ops/worker";
import { addReceiver } from "../messaging/message_port.js";
import { cloneDelegate, transferArgument } from "../messaging/structured_clone.js";
import { URL, urlAccessors } from "../url/url.js";
import { EventTarget, fireEvent, makeMessageEvent } from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { navigator } from "../web/navigator.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  kConstruct,
  requiredArguments,
} from "../web/webidl.js";

const { globalThis, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor } = primordials;

// The enum Delivery of src/ext/messaging/ops.cc.
const kMessage = 0;
const kMessageError = 1;

/** The global's class: what all kinds of workers have. */
export class WorkerGlobalScope extends EventTarget {
  constructor(_key = undefined) {
    throw illegalConstructor();
  }
}
configureInterface(WorkerGlobalScope);

/** The class of a dedicated worker's global. */
export class DedicatedWorkerGlobalScope extends WorkerGlobalScope {
  constructor(_key = undefined) {
    throw illegalConstructor();
  }
}
configureInterface(DedicatedWorkerGlobalScope);

let port = 0; // the worker's end of the channel with its parent

/** Takes the channel into use: from the next turn on messages are dispatched. */
export function openParentChannel(id) {
  port = id;
  addReceiver(id, (kind, data, ports) => {
    if (kind === kMessage) {
      fireEvent(globalThis, makeMessageEvent("message", data, ports));
    } else if (kind === kMessageError) {
      fireEvent(globalThis, makeMessageEvent("messageerror", data));
    } else {
      op_worker_close(); // the parent is gone
    }
  });
  op_message_port_start(id);
}

/** Operations of a dedicated worker's global. */
export const workerOperations = {
  __proto__: null,

  /** Ends the worker with the task that runs now. */
  close() {
    op_worker_close();
  },

  /** Sends a message to the parent; `transfer` moves objects. */
  postMessage(message, transfer = undefined) {
    const prefix = "Failed to execute 'postMessage' on 'DedicatedWorkerGlobalScope'";
    requiredArguments(arguments.length, 1, prefix);
    const { buffers, objects } = transferArgument(transfer, prefix);
    op_message_port_post(port, message, buffers, objects, cloneDelegate);
  },
};

const kNavigatorKeys = ["hardwareConcurrency", "userAgent", "language", "languages", "platform"];

/** https://html.spec.whatwg.org/#the-workernavigator-object */
export class WorkerNavigator {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  get hardwareConcurrency() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.hardwareConcurrency;
  }

  get userAgent() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.userAgent;
  }

  get language() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.language;
  }

  get languages() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.languages;
  }

  get locks() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.locks;
  }

  get platform() {
    if (!(#brand in this)) throw illegalInvocation();
    return navigator.platform;
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("WorkerNavigator", this, kNavigatorKeys, inspect, options);
  }
}
configureInterface(WorkerNavigator);

/** `navigator` of a worker. */
export const workerNavigator = new WorkerNavigator(kConstruct);

const kLocationKeys = [
  "hash",
  "host",
  "hostname",
  "href",
  "origin",
  "pathname",
  "port",
  "protocol",
  "search",
];

let urlOf;

/** The worker's address: https://html.spec.whatwg.org/#workerlocation */
export class WorkerLocation {
  #url;

  constructor(key = undefined, url = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#url = url;
  }

  static {
    urlOf = (value) => {
      if (typeof value !== "object" || value === null || !(#url in value)) {
        throw illegalInvocation();
      }
      return value.#url;
    };
  }

  toString() {
    return urlOf(this).href;
  }

  [kInspect](inspect, options) {
    if (!(#url in this)) return inspect({}, options);
    return inspectAs("WorkerLocation", this, kLocationKeys, inspect, options);
  }
}
for (let i = 0; i < kLocationKeys.length; i++) {
  const name = kLocationKeys[i];
  const { get: read } = urlAccessors[name];
  const accessors = {
    __proto__: null,
    get [name]() {
      return read(urlOf(this));
    },
  };
  ObjectDefineProperty(
    WorkerLocation.prototype,
    name,
    ObjectGetOwnPropertyDescriptor(accessors, name),
  );
}
configureInterface(WorkerLocation);

/** `location` of a worker at `href`. */
export function makeWorkerLocation(href) {
  return new WorkerLocation(kConstruct, new URL(href));
}
