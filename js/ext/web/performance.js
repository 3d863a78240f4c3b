// Performance (https://w3c.github.io/hr-time/, and the marks and measures of
// https://w3c.github.io/user-timing/). The clock starts with the runtime, so nothing here may read
// it while the snapshot is built.

import { op_performance_now, op_performance_time_origin } from "rt:ops/web";
import { EventTarget } from "./event_target.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { DOMException } from "./dom_exception.js";
import {
  addEntry,
  dropEntries,
  markTime,
  PerformanceMark,
  PerformanceMeasure,
  selectEntries,
} from "./performance_entries.js";
import {
  anyValue,
  configureInterface,
  dictionary,
  domString,
  double,
  illegalConstructor,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  requiredArguments,
} from "./webidl.js";

/** (DOMString or DOMHighResTimeStamp): a mark's name, or a time. */
function nameOrTime(value, prefix, context) {
  return typeof value === "number" ? double(value, prefix, context) : domString(value);
}

const measureOptions = dictionary("PerformanceMeasureOptions", [
  { key: "detail", converter: anyValue },
  { key: "duration", converter: double },
  { key: "end", converter: nameOrTime },
  { key: "start", converter: nameOrTime },
]);

/** "Convert a mark to a timestamp". */
function timeOf(mark, prefix) {
  if (typeof mark === "number") {
    if (mark < 0) throw makeException(prefix, "", "A time cannot be negative");
    return mark;
  }
  const time = markTime(mark);
  if (time === undefined) throw new DOMException(`Cannot find mark: "${mark}"`, "SyntaxError");
  return time;
}

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

  /** Puts a mark on the timeline. */
  mark(markName, options = undefined) {
    if (!(#brand in this)) throw illegalInvocation();
    requiredArguments(arguments.length, 1, "Failed to execute 'mark' on 'Performance'");
    const mark = new PerformanceMark(markName, options);
    addEntry(mark);
    return mark;
  }

  clearMarks(markName = undefined) {
    if (!(#brand in this)) throw illegalInvocation();
    dropEntries("mark", markName === undefined ? undefined : domString(markName));
  }

  /** Puts the time between two marks, or times, on the timeline. */
  measure(measureName, startOrOptions = undefined, endMark = undefined) {
    if (!(#brand in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'measure' on 'Performance'";
    requiredArguments(arguments.length, 1, prefix);
    const name = domString(measureName);
    const isDictionary = isObject(startOrOptions);
    const options = measureOptions(isDictionary ? startOrOptions : undefined, prefix, "Argument 2");
    const startMark =
      isDictionary || startOrOptions === undefined || startOrOptions === null
        ? undefined
        : domString(startOrOptions);
    const last = endMark === undefined ? undefined : domString(endMark);
    const { detail, duration, end, start } = options;
    const given =
      detail !== undefined || duration !== undefined || end !== undefined || start !== undefined;
    if (given) {
      if (last !== undefined) {
        throw makeException(prefix, "", "'endMark' cannot be given together with options");
      }
      if (start === undefined && end === undefined) {
        throw makeException(prefix, "", "'start' or 'end' must be given in the options");
      }
      if (start !== undefined && end !== undefined && duration !== undefined) {
        throw makeException(prefix, "", "'start', 'end' and 'duration' cannot all be given");
      }
    }
    let endTime;
    if (last !== undefined) endTime = timeOf(last, prefix);
    else if (end !== undefined) endTime = timeOf(end, prefix);
    else if (start !== undefined && duration !== undefined)
      endTime = timeOf(start, prefix) + duration;
    else endTime = op_performance_now();
    let startTime = 0;
    if (start !== undefined) startTime = timeOf(start, prefix);
    else if (duration !== undefined && end !== undefined) startTime = endTime - duration;
    else if (startMark !== undefined) startTime = timeOf(startMark, prefix);
    const measure = new PerformanceMeasure(
      kConstruct,
      name,
      startTime,
      endTime - startTime,
      detail,
    );
    addEntry(measure);
    return measure;
  }

  clearMeasures(measureName = undefined) {
    if (!(#brand in this)) throw illegalInvocation();
    dropEntries("measure", measureName === undefined ? undefined : domString(measureName));
  }

  getEntries() {
    if (!(#brand in this)) throw illegalInvocation();
    return selectEntries(undefined, undefined);
  }

  getEntriesByType(type) {
    if (!(#brand in this)) throw illegalInvocation();
    requiredArguments(arguments.length, 1, "Failed to execute 'getEntriesByType' on 'Performance'");
    return selectEntries(undefined, domString(type));
  }

  getEntriesByName(name, type = undefined) {
    if (!(#brand in this)) throw illegalInvocation();
    requiredArguments(arguments.length, 1, "Failed to execute 'getEntriesByName' on 'Performance'");
    const text = domString(name);
    return selectEntries(text, type === undefined ? undefined : domString(type));
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("Performance", this, ["timeOrigin"], inspect, options);
  }
}
configureInterface(Performance);

export const performance = new Performance(kConstruct);
