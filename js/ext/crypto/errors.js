// The errors of the Web Cryptography API. Must never be given text that depends on a secret.

import { DOMException } from "../web/dom_exception.js";

/** The key may not be used like this. */
export const invalidAccess = (message) => new DOMException(message, "InvalidAccessError");
/** The data is no key of the algorithm. */
export const dataError = (message) => new DOMException(message, "DataError");
/** The operation failed. */
export const operationError = (message) => new DOMException(message, "OperationError");
/** There is no such algorithm, or it cannot do this. */
export const notSupported = (message) => new DOMException(message, "NotSupportedError");
/** A usage the key cannot have, or none where there must be one. */
export const syntaxError = (message) => new DOMException(message, "SyntaxError");
