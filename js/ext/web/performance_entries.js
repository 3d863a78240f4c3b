// PerformanceEntry, marks and measures, and the timeline they are kept in
// (https://w3c.github.io/performance-timeline/, https://w3c.github.io/user-timing/). Nothing here
// reads the clock.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_performance_now } from "rt:ops/web";
import { structuredClone } from "../messaging/structured_clone.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import {
  anyValue,
  configureInterface,
  dictionary,
  domString,
  double,
  illegalConstructor,
  illegalInvocation,
  kConstruct,
  requiredArguments,
} from "./webidl.js";

const { ArrayPrototypePush, ArrayPrototypeSort, TypeError } = primordials;

const kKeys = ["name", "entryType", "startTime", "duration"];
const kDetailKeys = ["name", "entryType", "startTime", "duration", "detail"];

let entryState;

/** One thing on the timeline. */
export class PerformanceEntry {
  #name;
  #type;
  #start;
  #duration;

  constructor(key = undefined, name = "", type = "", start = 0, duration = 0) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#name = name;
    this.#type = type;
    this.#start = start;
    this.#duration = duration;
  }

  static {
    entryState = {
      __proto__: null,
      name: (entry) => entry.#name,
      type: (entry) => entry.#type,
      start: (entry) => entry.#start,
    };
  }

  get name() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#name;
  }

  get entryType() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#type;
  }

  get startTime() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#start;
  }

  get duration() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#duration;
  }

  toJSON() {
    if (!(#name in this)) throw illegalInvocation();
    return {
      name: this.#name,
      entryType: this.#type,
      startTime: this.#start,
      duration: this.#duration,
    };
  }

  [kInspect](inspect, options) {
    if (!(#name in this)) return inspect({}, options);
    return inspectAs("PerformanceEntry", this, kKeys, inspect, options);
  }
}
configureInterface(PerformanceEntry);

const markOptions = dictionary("PerformanceMarkOptions", [
  { key: "detail", converter: anyValue },
  { key: "startTime", converter: double },
]);

/** A copy of what a script attached; null for nothing. */
function cloneDetail(detail) {
  return detail === undefined || detail === null ? null : structuredClone(detail);
}

/** A point in time. */
export class PerformanceMark extends PerformanceEntry {
  #detail;

  constructor(markName, options = undefined) {
    const prefix = "Failed to construct 'PerformanceMark'";
    requiredArguments(arguments.length, 1, prefix);
    const name = domString(markName);
    const { detail, startTime } = markOptions(options, prefix, "Argument 2");
    if (startTime !== undefined && startTime < 0) {
      throw new TypeError(`Cannot construct PerformanceMark: startTime cannot be negative`);
    }
    super(kConstruct, name, "mark", startTime ?? op_performance_now(), 0);
    this.#detail = cloneDetail(detail);
  }

  get detail() {
    if (!(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }

  toJSON() {
    if (!(#detail in this)) throw illegalInvocation();
    return jsonOf(this, this.#detail);
  }

  [kInspect](inspect, options) {
    if (!(#detail in this)) return inspect({}, options);
    return inspectAs("PerformanceMark", this, kDetailKeys, inspect, options);
  }
}
configureInterface(PerformanceMark);

/** A span of time. */
export class PerformanceMeasure extends PerformanceEntry {
  #detail;

  constructor(key = undefined, name = "", start = 0, duration = 0, detail = null) {
    if (key !== kConstruct) throw illegalConstructor();
    super(kConstruct, name, "measure", start, duration);
    this.#detail = cloneDetail(detail);
  }

  get detail() {
    if (!(#detail in this)) throw illegalInvocation();
    return this.#detail;
  }

  toJSON() {
    if (!(#detail in this)) throw illegalInvocation();
    return jsonOf(this, this.#detail);
  }

  [kInspect](inspect, options) {
    if (!(#detail in this)) return inspect({}, options);
    return inspectAs("PerformanceMeasure", this, kDetailKeys, inspect, options);
  }
}
configureInterface(PerformanceMeasure);

function jsonOf(entry, detail) {
  const { name, entryType, startTime, duration } = entry;
  return { name, entryType, startTime, duration, detail };
}

let timeline = [];
let onEntry = () => {};

/** Built-in code: `callback(entry)` hears of every entry added. */
export function setEntryListener(callback) {
  onEntry = callback;
}

/** Puts an entry on the timeline. */
export function addEntry(entry) {
  ArrayPrototypePush(timeline, entry);
  onEntry(entry);
}

/**
 * The entries of a list, or of the timeline, with this name and type (undefined: any), in order of
 * their start.
 */
export function selectEntries(name, type, list = timeline) {
  const selected = [];
  for (let i = 0; i < list.length; i++) {
    if (name !== undefined && entryState.name(list[i]) !== name) continue;
    if (type !== undefined && entryState.type(list[i]) !== type) continue;
    ArrayPrototypePush(selected, list[i]);
  }
  return ArrayPrototypeSort(selected, (a, b) => entryState.start(a) - entryState.start(b));
}

/** Drops the entries of a type, or of those the ones with a name. */
export function dropEntries(type, name) {
  const kept = [];
  for (let i = 0; i < timeline.length; i++) {
    const entry = timeline[i];
    const drop =
      entryState.type(entry) === type && (name === undefined || entryState.name(entry) === name);
    if (!drop) ArrayPrototypePush(kept, entry);
  }
  timeline = kept;
}

/** When the last mark of this name was, or undefined. */
export function markTime(name) {
  for (let i = timeline.length - 1; i >= 0; i--) {
    if (entryState.type(timeline[i]) === "mark" && entryState.name(timeline[i]) === name) {
      return entryState.start(timeline[i]);
    }
  }
  return undefined;
}

/** An entry's type, whatever a script did to the object. */
export const entryType = entryState.type;
