// The Event interface (https://dom.spec.whatwg.org/#interface-event) and the dispatch state other
// files of this folder change through `eventState`. Must never run listeners: event_target.js does.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_event_copy, op_performance_now } from "rt:ops/web";
import { inspectAs, kInspect } from "./inspect_as.js";
import {
  boolean,
  configureInterface,
  defineConstants,
  dictionary,
  domString,
  illegalInvocation,
  kConstruct,
  requiredArguments,
} from "./webidl.js";

const { ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectSetPrototypeOf } = primordials;

export const kPhaseNone = 0;
export const kPhaseAtTarget = 2;

export const kStopPropagation = 1;
export const kStopImmediatePropagation = 2;
export const kCanceled = 4;
export const kInPassiveListener = 8;
export const kComposed = 16;
export const kInitialized = 32;
export const kDispatching = 64;
export const kBubbles = 128;
export const kCancelable = 256;
export const kTrusted = 512;

/** Members of EventInit, the base of every event dictionary. */
export const eventInitMembers = [
  { key: "bubbles", converter: boolean, defaultValue: false },
  { key: "cancelable", converter: boolean, defaultValue: false },
  { key: "composed", converter: boolean, defaultValue: false },
];
const eventInit = dictionary("EventInit", eventInitMembers);

/** Access to an event's private state for event_target.js. */
export let eventState;

const kInspected = [
  "bubbles",
  "cancelable",
  "composed",
  "currentTarget",
  "defaultPrevented",
  "eventPhase",
  "srcElement",
  "target",
  "returnValue",
  "timeStamp",
  "type",
];

export class Event {
  #type = "";
  #flags = kInitialized;
  #target = null;
  #currentTarget = null;
  #phase = kPhaseNone;
  // Not a number first: V8 would keep numbers in a box then, which copies of the object would share.
  #timeStamp = null;

  constructor(type, init = undefined) {
    ObjectDefineProperty(this, "isTrusted", isTrustedDescriptor);
    if (type === kConstruct) return;
    // Subclasses check their own arguments under their own name first.
    const prefix = "Failed to construct 'Event'";
    requiredArguments(arguments.length, 1, prefix);
    this.#type = domString(type, prefix, "Argument 1");
    if (init !== undefined && init !== null) {
      const { bubbles, cancelable, composed } = eventInit(init, prefix, "Argument 2");
      this.#flags |=
        (bubbles ? kBubbles : 0) | (cancelable ? kCancelable : 0) | (composed ? kComposed : 0);
    }
    this.#timeStamp = op_performance_now();
  }

  static {
    // A literal with `__proto__: null` would be a dictionary, whose functions V8 does not inline.
    eventState = ObjectSetPrototypeOf(
      {
        isEvent: (value) => typeof value === "object" && value !== null && #flags in value,
        flags: (event) => event.#flags,
        type: (event) => event.#type,
        /** A new event like `blank`, which `new X(kConstruct)` has made: a fraction of the constructor's time. */
        copy(blank, type) {
          const event = op_event_copy(blank);
          event.#type = type;
          event.#timeStamp = op_performance_now();
          return event;
        },
        cancel(event) {
          event.#cancel();
        },
        setFlag(event, flag) {
          event.#flags |= flag;
        },
        clearFlag(event, flag) {
          event.#flags &= ~flag;
        },
        init(event, type, bubbles, cancelable) {
          event.#type = type;
          event.#target = null;
          event.#flags =
            kInitialized |
            (event.#flags & kComposed) |
            (bubbles ? kBubbles : 0) |
            (cancelable ? kCancelable : 0);
        },
        /** The target has the event now. */
        enter(event, target) {
          event.#flags |= kDispatching;
          event.#target = target;
          event.#currentTarget = target;
          event.#phase = kPhaseAtTarget;
        },
        /** Every listener ran; says whether the event was not canceled. */
        leave(event) {
          event.#currentTarget = null;
          event.#phase = kPhaseNone;
          event.#flags &= ~(kDispatching | kStopPropagation | kStopImmediatePropagation);
          return (event.#flags & kCanceled) === 0;
        },
      },
      null,
    );
  }

  get type() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#type;
  }

  get target() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#target;
  }

  get srcElement() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#target;
  }

  get currentTarget() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#currentTarget;
  }

  composedPath() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#currentTarget === null ? [] : [this.#currentTarget];
  }

  get eventPhase() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#phase;
  }

  stopPropagation() {
    if (!(#flags in this)) throw illegalInvocation();
    this.#flags |= kStopPropagation;
  }

  get cancelBubble() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kStopPropagation) !== 0;
  }

  set cancelBubble(value) {
    if (!(#flags in this)) throw illegalInvocation();
    if (value) this.#flags |= kStopPropagation;
  }

  stopImmediatePropagation() {
    if (!(#flags in this)) throw illegalInvocation();
    this.#flags |= kStopPropagation | kStopImmediatePropagation;
  }

  get bubbles() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kBubbles) !== 0;
  }

  get cancelable() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kCancelable) !== 0;
  }

  get returnValue() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kCanceled) === 0;
  }

  set returnValue(value) {
    if (!(#flags in this)) throw illegalInvocation();
    if (!value) this.#cancel();
  }

  preventDefault() {
    if (!(#flags in this)) throw illegalInvocation();
    this.#cancel();
  }

  #cancel() {
    if ((this.#flags & (kCancelable | kInPassiveListener)) === kCancelable) {
      this.#flags |= kCanceled;
    }
  }

  get defaultPrevented() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kCanceled) !== 0;
  }

  get composed() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kComposed) !== 0;
  }

  get timeStamp() {
    if (!(#flags in this)) throw illegalInvocation();
    return this.#timeStamp;
  }

  // [LegacyUnforgeable]: moved to every instance below.
  get isTrusted() {
    if (!(#flags in this)) throw illegalInvocation();
    return (this.#flags & kTrusted) !== 0;
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (!(#flags in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'initEvent' on 'Event'";
    requiredArguments(arguments.length, 1, prefix);
    type = domString(type, prefix, "Argument 1");
    if (this.#flags & kDispatching) return;
    eventState.init(this, type, !!bubbles, !!cancelable);
  }

  [kInspect](inspect, options) {
    if (!(#flags in this)) return inspect({}, options);
    return inspectAs(this.constructor.name, this, inspectedKeys(this), inspect, options);
  }
}

const isTrustedDescriptor = {
  __proto__: null,
  get: ObjectGetOwnPropertyDescriptor(Event.prototype, "isTrusted").get,
  set: undefined,
  enumerable: true,
  configurable: false,
};
delete Event.prototype.isTrusted;

configureInterface(Event);
defineConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

/** What console.log shows of an event, with what its subclass adds. */
let inspectedKeys = () => kInspected;

/** Sets how to find the keys of subclasses. */
export function setInspectedKeys(keysOf) {
  inspectedKeys = (event) => keysOf(event, kInspected);
}
