// File (https://w3c.github.io/FileAPI/#file-section): a Blob with a name. It says nothing about a
// file of the system.

import { primordials } from "rt:bootstrap/primordials.js";
import { registerSerializable } from "../messaging/structured_clone.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  dictionary,
  illegalInvocation,
  longLong,
  requiredArguments,
} from "../web/webidl.js";
import {
  Blob,
  blobOptionMembers,
  blobType,
  convertFileArguments,
  kFromParts,
  setIsFile,
  sharedParts,
} from "./blob.js";
import { buffersOfPieces } from "./pieces.js";

const { DateNow, ObjectDefineProperty } = primordials;

const toFileOptions = dictionary("FilePropertyBag", blobOptionMembers, [
  { key: "lastModified", converter: longLong },
]);

const kOwn = { __proto__: null };
let fileState;

export class File extends Blob {
  #name;
  #lastModified;

  constructor(fileBits, fileName, options = undefined) {
    const prefix = "Failed to construct 'File'";
    let own = options;
    if (fileBits !== kOwn) {
      requiredArguments(arguments.length, 2, prefix);
      own = convertFileArguments(fileBits, fileName, options, toFileOptions, prefix);
    }
    super(kFromParts, own.parts, own.type);
    this.#name = own.name;
    this.#lastModified = own.lastModified ?? DateNow();
  }

  static {
    fileState = {
      __proto__: null,
      isFile: (value) => typeof value === "object" && value !== null && #name in value,
      name: (file) => file.#name,
      lastModified: (file) => file.#lastModified,
    };
  }

  get name() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#name;
  }

  /** Milliseconds since 1970. */
  get lastModified() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#lastModified;
  }

  /** Always empty: as browsers have it for files that are in no picked folder. */
  get webkitRelativePath() {
    if (!(#name in this)) throw illegalInvocation();
    return "";
  }

  [kInspect](inspect, options) {
    if (!(#name in this)) return inspect({}, options);
    return inspectAs("File", this, ["name", "size", "type"], inspect, options);
  }
}
configureInterface(File);
ObjectDefineProperty(File, "length", { __proto__: null, value: 2, configurable: true });

/** Whether a value is a File. */
export const isFile = fileState.isFile;
/** A file's name, whatever a script did to the object. */
export const fileName = fileState.name;
/** The same for its lastModified. */
export const fileLastModified = fileState.lastModified;

/** Built-in code: a File of Uint8Arrays that it hands over, or of another blob's pieces. */
export function fileFromParts(parts, name, type, lastModified = undefined) {
  return new File(kOwn, undefined, { parts, name, type, lastModified });
}

setIsFile(isFile);
registerSerializable(
  isFile,
  (file) => ({
    parts: sharedParts(file),
    type: blobType(file),
    name: fileState.name(file),
    lastModified: fileState.lastModified(file),
  }),
  ({ parts, type, name, lastModified }) => fileFromParts(parts, name, type, lastModified),
  ({ parts }) => buffersOfPieces(parts),
);
