// navigator (https://html.spec.whatwg.org/#the-navigator-object): what programs ask a server runtime
// for. Says nothing that identifies the machine beyond its kind.

import {
  op_navigator_hardware_concurrency,
  op_navigator_language,
  op_navigator_platform,
  op_navigator_user_agent,
} from "rt:ops/web";
import * as lazy from "rt:bootstrap/lazy.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { configureInterface, illegalConstructor, illegalInvocation, kConstruct } from "./webidl.js";

const { ObjectFreeze } = primordials;

export class Navigator {
  #languages = null;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  /** How many threads run at once. */
  get hardwareConcurrency() {
    if (!(#languages in this)) throw illegalInvocation();
    return op_navigator_hardware_concurrency();
  }

  get userAgent() {
    if (!(#languages in this)) throw illegalInvocation();
    return op_navigator_user_agent();
  }

  get language() {
    if (!(#languages in this)) throw illegalInvocation();
    return op_navigator_language();
  }

  get languages() {
    if (!(#languages in this)) throw illegalInvocation();
    return (this.#languages ??= ObjectFreeze([op_navigator_language()]));
  }

  get locks() {
    if (!(#languages in this)) throw illegalInvocation();
    return lazy.locks().locks;
  }

  get platform() {
    if (!(#languages in this)) throw illegalInvocation();
    return op_navigator_platform();
  }

  [kInspect](inspect, options) {
    if (!(#languages in this)) return inspect({}, options);
    return inspectAs("Navigator", this, kInspected, inspect, options);
  }
}

const kInspected = ["hardwareConcurrency", "userAgent", "language", "languages", "platform"];
configureInterface(Navigator);

export const navigator = new Navigator(kConstruct);
