// The controllers a script's source is given
// (https://streams.spec.whatwg.org/#rs-default-controller-class, #rbs-controller-class,
// #rs-byob-request-class): checks, and nothing else.

import { primordials } from "rt:bootstrap/primordials.js";
import { viewLength } from "../web/buffer_source.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  kConstruct,
  requiredArguments,
  unsignedLongLong,
} from "../web/webidl.js";
import { kReadable, wrappers } from "./readable.js";
import { isDetachedView, toView } from "./views.js";

const { TypeError } = primordials;

/** Controls a stream of any chunks. */
export class ReadableStreamDefaultController {
  #controller;

  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#controller = controller;
  }

  get desiredSize() {
    if (!(#controller in this)) throw illegalInvocation();
    return this.#controller.desiredSize;
  }

  close() {
    if (!(#controller in this)) throw illegalInvocation();
    if (!this.#controller.canEnqueue) {
      throw new TypeError("The stream controller cannot close or enqueue");
    }
    this.#controller.close();
  }

  enqueue(chunk = undefined) {
    if (!(#controller in this)) throw illegalInvocation();
    if (!this.#controller.canEnqueue) {
      throw new TypeError("The stream controller cannot close or enqueue");
    }
    this.#controller.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!(#controller in this)) throw illegalInvocation();
    this.#controller.error(reason);
  }

  [kInspect](inspect, options) {
    if (!(#controller in this)) return inspect({}, options);
    return inspectAs("ReadableStreamDefaultController", this, ["desiredSize"], inspect, options);
  }
}
configureInterface(ReadableStreamDefaultController);
wrappers.defaultController = (controller) =>
  new ReadableStreamDefaultController(kConstruct, controller);

const kEnforceRange = { __proto__: null, enforceRange: true };

/** What a source fills when a reader brought its own memory. */
export class ReadableStreamBYOBRequest {
  #request;

  constructor(key = undefined, request = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#request = request;
  }

  get view() {
    if (!(#request in this)) throw illegalInvocation();
    return this.#request.view;
  }

  respond(bytesWritten) {
    if (!(#request in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'respond' on 'ReadableStreamBYOBRequest'";
    requiredArguments(arguments.length, 1, prefix);
    bytesWritten = unsignedLongLong(bytesWritten, prefix, "Argument 1", kEnforceRange);
    const { controller, view } = this.#request;
    if (controller === null) throw new TypeError("This BYOB request has been invalidated");
    if (isDetachedView(view)) {
      throw new TypeError("The BYOB request's buffer has been detached and so cannot be used");
    }
    controller.respond(bytesWritten);
  }

  respondWithNewView(view) {
    if (!(#request in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'respondWithNewView' on 'ReadableStreamBYOBRequest'";
    requiredArguments(arguments.length, 1, prefix);
    toView(view, prefix, "Argument 1");
    const { controller } = this.#request;
    if (controller === null) throw new TypeError("This BYOB request has been invalidated");
    if (isDetachedView(view)) {
      throw new TypeError("The supplied view's buffer has been detached and so cannot be used");
    }
    controller.respondWithNewView(view);
  }

  [kInspect](inspect, options) {
    if (!(#request in this)) return inspect({}, options);
    return inspectAs("ReadableStreamBYOBRequest", this, ["view"], inspect, options);
  }
}
configureInterface(ReadableStreamBYOBRequest);

/** Controls a stream of bytes. */
export class ReadableByteStreamController {
  #controller;

  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#controller = controller;
  }

  get byobRequest() {
    if (!(#controller in this)) throw illegalInvocation();
    const request = this.#controller.byobRequest;
    if (request === null) return null;
    return (request.object ??= new ReadableStreamBYOBRequest(kConstruct, request));
  }

  get desiredSize() {
    if (!(#controller in this)) throw illegalInvocation();
    return this.#controller.desiredSize;
  }

  close() {
    if (!(#controller in this)) throw illegalInvocation();
    const controller = this.#controller;
    if (controller.closeRequested) throw new TypeError("Closed already requested");
    if (controller.stream.state !== kReadable) {
      throw new TypeError("ReadableByteStreamController's stream is not in a readable state");
    }
    controller.close();
  }

  enqueue(chunk) {
    if (!(#controller in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'enqueue' on 'ReadableByteStreamController'";
    requiredArguments(arguments.length, 1, prefix);
    toView(chunk, prefix, "Argument 1");
    // So is that of its buffer then.
    if (viewLength(chunk) === 0) throw new TypeError("Length of chunk must be non-zero");
    const controller = this.#controller;
    if (controller.closeRequested) {
      throw new TypeError("Cannot enqueue chunk after a close has been requested");
    }
    if (controller.stream.state !== kReadable) {
      throw new TypeError("Cannot enqueue chunk when the stream is not readable");
    }
    controller.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!(#controller in this)) throw illegalInvocation();
    this.#controller.error(reason);
  }

  [kInspect](inspect, options) {
    if (!(#controller in this)) return inspect({}, options);
    const keys = ["byobRequest", "desiredSize"];
    return inspectAs("ReadableByteStreamController", this, keys, inspect, options);
  }
}
configureInterface(ReadableByteStreamController);
wrappers.byteController = (controller) => new ReadableByteStreamController(kConstruct, controller);
