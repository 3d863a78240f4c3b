// FileReader (https://w3c.github.io/FileAPI/#APIASynch): reads a blob and tells by events, each a
// task of its own.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_run_microtasks } from "rt:ops/core";
import { op_encoding_latin1 } from "rt:ops/web";
import { btoa } from "../web/base64.js";
import { DOMException } from "../web/dom_exception.js";
import { encodingFromLabel } from "../web/encoding_labels.js";
import { defineEventHandler, EventTarget, fireEvent, ProgressEvent } from "../web/events.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import { parseMimeType } from "../web/mime.js";
import { decodeWith, TextDecoder } from "../web/text_encoding.js";
import { startTimer, stopTimer } from "../web/timers.js";
import {
  configureInterface,
  defineConstants,
  domString,
  illegalInvocation,
  interfaceType,
  requiredArguments,
} from "../web/webidl.js";
import { blobBytes, blobSize, blobType, isBlob } from "./blob.js";

const { TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSlice } =
  primordials;

const kEmpty = 0;
const kLoading = 1;
const kDone = 2;

const toBlob = interfaceType("Blob", isBlob);

// "Package data" (https://w3c.github.io/FileAPI/#blob-package-data): (bytes, type, encoding label).
const packagers = {
  __proto__: null,
  readAsArrayBuffer: (bytes) => TypedArrayPrototypeGetBuffer(TypedArrayPrototypeSlice(bytes)),
  readAsBinaryString: (bytes) => op_encoding_latin1(bytes),
  readAsDataURL: (bytes, type) =>
    `data:${type === "" ? "application/octet-stream" : type};base64,${btoa(op_encoding_latin1(bytes))}`,
  readAsText: (bytes, type, label) => {
    const charset = parseMimeType(type)?.parameters.get("charset");
    let name = label === undefined ? undefined : encodingFromLabel(label);
    if (name === undefined && charset !== undefined) name = encodingFromLabel(charset);
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) name = "utf-8";
    else if (bytes[0] === 0xfe && bytes[1] === 0xff) name = "utf-16be";
    else if (bytes[0] === 0xff && bytes[1] === 0xfe) name = "utf-16le";
    if (name === "replacement")
      return TypedArrayPrototypeGetByteLength(bytes) === 0 ? "" : "\ufffd";
    return decodeWith(new TextDecoder(name ?? "utf-8"), bytes);
  },
};

export class FileReader extends EventTarget {
  #state = kEmpty;
  #result = null;
  #error = null;
  #timer = null;
  #reads = 0;

  get readyState() {
    if (!(#state in this)) throw illegalInvocation();
    return this.#state;
  }

  get result() {
    if (!(#state in this)) throw illegalInvocation();
    return this.#result;
  }

  get error() {
    if (!(#state in this)) throw illegalInvocation();
    return this.#error;
  }

  readAsArrayBuffer(blob) {
    if (!(#state in this)) throw illegalInvocation();
    this.#read("readAsArrayBuffer", arguments.length, blob);
  }

  readAsBinaryString(blob) {
    if (!(#state in this)) throw illegalInvocation();
    this.#read("readAsBinaryString", arguments.length, blob);
  }

  readAsText(blob, encoding = undefined) {
    if (!(#state in this)) throw illegalInvocation();
    const label = encoding === undefined ? undefined : domString(encoding);
    this.#read("readAsText", arguments.length, blob, label);
  }

  readAsDataURL(blob) {
    if (!(#state in this)) throw illegalInvocation();
    this.#read("readAsDataURL", arguments.length, blob);
  }

  abort() {
    if (!(#state in this)) throw illegalInvocation();
    if (this.#state !== kLoading) {
      this.#result = null;
      return;
    }
    this.#state = kDone;
    this.#result = null;
    stopTimer(this.#timer);
    // A script is running: promises wait for its end.
    this.#dispatch("abort", 0, 0);
    if (this.#state !== kLoading) this.#dispatch("loadend", 0, 0);
  }

  #dispatch(type, loaded, total) {
    fireEvent(this, new ProgressEvent(type, { lengthComputable: total > 0, loaded, total }));
  }

  #fire(type, loaded, total) {
    this.#dispatch(type, loaded, total);
    // As after every callback that was called from no script.
    op_run_microtasks();
  }

  #read(method, length, blob, label = undefined) {
    const prefix = `Failed to execute '${method}' on 'FileReader'`;
    requiredArguments(length, 1, prefix);
    toBlob(blob, prefix, "Argument 1");
    if (this.#state === kLoading) {
      throw new DOMException("A read operation is already in progress", "InvalidStateError");
    }
    this.#state = kLoading;
    this.#result = null;
    this.#error = null;
    const total = blobSize(blob);
    const read = ++this.#reads;
    this.#task(() => {
      this.#fire("loadstart", 0, total);
      // The listener may have stopped this read, and begun another.
      if (this.#state !== kLoading || this.#reads !== read) return;
      this.#task(() => this.#load(method, blob, label, total));
    });
  }

  #load(method, blob, label, total) {
    const read = this.#reads;
    if (total > 0) this.#fire("progress", total, total);
    if (this.#state !== kLoading || this.#reads !== read) return;
    this.#state = kDone;
    try {
      this.#result = packagers[method](blobBytes(blob), blobType(blob), label);
    } catch (error) {
      // A text longer than a string may be.
      this.#error = new DOMException(error.message, "NotReadableError");
    }
    this.#fire(this.#error === null ? "load" : "error", total, total);
    // A listener may have begun the next read.
    if (this.#state !== kLoading) this.#fire("loadend", total, total);
  }

  #task(callback) {
    this.#timer = startTimer(callback, 0);
  }

  [kInspect](inspect, options) {
    if (!(#state in this)) return inspect({}, options);
    return inspectAs("FileReader", this, ["error", "readyState", "result"], inspect, options);
  }
}
const kEvents = ["loadstart", "progress", "load", "abort", "error", "loadend"];
for (let i = 0; i < kEvents.length; i++) {
  const type = kEvents[i];
  defineEventHandler(FileReader.prototype, type);
}
configureInterface(FileReader);
defineConstants(FileReader, { EMPTY: kEmpty, LOADING: kLoading, DONE: kDone });
