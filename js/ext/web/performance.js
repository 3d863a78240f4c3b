// Performance (https://w3c.github.io/hr-time/): now, timeOrigin, toJSON. The clock starts with the
// runtime, so nothing here may read it while the snapshot is built.

import { op_performance_now, op_performance_time_origin } from "rt:ops/web";
import { EventTarget } from "./event_target.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { configureInterface, illegalConstructor, illegalInvocation, kConstruct } from "./webidl.js";

export class Performance extends EventTarget {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    super();
  }

  /** Milliseconds since the runtime started, monotonic. */
  now() {
    if (!(#brand in this)) throw illegalInvocation();
    return op_performance_now();
  }

  /** When that was, in milliseconds since 1970. */
  get timeOrigin() {
    if (!(#brand in this)) throw illegalInvocation();
    return op_performance_time_origin();
  }

  toJSON() {
    if (!(#brand in this)) throw illegalInvocation();
    return { timeOrigin: this.timeOrigin };
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("Performance", this, ["timeOrigin"], inspect, options);
  }
}
configureInterface(Performance);

export const performance = new Performance(kConstruct);
