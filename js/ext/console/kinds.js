// What V8 says a value is, as one small number from op_console_kind, so that inspection never has
// to trust prototypes or Symbol.toStringTag. Must stay equal to `enum class Kind` in
// src/ext/console/kind.h.

export const KIND_OBJECT = 0;
export const KIND_ARRAY = 1;
export const KIND_FUNCTION = 2;
export const KIND_GENERATOR_FUNCTION = 3;
export const KIND_ASYNC_FUNCTION = 4;
export const KIND_ASYNC_GENERATOR_FUNCTION = 5;
export const KIND_MAP = 6;
export const KIND_SET = 7;
export const KIND_MAP_ITERATOR = 8;
export const KIND_SET_ITERATOR = 9;
export const KIND_TYPED_ARRAY = 10;
export const KIND_ARRAY_BUFFER = 11;
export const KIND_SHARED_ARRAY_BUFFER = 12;
export const KIND_DATA_VIEW = 13;
export const KIND_DATE = 14;
export const KIND_REGEXP = 15;
export const KIND_ERROR = 16;
export const KIND_PROMISE = 17;
export const KIND_WEAK_MAP = 18;
export const KIND_WEAK_SET = 19;
export const KIND_MODULE = 20;
export const KIND_NUMBER_OBJECT = 21;
export const KIND_STRING_OBJECT = 22;
export const KIND_BOOLEAN_OBJECT = 23;
export const KIND_BIGINT_OBJECT = 24;
export const KIND_SYMBOL_OBJECT = 25;
export const KIND_ARGUMENTS = 26;
export const KIND_PROXY = 27;
export const KIND_EXTERNAL = 28;

/**
 * @param {number} kind
 * @returns {boolean} whether values of this kind are callable built-in function objects
 */
export function isFunctionKind(kind) {
  return kind >= KIND_FUNCTION && kind <= KIND_ASYNC_GENERATOR_FUNCTION;
}
