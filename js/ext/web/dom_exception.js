// DOMException (https://webidl.spec.whatwg.org/#idl-DOMException). Must never depend on another
// built-in class: everything else throws it.

import { userStack } from "../console/stack.js";
import { op_web_error_objects } from "rt:ops/web_errors";
import { primordials } from "rt:bootstrap/primordials.js";
import {
  configureInterface,
  defineConstants,
  dictionary,
  domString,
  double,
  illegalInvocation,
} from "./webidl.js";

const {
  ErrorCaptureStackTrace,
  ErrorPrototype,
  ObjectDefineProperty,
  ObjectSetPrototypeOf,
  RangeError,
  ReflectConstruct,
  SymbolFor,
} = primordials;

// The names that have a legacy code.
const kCodes = {
  __proto__: null,
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

// What all private fields of DOMException are put on: an object that is an error to the language, as only
// C++ makes it.
class Slots extends function (object) {
  return object;
} {
  #name;
  #message;

  constructor(object, name, message) {
    super(object);
    this.#name = name;
    this.#message = message;
  }

  static has(value) {
    return typeof value === "object" && value !== null && #name in value;
  }

  static name(exception) {
    if (!(#name in exception)) throw illegalInvocation();
    return exception.#name;
  }

  static message(exception) {
    if (!(#name in exception)) throw illegalInvocation();
    return exception.#message;
  }
}

const kNoArguments = [];
let ErrorObject; // made at run time

/** An exception of the web platform: `name` says which, `code` is its legacy number or 0. */
export class DOMException {
  constructor(message = "", options = "Error") {
    const text = domString(message);
    let name = "Error";
    let cause;
    let hasCause = false;
    if (typeof options === "object" && options !== null) {
      // Node's and Deno's form: { name, cause }.
      if (options.name !== undefined) name = domString(options.name);
      hasCause = "cause" in options;
      if (hasCause) cause = options.cause;
    } else {
      name = domString(options);
    }
    ErrorObject ??= op_web_error_objects();
    const exception = ReflectConstruct(ErrorObject, kNoArguments, new.target);
    new Slots(exception, name, text);
    if (hasCause) {
      ObjectDefineProperty(exception, "cause", {
        __proto__: null,
        value: cause,
        writable: true,
        enumerable: false,
        configurable: true,
      });
    }
    ErrorCaptureStackTrace(exception, DOMException);
    // biome-ignore lint/correctness/noConstructorReturn: see Slots
    return exception;
  }

  get name() {
    return Slots.name(this);
  }

  get message() {
    return Slots.message(this);
  }

  get code() {
    return kCodes[Slots.name(this)] ?? 0;
  }

  // How console.log shows it: like any error, by its stack without rt's frames.
  [SymbolFor("Deno.privateCustomInspect")](inspect, options) {
    if (!isDOMException(this)) return inspect({}, options);
    const stack = this.stack;
    return typeof stack === "string"
      ? userStack(stack, Slots.message(this))
      : `${Slots.name(this)}: ${Slots.message(this)}`;
  }
}

/** Whether a value is a DOMException, whatever its prototype says. */
export const isDOMException = Slots.has;

ObjectSetPrototypeOf(DOMException.prototype, ErrorPrototype);
configureInterface(DOMException);
defineConstants(DOMException, {
  INDEX_SIZE_ERR: 1,
  DOMSTRING_SIZE_ERR: 2,
  HIERARCHY_REQUEST_ERR: 3,
  WRONG_DOCUMENT_ERR: 4,
  INVALID_CHARACTER_ERR: 5,
  NO_DATA_ALLOWED_ERR: 6,
  NO_MODIFICATION_ALLOWED_ERR: 7,
  NOT_FOUND_ERR: 8,
  NOT_SUPPORTED_ERR: 9,
  INUSE_ATTRIBUTE_ERR: 10,
  INVALID_STATE_ERR: 11,
  SYNTAX_ERR: 12,
  INVALID_MODIFICATION_ERR: 13,
  NAMESPACE_ERR: 14,
  INVALID_ACCESS_ERR: 15,
  VALIDATION_ERR: 16,
  TYPE_MISMATCH_ERR: 17,
  SECURITY_ERR: 18,
  NETWORK_ERR: 19,
  ABORT_ERR: 20,
  URL_MISMATCH_ERR: 21,
  QUOTA_EXCEEDED_ERR: 22,
  TIMEOUT_ERR: 23,
  INVALID_NODE_TYPE_ERR: 24,
  DATA_CLONE_ERR: 25,
});

const quotaOptions = dictionary("QuotaExceededErrorOptions", [
  { key: "quota", converter: double },
  { key: "requested", converter: double },
]);

/** More was asked for than may be had (https://webidl.spec.whatwg.org/#quotaexceedederror). */
export class QuotaExceededError extends DOMException {
  #quota;
  #requested;

  constructor(message = "", options = undefined) {
    super(message, "QuotaExceededError");
    const prefix = "Failed to construct 'QuotaExceededError'";
    const { quota = null, requested = null } = quotaOptions(options, prefix, "Argument 2");
    if (quota !== null && quota < 0) throw new RangeError(`${prefix}: quota is negative`);
    if (requested !== null && requested < 0) {
      throw new RangeError(`${prefix}: requested is negative`);
    }
    if (quota !== null && requested !== null && requested < quota) {
      throw new RangeError(`${prefix}: requested is less than quota`);
    }
    this.#quota = quota;
    this.#requested = requested;
    ErrorCaptureStackTrace(this, QuotaExceededError);
  }

  /** How much may be had, or null. */
  get quota() {
    if (!(#quota in this)) throw illegalInvocation();
    return this.#quota;
  }

  /** How much was asked for, or null. */
  get requested() {
    if (!(#requested in this)) throw illegalInvocation();
    return this.#requested;
  }

  /** Built-in code only. */
  static isInstance(value) {
    return typeof value === "object" && value !== null && #quota in value;
  }
}

/** Whether a value is a QuotaExceededError, whatever its prototype says. */
export const isQuotaExceededError = QuotaExceededError.isInstance;
delete QuotaExceededError.isInstance;

configureInterface(QuotaExceededError);
