// Deno.test: reads its many forms and keeps what was registered, in order. Runs nothing.
import { primordials } from "./internals.js";
import { callerPlace } from "./place.js";

const { ArrayPrototypePush, Error, ObjectAssign, ObjectDefineProperty, RangeError, TypeError } =
  primordials;

/** What the options mean where nothing is said. */
export const DEFAULTS = {
  __proto__: null,
  ignore: false,
  only: false,
  sanitizeOps: true,
  sanitizeResources: true,
  sanitizeExit: true,
  permissions: "inherit",
  timeout: undefined,
};

/** @type {object[]} in the order of registration */
export const tests = [];
/** The functions of each kind of hook. */
export const hooks = {
  __proto__: null,
  beforeAll: [],
  beforeEach: [],
  afterEach: [],
  afterAll: [],
};

/** What the state of the run forbids; set by run.js. */
export const state = { __proto__: null, running: false };

function checkName(name) {
  if (typeof name !== "string") {
    throw new TypeError(`The test name must be a string: received ${typeof name}`);
  }
  if (name === "") throw new TypeError("The test name can't be empty");
  return name;
}

function checkFunction(fn, message) {
  if (typeof fn !== "function") throw new TypeError(message);
  return fn;
}

/** Name and function out of the three arguments; everything else of the options is kept. */
export function readArguments(nameOrFnOrOptions, optionsOrFn, maybeFn, what = "Deno.test()") {
  if (typeof nameOrFnOrOptions === "string") {
    checkName(nameOrFnOrOptions);
    if (typeof optionsOrFn === "function") {
      return { name: nameOrFnOrOptions, fn: optionsOrFn };
    }
    const options = optionsOrFn ?? {};
    if (options.name !== undefined) {
      throw new TypeError(
        "Unexpected 'name' field in options, test name is already provided as the first argument",
      );
    }
    if (maybeFn === undefined) {
      return {
        ...options,
        name: nameOrFnOrOptions,
        fn: checkFunction(options.fn, "Missing test function"),
      };
    }
    if (options.fn !== undefined) {
      throw new TypeError(
        "Unexpected 'fn' field in options, test function is already provided as the third argument",
      );
    }
    checkFunction(maybeFn, "Missing test function");
    return { ...options, name: nameOrFnOrOptions, fn: maybeFn };
  }
  if (typeof nameOrFnOrOptions === "function") {
    if (!nameOrFnOrOptions.name) throw new TypeError("The test function must have a name");
    if (optionsOrFn !== undefined) throw new TypeError(`Unexpected second argument to ${what}`);
    if (maybeFn !== undefined) throw new TypeError(`Unexpected third argument to ${what}`);
    return { name: nameOrFnOrOptions.name, fn: nameOrFnOrOptions };
  }
  if (typeof nameOrFnOrOptions !== "object" || nameOrFnOrOptions === null) {
    throw new TypeError(
      `The first argument to ${what} must be a string, an object or a function: received ` +
        (nameOrFnOrOptions === null ? "null" : typeof nameOrFnOrOptions),
    );
  }
  const options = nameOrFnOrOptions;
  let fn = optionsOrFn;
  if (typeof optionsOrFn === "function") {
    if (options.fn !== undefined) {
      throw new TypeError(
        "Unexpected 'fn' field in options, test function is already provided as the second argument",
      );
    }
  } else {
    if (optionsOrFn !== undefined) throw new TypeError(`Unexpected second argument to ${what}`);
    fn = checkFunction(
      options.fn,
      "Expected 'fn' field in the first argument to be a test function",
    );
  }
  return { ...options, name: checkName(options.name ?? fn.name), fn };
}

function checkTimeout(timeout) {
  if (timeout === undefined) return;
  if (typeof timeout !== "number") throw new TypeError("The test's timeout must be a number");
  if (!(timeout > 0)) throw new RangeError("The test's timeout must be more than 0 milliseconds");
}

function register(args, overrides) {
  if (state.running) {
    throw new Error("Nested Deno.test() calls are not supported. Use t.step() for nested tests.");
  }
  const given = readArguments(args[0], args[1], args[2]);
  checkTimeout(given.timeout);
  const description = ObjectAssign({ __proto__: null }, DEFAULTS);
  for (const key in given) if (given[key] !== undefined) description[key] = given[key];
  ObjectAssign(description, overrides);
  description.place = callerPlace();
  ArrayPrototypePush(tests, description);
}

/** The `Deno.test` of `rt test`. */
export function testFunction(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], {});
}
const test = testFunction;
ObjectDefineProperty(test, "name", { __proto__: null, value: "test" });

test.ignore = function ignore(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], { ignore: true });
};
test.only = function only(nameOrFnOrOptions, optionsOrFn, maybeFn) {
  register([nameOrFnOrOptions, optionsOrFn, maybeFn], { only: true });
};
for (const kind of ["beforeAll", "beforeEach", "afterEach", "afterAll"]) {
  const add = (fn) => {
    checkFunction(fn, `Deno.test.${kind}: expected a function`);
    if (state.running) throw new Error(`Deno.test.${kind}() must be called before tests run`);
    ArrayPrototypePush(hooks[kind], fn);
  };
  ObjectDefineProperty(add, "name", { __proto__: null, value: kind });
  test[kind] = add;
}
