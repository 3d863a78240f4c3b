// PerformanceObserver
// (https://w3c.github.io/performance-timeline/#the-performanceobserver-interface). Observers hear
// of entries in a task of its own, not in the call that made them.

import { primordials } from "rt:bootstrap/primordials.js";
import { DOMException } from "./dom_exception.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { entryType, selectEntries, setEntryListener } from "./performance_entries.js";
import { reportException } from "./report.js";
import { startTimer } from "./timers.js";
import {
  boolean,
  callbackFunction,
  configureInterface,
  dictionary,
  domString,
  illegalConstructor,
  illegalInvocation,
  kConstruct,
  requiredArguments,
  sequence,
} from "./webidl.js";

const {
  ArrayPrototypeIncludes,
  ArrayPrototypeIndexOf,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSplice,
  FunctionPrototypeCall,
  ObjectFreeze,
  TypeError,
} = primordials;

const kTypes = ObjectFreeze(["mark", "measure"]);

/** What an observer's callback receives. */
export class PerformanceObserverEntryList {
  #list;

  constructor(key = undefined, list = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#list = list;
  }

  getEntries() {
    if (!(#list in this)) throw illegalInvocation();
    return selectEntries(undefined, undefined, this.#list);
  }

  getEntriesByType(type) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'getEntriesByType' on 'PerformanceObserverEntryList'";
    requiredArguments(arguments.length, 1, prefix);
    return selectEntries(undefined, domString(type), this.#list);
  }

  getEntriesByName(name, type = undefined) {
    if (!(#list in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'getEntriesByName' on 'PerformanceObserverEntryList'";
    requiredArguments(arguments.length, 1, prefix);
    const text = domString(name);
    return selectEntries(text, type === undefined ? undefined : domString(type), this.#list);
  }
}
configureInterface(PerformanceObserverEntryList);

const toInit = dictionary("PerformanceObserverInit", [
  { key: "buffered", converter: boolean },
  { key: "entryTypes", converter: sequence(domString) },
  { key: "type", converter: domString },
]);

const registered = []; // the observers that observe
let taskQueued = false;
let observerState;

export class PerformanceObserver {
  #callback;
  #types = [];
  #isSingle = false; // observe({ type }) was called
  #isMultiple = false; // observe({ entryTypes }) was called
  #buffer = [];
  #isNew = true; // no callback yet

  constructor(callback) {
    const prefix = "Failed to construct 'PerformanceObserver'";
    requiredArguments(arguments.length, 1, prefix);
    this.#callback = callbackFunction(callback, prefix, "Argument 1");
  }

  static {
    observerState = {
      __proto__: null,
      hear(observer, entry) {
        if (!ArrayPrototypeIncludes(observer.#types, entryType(entry))) return;
        ArrayPrototypePush(observer.#buffer, entry);
        queueTask();
      },
      call: (observer) => observer.#call(),
    };
  }

  static get supportedEntryTypes() {
    return kTypes;
  }

  observe(options = undefined) {
    if (!(#callback in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'observe' on 'PerformanceObserver'";
    const { buffered, entryTypes, type } = toInit(options, prefix, "Argument 1");
    if (entryTypes === undefined && type === undefined) {
      throw new TypeError(`${prefix}: Either 'entryTypes' or 'type' must be given`);
    }
    if (entryTypes !== undefined && (type !== undefined || buffered !== undefined)) {
      throw new TypeError(`${prefix}: 'entryTypes' excludes other options`);
    }
    if (entryTypes !== undefined ? this.#isSingle : this.#isMultiple) {
      throw new DOMException(
        "An observer cannot observe both 'entryTypes' and 'type'",
        "InvalidModificationError",
      );
    }
    if (entryTypes !== undefined) {
      this.#isMultiple = true;
      const types = [];
      for (let i = 0; i < entryTypes.length; i++) {
        if (ArrayPrototypeIncludes(kTypes, entryTypes[i])) ArrayPrototypePush(types, entryTypes[i]);
      }
      if (types.length === 0) return;
      this.#types = types;
    } else {
      this.#isSingle = true;
      if (!ArrayPrototypeIncludes(kTypes, type)) return;
      if (!ArrayPrototypeIncludes(this.#types, type)) ArrayPrototypePush(this.#types, type);
      if (buffered) {
        const entries = selectEntries(undefined, type);
        for (let i = 0; i < entries.length; i++) ArrayPrototypePush(this.#buffer, entries[i]);
        queueTask();
      }
    }
    if (!ArrayPrototypeIncludes(registered, this)) ArrayPrototypePush(registered, this);
  }

  disconnect() {
    if (!(#callback in this)) throw illegalInvocation();
    const at = ArrayPrototypeIndexOf(registered, this);
    if (at >= 0) ArrayPrototypeSplice(registered, at, 1);
    this.#buffer = [];
    this.#types = [];
    this.#isSingle = this.#isMultiple = false;
  }

  takeRecords() {
    if (!(#callback in this)) throw illegalInvocation();
    const records = this.#buffer;
    this.#buffer = [];
    return records;
  }

  #call() {
    const entries = this.#buffer;
    if (entries.length === 0) return;
    this.#buffer = [];
    const list = new PerformanceObserverEntryList(kConstruct, entries);
    const options = this.#isNew ? { droppedEntriesCount: 0 } : {};
    this.#isNew = false;
    try {
      FunctionPrototypeCall(this.#callback, this, list, this, options);
    } catch (error) {
      reportException(error);
    }
  }

  [kInspect](inspect, options) {
    if (!(#callback in this)) return inspect({}, options);
    return inspectAs("PerformanceObserver", this, [], inspect, options);
  }
}
configureInterface(PerformanceObserver);

function queueTask() {
  if (taskQueued) return;
  taskQueued = true;
  startTimer(() => {
    taskQueued = false;
    const list = ArrayPrototypeSlice(registered);
    for (let i = 0; i < list.length; i++) observerState.call(list[i]);
  }, 0);
}

setEntryListener((entry) => {
  for (let i = 0; i < registered.length; i++) observerState.hear(registered[i], entry);
});
