// The globals of js/ext/blob, messaging and their like, for globals.js.
import "rt:ext/blob/blob_url.js";
import { Blob } from "rt:ext/blob/blob.js";
import { File } from "rt:ext/blob/file.js";
import { alert, confirm, prompt } from "rt:ext/io/prompts.js";
import { MessageChannel, MessagePort } from "rt:ext/messaging/message_port.js";
import { structuredClone } from "rt:ext/messaging/structured_clone.js";
import { close, getClosed } from "rt:ext/os/window_close.js";
import "rt:ext/streams/transfer.js";
import { getLocation, Location, setLocation } from "rt:ext/web/location.js";
import {
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
} from "rt:ext/web/performance_entries.js";

/** Interfaces. */
export const dataInterfaces = {
  __proto__: null,
  Blob,
  File,
  Location,
  MessageChannel,
  MessagePort,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
};

/** Operations. */
export const dataOperations = { __proto__: null, alert, close, confirm, prompt, structuredClone };

/** Accessors: [name, get, set]. */
export const dataAccessors = [
  ["closed", getClosed, undefined],
  ["location", getLocation, setLocation],
];
