// The globals of js/ext/blob, form_data, messaging and their like, for globals.js.
import "rt:ext/blob/blob_url.js";
import { Blob } from "rt:ext/blob/blob.js";
import { File } from "rt:ext/blob/file.js";
import { FileReader } from "rt:ext/blob/file_reader.js";
import { CompressionStream, DecompressionStream } from "rt:ext/compression/compression.js";
import "rt:ext/form_data/body_kinds.js";
import { FormData } from "rt:ext/form_data/form_data.js";
import { alert, confirm, prompt } from "rt:ext/io/prompts.js";
import { BroadcastChannel } from "rt:ext/messaging/broadcast_channel.js";
import { MessageChannel, MessagePort } from "rt:ext/messaging/message_port.js";
import { structuredClone } from "rt:ext/messaging/structured_clone.js";
import "rt:ext/streams/transfer.js";
import { URLPattern } from "rt:ext/url/url_pattern.js";
import { getLocation, Location, setLocation } from "rt:ext/web/location.js";
import { Lock, LockManager } from "rt:ext/web/locks.js";
import {
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
} from "rt:ext/web/performance_entries.js";
import {
  PerformanceObserver,
  PerformanceObserverEntryList,
} from "rt:ext/web/performance_observer.js";
import { Worker } from "rt:ext/worker/worker.js";

/** Interfaces. */
export const dataInterfaces = {
  __proto__: null,
  Blob,
  BroadcastChannel,
  CompressionStream,
  DecompressionStream,
  File,
  FileReader,
  FormData,
  Location,
  Lock,
  LockManager,
  MessageChannel,
  MessagePort,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  URLPattern,
  Worker,
};

/** Operations. */
export const dataOperations = { __proto__: null, alert, confirm, prompt, structuredClone };

/** Accessors: [name, get, set]. */
export const dataAccessors = [["location", getLocation, setLocation]];
