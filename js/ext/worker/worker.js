// Worker (https://html.spec.whatwg.org/#worker), as the parent sees one. A message channel connects
// the two (src/ext/messaging); its end is the worker's end, and C++ then knows how it went.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_message_port_close,
  op_message_port_post,
  op_message_port_start,
} from "rt:ops/messaging";
import { op_worker_create, op_worker_outcome, op_worker_terminate } from "rt:ops/worker";
import { blobBytes, blobType } from "../blob/blob.js";
import { blobOfUrl } from "../blob/blob_url.js";
import { addReceiver, removeReceiver } from "../messaging/message_port.js";
import { cloneDelegate, transferArgument } from "../messaging/structured_clone.js";
import { parseHref } from "../url/url.js";
import { DOMException } from "../web/dom_exception.js";
import {
  defineEventHandler,
  ErrorEvent,
  EventTarget,
  fireEvent,
  makeMessageEvent,
} from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { locationHref } from "../web/location.js";
import { decodeUtf8 } from "../web/text_encoding.js";
import {
  configureInterface,
  domString,
  enumeration,
  illegalInvocation,
  isObject,
  makeException,
  requiredArguments,
  unsignedLong,
  usvString,
} from "../web/webidl.js";
import { toPermissionRules } from "./permissions.js";

const {
  ArrayPrototypePush,
  Error,
  PromiseReject,
  RegExpPrototypeTest,
  SafeRegExp,
  StringPrototypeStartsWith,
  URIError,
  globalThis,
} = primordials;

// The enum Delivery of src/ext/messaging/ops.cc.
const kMessage = 0;
const kClosed = 2;

const kPrefix = "Failed to construct 'Worker'";
const workerType = enumeration("WorkerType", ["classic", "module"]);
const kScheme = new SafeRegExp("^[A-Za-z][A-Za-z0-9+.-]*:");

/** The absolute URL of the main module. */
function resolve(specifier) {
  const href = parseHref(specifier, locationHref() ?? undefined);
  if (href !== null) return href;
  throw new URIError(
    RegExpPrototypeTest(kScheme, specifier)
      ? `invalid URL: ${specifier}`
      : "invalid URL: relative URL without a base",
  );
}

/** Of Node's `resourceLimits`, in the order op_worker_create takes them. */
const kLimits = ["maxOldGenerationSizeMb", "maxYoungGenerationSizeMb", "codeRangeSizeMb"];
const kMaxLimitMb = 1024 * 1024;

function toLimits(value) {
  const limits = [0, 0, 0, 0];
  if (value === undefined || value === null) return limits;
  if (!isObject(value)) {
    throw makeException(kPrefix, "'resourceLimits' of 'WorkerOptions'", "is not an object");
  }
  const read = (name) => {
    const given = value[name];
    if (given === undefined) return 0;
    const number = unsignedLong(given, kPrefix, `'${name}' of 'resourceLimits'`);
    if (number > kMaxLimitMb) {
      throw makeException(kPrefix, `'${name}' of 'resourceLimits'`, "is too large");
    }
    return number;
  };
  for (let i = 0; i < kLimits.length; i++) limits[i] = read(kLimits[i]);
  limits[3] = read("stackSizeMb");
  return limits;
}

/** A module that runs on a thread of its own. Keeps the program alive until it ends. */
export class Worker extends EventTarget {
  #id = 0; // 0: it ended
  #port = 0;

  constructor(scriptUrl, options = undefined) {
    requiredArguments(arguments.length, 1, kPrefix);
    super();
    const specifier = usvString(scriptUrl);
    let name = "";
    let type = "classic";
    let permissions;
    let limits;
    if (options !== undefined && options !== null) {
      if (!isObject(options)) {
        throw makeException(kPrefix, "Argument 2", "can not be converted to a dictionary");
      }
      permissions = options.deno?.permissions;
      if (options.name !== undefined) name = domString(options.name);
      limits = options.resourceLimits;
      if (options.type !== undefined) type = workerType(options.type, kPrefix, "Argument 2");
    }
    if (type === "classic") {
      throw new DOMException("Classic workers are not supported.", "NotSupportedError");
    }
    const url = resolve(specifier);
    let text = null;
    let mediaType = "";
    if (StringPrototypeStartsWith(url, "blob:")) {
      // Now: the script may revoke the URL right after.
      const blob = blobOfUrl(url);
      if (blob !== undefined) {
        text = decodeUtf8(blobBytes(blob));
        mediaType = blobType(blob);
      }
    }
    const rules = toPermissionRules(permissions);
    const ids = op_worker_create({
      url,
      name,
      text,
      mediaType,
      permissionModes: rules.modes,
      permissionLists: rules.lists,
      limits: toLimits(limits),
    });
    this.#id = ids[0];
    this.#port = ids[1];
    addReceiver(this.#port, (kind, data, ports) => this.#onDelivery(kind, data, ports));
    op_message_port_start(this.#port);
  }

  #onDelivery(kind, data, ports) {
    if (kind === kMessage) {
      fireEvent(this, makeMessageEvent("message", data, ports));
    } else if (kind === kClosed) {
      this.#onEnd();
    } else {
      fireEvent(this, makeMessageEvent("messageerror", data));
    }
  }

  #onEnd() {
    removeReceiver(this.#port);
    const outcome = op_worker_outcome(this.#id);
    this.#id = 0;
    this.#port = 0;
    if (!outcome.failed) return;
    const makeEvent = () =>
      new ErrorEvent("error", {
        cancelable: true,
        message: outcome.message,
        filename: outcome.filename,
        lineno: outcome.line,
        colno: outcome.column,
        error: null,
      });
    if (!fireEvent(this, makeEvent())) return;
    // What no script is to blame for is the parent's own mistake: not told to the global.
    if (outcome.filename !== "" && !fireEvent(globalThis, makeEvent())) return;
    PromiseReject(new Error("Unhandled error in child worker."));
  }

  /** Sends a message; `transfer` moves objects. */
  postMessage(message, transfer = undefined) {
    if (!(#id in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'postMessage' on 'Worker'";
    requiredArguments(arguments.length, 1, prefix);
    const { buffers, objects } = transferArgument(transfer, prefix);
    op_message_port_post(this.#port, message, buffers, objects, cloneDelegate);
  }

  /** Ends the worker at once, wherever it is; no event comes of it any more. */
  terminate() {
    if (!(#id in this)) throw illegalInvocation();
    if (this.#id === 0) return;
    const port = this.#port;
    removeReceiver(port);
    op_worker_terminate(this.#id);
    this.#id = 0;
    this.#port = 0;
    op_message_port_close(port);
  }

  [kInspect](inspect, options) {
    if (!(#id in this)) return inspect({}, options);
    return inspectAs("Worker", this, kHandlers, inspect, options);
  }
}
const kHandlers = [];
const kEvents = ["error", "message", "messageerror"];
for (let i = 0; i < kEvents.length; i++) {
  const type = kEvents[i];
  defineEventHandler(Worker.prototype, type);
  ArrayPrototypePush(kHandlers, `on${type}`);
}
configureInterface(Worker);
