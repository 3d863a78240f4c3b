// The classes of Deno.errors and every prototype C++ makes exceptions with. The one list is in
// src/base/error.h; this file stops the snapshot build when it no longer agrees with it.

import { op_os_error_classes } from "rt:ops/os";
import { DOMException } from "rt:ext/web/dom_exception.js";
import { primordials } from "./primordials.js";

const {
  Error,
  ObjectDefineProperty,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
} = primordials;

/** `name` on the prototype: instances stay as small as any Error, and stacks start with it. */
function nameClass(Class, name) {
  ObjectDefineProperty(Class.prototype, "name", {
    __proto__: null,
    value: name,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return Class;
}

class NotFound extends Error {}
class PermissionDenied extends Error {}
class ConnectionRefused extends Error {}
class ConnectionReset extends Error {}
class ConnectionAborted extends Error {}
class NotConnected extends Error {}
class AddrInUse extends Error {}
class AddrNotAvailable extends Error {}
class BrokenPipe extends Error {}
class AlreadyExists extends Error {}
class InvalidData extends Error {}
class TimedOut extends Error {}
class Interrupted extends Error {}
class WriteZero extends Error {}
class WouldBlock extends Error {}
class UnexpectedEof extends Error {}
class BadResource extends Error {}
class Http extends Error {}
class Busy extends Error {}
class NotSupported extends Error {}
class FilesystemLoop extends Error {}
class IsADirectory extends Error {}
class NetworkUnreachable extends Error {}
class NotADirectory extends Error {}
class NotCapable extends Error {}

/** Deno.errors, in Deno's order. */
export const errors = {
  NotFound,
  PermissionDenied,
  ConnectionRefused,
  ConnectionReset,
  ConnectionAborted,
  NotConnected,
  AddrInUse,
  AddrNotAvailable,
  BrokenPipe,
  AlreadyExists,
  InvalidData,
  TimedOut,
  Interrupted,
  WriteZero,
  WouldBlock,
  UnexpectedEof,
  BadResource,
  Http,
  Busy,
  NotSupported,
  FilesystemLoop,
  IsADirectory,
  NetworkUnreachable,
  NotADirectory,
  NotCapable,
};

export {
  AlreadyExists,
  BadResource,
  Interrupted,
  InvalidData,
  NotCapable,
  NotFound,
  NotSupported,
  UnexpectedEof,
};

/** Class name -> prototype, for C++ (ErrorClasses in src/engine/exception.h). */
export const errorPrototypes = {
  __proto__: null,
  Error: Error.prototype,
  TypeError: TypeError.prototype,
  RangeError: RangeError.prototype,
  SyntaxError: SyntaxError.prototype,
  ReferenceError: ReferenceError.prototype,
  URIError: URIError.prototype,
  DOMException: DOMException.prototype,
};

for (const name of Object.keys(errors)) {
  errorPrototypes[name] = nameClass(errors[name], name).prototype;
}
for (const name of op_os_error_classes()) {
  if (!(name in errorPrototypes)) {
    throw new Error(`js/bootstrap/errors.js lacks ${name}, which src/base/error.h has`);
  }
}
for (const name of Object.keys(errorPrototypes)) {
  if (!op_os_error_classes().includes(name)) {
    throw new Error(`src/base/error.h lacks ${name}, which js/bootstrap/errors.js has`);
  }
}
