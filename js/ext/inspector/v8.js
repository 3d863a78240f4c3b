// The part of node:v8 that rt has: https://nodejs.org/api/v8.html. What is not here is not there.

import { op_inspector_heap_statistics, op_inspector_write_heap_snapshot } from "rt:ops/inspector";
import { primordials } from "rt:bootstrap/primordials.js";

/* global __rt_internals */
const { denoNs } = __rt_internals;
const { Date, DatePrototypeToISOString, String, StringPrototypeReplace } = primordials;

const kStatistics = [
  "total_heap_size",
  "total_heap_size_executable",
  "total_physical_size",
  "total_available_size",
  "used_heap_size",
  "heap_size_limit",
  "malloced_memory",
  "peak_malloced_memory",
  "does_zap_garbage",
  "number_of_native_contexts",
  "number_of_detached_contexts",
  "total_global_handles_size",
  "used_global_handles_size",
  "external_memory",
];

let written = 0;

/** Heap.20260102.030405.<pid>.0.001.heapsnapshot, in the current folder. */
function defaultName() {
  const time = StringPrototypeReplace(DatePrototypeToISOString(new Date()), /[-:]|\..*/g, "");
  const number = String(++written + 1000);
  return `Heap.${StringPrototypeReplace(time, "T", ".")}.${denoNs.pid}.0.${number}.heapsnapshot`;
}

/** Writes a heap snapshot; the file's name. */
function writeHeapSnapshot(filename, _options) {
  const path = filename === undefined || filename === null ? defaultName() : `${filename}`;
  op_inspector_write_heap_snapshot(path);
  return path;
}

function getHeapStatistics() {
  const values = op_inspector_heap_statistics();
  const statistics = {};
  for (let i = 0; i < kStatistics.length; i++) statistics[kStatistics[i]] = values[i];
  return statistics;
}

/** The exports of node:v8. */
export const v8 = { getHeapStatistics, writeHeapSnapshot };
