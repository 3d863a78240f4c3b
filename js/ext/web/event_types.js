// The subclasses of Event that rt itself fires. Nothing here may dispatch anything.

import { primordials } from "rt:bootstrap/primordials.js";
import { Event, eventInitMembers, eventState, kDispatching, setInspectedKeys } from "./event.js";
import {
  anyValue,
  boolean,
  configureInterface,
  dictionary,
  domString,
  double,
  illegalInvocation,
  interfaceType,
  kConstruct,
  nullable,
  object,
  requiredArguments,
  sequence,
  unsignedLong,
  unsignedShort,
  usvString,
} from "./webidl.js";

const { ArrayPrototypePush, ArrayPrototypeSlice, ObjectFreeze, ObjectGetPrototypeOf, SafeMap } =
  primordials;

const extraKeys = new SafeMap(); // prototype -> the properties console.log adds, in Deno's order
setInspectedKeys((event, keys) => {
  for (
    let prototype = ObjectGetPrototypeOf(event);
    prototype !== null && prototype !== Event.prototype;
    prototype = ObjectGetPrototypeOf(prototype)
  ) {
    const own = extraKeys.get(prototype);
    if (own === undefined) continue;
    const all = ArrayPrototypeSlice(keys);
    for (let i = 0; i < own.length; i++) ArrayPrototypePush(all, own[i]);
    return all;
  }
  return keys;
});

/** What console.log shows of events of this class, and of those that extend it, besides. */
export function addInspectedKeys(Class, keys) {
  extraKeys.set(Class.prototype, keys);
}

/** What every event constructor does first. */
function begin(length, name, init, toInit, required = 1) {
  const prefix = `Failed to construct '${name}'`;
  requiredArguments(length, required, prefix);
  return toInit(init, prefix, "Argument 2");
}

const customEventInit = dictionary("CustomEventInit", eventInitMembers, [
  { key: "detail", converter: anyValue, defaultValue: null },
]);

/** An event with any value attached (https://dom.spec.whatwg.org/#interface-customevent). */
export class CustomEvent extends Event {
  #detail;

  constructor(type, init = undefined) {
    const own = begin(arguments.length, "CustomEvent", init, customEventInit);
    super(type, own);
    this.#detail = own.detail;
  }

  get detail() {
    if (!(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }

  initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
    if (!(#detail in this)) throw illegalInvocation();
    requiredArguments(arguments.length, 1, "Failed to execute 'initCustomEvent' on 'CustomEvent'");
    if (eventState.flags(this) & kDispatching) return;
    eventState.init(this, domString(type), !!bubbles, !!cancelable);
    this.#detail = detail;
  }
}
configureInterface(CustomEvent);
addInspectedKeys(CustomEvent, ["detail"]);

const errorEventInit = dictionary("ErrorEventInit", eventInitMembers, [
  { key: "colno", converter: unsignedLong, defaultValue: 0 },
  { key: "error", converter: anyValue },
  { key: "filename", converter: usvString, defaultValue: "" },
  { key: "lineno", converter: unsignedLong, defaultValue: 0 },
  { key: "message", converter: domString, defaultValue: "" },
]);

/** An error nobody caught (https://html.spec.whatwg.org/#errorevent). */
export class ErrorEvent extends Event {
  #colno;
  #error;
  #filename;
  #lineno;
  #message;

  constructor(type, init = undefined) {
    const own = begin(arguments.length, "ErrorEvent", init, errorEventInit);
    super(type, own);
    this.#colno = own.colno;
    this.#error = own.error;
    this.#filename = own.filename;
    this.#lineno = own.lineno;
    this.#message = own.message;
  }

  get colno() {
    if (!(#colno in this)) throw illegalInvocation();
    return this.#colno;
  }

  get error() {
    if (!(#error in this)) throw illegalInvocation();
    return this.#error;
  }

  get filename() {
    if (!(#filename in this)) throw illegalInvocation();
    return this.#filename;
  }

  get lineno() {
    if (!(#lineno in this)) throw illegalInvocation();
    return this.#lineno;
  }

  get message() {
    if (!(#message in this)) throw illegalInvocation();
    return this.#message;
  }
}
configureInterface(ErrorEvent);
addInspectedKeys(ErrorEvent, ["message", "filename", "lineno", "colno", "error"]);

const promiseRejectionEventInit = dictionary("PromiseRejectionEventInit", eventInitMembers, [
  { key: "promise", converter: object, required: true },
  { key: "reason", converter: anyValue },
]);

/** A promise rejected without handler (https://html.spec.whatwg.org/#promiserejectionevent). */
export class PromiseRejectionEvent extends Event {
  #promise;
  #reason;

  constructor(type, init) {
    const own = begin(
      arguments.length,
      "PromiseRejectionEvent",
      init,
      promiseRejectionEventInit,
      2,
    );
    super(type, own);
    this.#promise = own.promise;
    this.#reason = own.reason;
  }

  get promise() {
    if (!(#promise in this)) throw illegalInvocation();
    return this.#promise;
  }

  get reason() {
    if (!(#promise in this)) throw illegalInvocation();
    return this.#reason;
  }
}
configureInterface(PromiseRejectionEvent);
addInspectedKeys(PromiseRejectionEvent, ["promise", "reason"]);

const closeEventInit = dictionary("CloseEventInit", eventInitMembers, [
  { key: "code", converter: unsignedShort, defaultValue: 0 },
  { key: "reason", converter: usvString, defaultValue: "" },
  { key: "wasClean", converter: boolean, defaultValue: false },
]);

/** A connection ended (https://websockets.spec.whatwg.org/#the-closeevent-interface). */
export class CloseEvent extends Event {
  #code;
  #reason;
  #wasClean;

  constructor(type, init = undefined) {
    const own = begin(arguments.length, "CloseEvent", init, closeEventInit);
    super(type, own);
    this.#code = own.code;
    this.#reason = own.reason;
    this.#wasClean = own.wasClean;
  }

  get code() {
    if (!(#code in this)) throw illegalInvocation();
    return this.#code;
  }

  get reason() {
    if (!(#reason in this)) throw illegalInvocation();
    return this.#reason;
  }

  get wasClean() {
    if (!(#wasClean in this)) throw illegalInvocation();
    return this.#wasClean;
  }
}
configureInterface(CloseEvent);
addInspectedKeys(CloseEvent, ["wasClean", "code", "reason"]);

const messageEventInit = dictionary("MessageEventInit", eventInitMembers, [
  { key: "data", converter: anyValue, defaultValue: null },
  { key: "origin", converter: usvString, defaultValue: "" },
  { key: "lastEventId", converter: domString, defaultValue: "" },
  {
    key: "source",
    converter: nullable(interfaceType("MessageEventSource", (value) => isMessagePort(value))),
    defaultValue: null,
  },
  {
    key: "ports",
    converter: sequence(interfaceType("MessagePort", (value) => isMessagePort(value))),
    defaultValue: () => [],
  },
]);

/** No value is a MessagePort until the messaging module says which are. */
let isMessagePort = () => false;
export function setIsMessagePort(check) {
  isMessagePort = check;
}

/** Built-in code: an event of `data` and, if there are any, a fresh array of `ports`. */
export let makeMessageEvent;
/** Built-in code: an event that says where it comes from. */
export let makeMessageEventFrom;

const kNoPorts = ObjectFreeze([]);

/** A message (https://html.spec.whatwg.org/#messageevent). */
export class MessageEvent extends Event {
  #data = null;
  #origin = "";
  #lastEventId = "";
  #source = null;
  #ports = kNoPorts;

  constructor(type, init = undefined) {
    if (type === kConstruct) {
      super(kConstruct);
      return;
    }
    const own = begin(arguments.length, "MessageEvent", init, messageEventInit);
    super(type, own);
    this.#data = own.data;
    this.#origin = own.origin;
    this.#lastEventId = own.lastEventId;
    this.#source = own.source;
    this.#ports = ObjectFreeze(own.ports);
  }

  static {
    const blank = new MessageEvent(kConstruct);
    const copyBlank = (type, data) => {
      const event = eventState.copy(blank, type);
      event.#data = data;
      return event;
    };
    makeMessageEvent = (type, data, ports = undefined) => {
      const event = copyBlank(type, data);
      if (ports !== undefined) event.#ports = ObjectFreeze(ports);
      return event;
    };
    makeMessageEventFrom = (type, data, origin, lastEventId = "") => {
      const event = copyBlank(type, data);
      event.#origin = origin;
      event.#lastEventId = lastEventId;
      return event;
    };
  }

  get data() {
    if (!(#data in this)) throw illegalInvocation();
    return this.#data;
  }

  get origin() {
    if (!(#data in this)) throw illegalInvocation();
    return this.#origin;
  }

  get lastEventId() {
    if (!(#data in this)) throw illegalInvocation();
    return this.#lastEventId;
  }

  get source() {
    if (!(#data in this)) throw illegalInvocation();
    return this.#source;
  }

  get ports() {
    if (!(#data in this)) throw illegalInvocation();
    return this.#ports;
  }

  initMessageEvent(
    type,
    bubbles = false,
    cancelable = false,
    data = null,
    origin = "",
    lastEventId = "",
    source = null,
    ports = [],
  ) {
    if (!(#data in this)) throw illegalInvocation();
    requiredArguments(
      arguments.length,
      1,
      "Failed to execute 'initMessageEvent' on 'MessageEvent'",
    );
    const own = messageEventInit({ data, origin, lastEventId, source, ports }, "", "");
    if (eventState.flags(this) & kDispatching) return;
    eventState.init(this, domString(type), !!bubbles, !!cancelable);
    this.#data = own.data;
    this.#origin = own.origin;
    this.#lastEventId = own.lastEventId;
    this.#source = own.source;
    this.#ports = ObjectFreeze(own.ports);
  }
}
configureInterface(MessageEvent);
addInspectedKeys(MessageEvent, ["data", "origin", "lastEventId"]);

const progressEventInit = dictionary("ProgressEventInit", eventInitMembers, [
  { key: "lengthComputable", converter: boolean, defaultValue: false },
  { key: "loaded", converter: double, defaultValue: 0 },
  { key: "total", converter: double, defaultValue: 0 },
]);

/** Progress of a transfer (https://xhr.spec.whatwg.org/#interface-progressevent). */
export class ProgressEvent extends Event {
  #lengthComputable;
  #loaded;
  #total;

  constructor(type, init = undefined) {
    const own = begin(arguments.length, "ProgressEvent", init, progressEventInit);
    super(type, own);
    this.#lengthComputable = own.lengthComputable;
    this.#loaded = own.loaded;
    this.#total = own.total;
  }

  get lengthComputable() {
    if (!(#lengthComputable in this)) throw illegalInvocation();
    return this.#lengthComputable;
  }

  get loaded() {
    if (!(#loaded in this)) throw illegalInvocation();
    return this.#loaded;
  }

  get total() {
    if (!(#total in this)) throw illegalInvocation();
    return this.#total;
  }
}
configureInterface(ProgressEvent);
addInspectedKeys(ProgressEvent, ["lengthComputable", "loaded", "total"]);
