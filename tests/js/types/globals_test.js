// js/types and the real globals have the same names, both ways: on the global object, on Deno, and on
// each class and its prototype.
import { assertEquals } from "../harness.js";
import { declare, globals, isOwn, kSymbols, members, ts } from "./declared.js";

/** Where V8 and the language's own declarations differ, and nobody should care. */
const kLegacy = new Set([
  "Object.__defineGetter__",
  "Object.__defineSetter__",
  "Object.__lookupGetter__",
  "Object.__lookupSetter__",
  "Object.__proto__",
  "Function.prototype",
  "Date.getYear",
  "Date.setYear",
  "Date.toGMTString",
  "Intl.v8BreakIterator",
  ...["input", "lastMatch", "lastParen", "leftContext", "rightContext"].map((n) => `RegExp.${n}`),
  ..."_&+`'123456789".split("").map((n) => `RegExp.$${n}`),
  // Inherited by every constructor from Function.prototype, own ones of V8's WebAssembly.
  "arguments",
  "caller",
]);

function ownNames(object) {
  const names = new Set();
  for (const key of Reflect.ownKeys(object)) {
    if (typeof key === "string") {
      // An enum's other half.
      if (!/^\d+$/.test(key)) names.add(key);
    } else if (kSymbols.has(key)) {
      names.add(kSymbols.get(key));
    }
  }
  return names;
}

/** Own names of an object and its prototypes, up to Object.prototype. */
function chainNames(object) {
  const names = new Set();
  for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of ownNames(at)) names.add(name);
  }
  names.delete("constructor");
  return names;
}

function staticNames(constructor) {
  const names = new Set();
  const end = Function.prototype;
  for (let at = constructor; at !== null && at !== end; at = Object.getPrototypeOf(at)) {
    for (const name of ownNames(at)) names.add(name);
  }
  for (const name of ["length", "name", "prototype"]) names.delete(name);
  return names;
}

const isClass = (value) =>
  typeof value === "function" &&
  Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;

/** Compares; what differs goes to `problems` as lines. */
class Comparison {
  problems = [];
  #checker;
  #first;

  constructor({ checker, first }) {
    this.#checker = checker;
    this.#first = first;
  }

  typeOf(symbol) {
    return this.#checker.getTypeOfSymbolAtLocation(symbol, this.#first);
  }

  names(where, real, declared, optional = []) {
    for (const name of real) {
      if (declared.has(name) || Object.hasOwn(Object.prototype, name)) continue;
      if (kLegacy.has(`${where}.${name}`) || kLegacy.has(name)) continue;
      this.problems.push(`${where}.${name} is not declared`);
    }
    for (const name of declared.keys()) {
      if (real.has(name) || optional.includes(name) || kLegacy.has(`${where}.${name}`)) continue;
      this.problems.push(`${where}.${name} is declared, but not there`);
    }
  }

  /** Accessors without a setter are readonly, and what is no function is none. */
  kinds(where, object, declared) {
    for (const [name, symbol] of declared) {
      if (!isOwn(symbol) || name.startsWith("@@")) continue;
      let at = object;
      while (at !== null && !Object.hasOwn(at, name)) at = Object.getPrototypeOf(at);
      if (at === null) continue;
      const descriptor = Object.getOwnPropertyDescriptor(at, name);
      const isReadonly = (symbol.declarations ?? []).every(
        (node) => ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly,
      );
      const isMethod = (symbol.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Function)) !== 0;
      if (descriptor.get && !descriptor.set && !isReadonly) {
        this.problems.push(`${where}.${name} can only be read`);
      } else if (descriptor.set && isReadonly) {
        this.problems.push(`${where}.${name} can be written`);
      } else if (typeof descriptor.value === "function" && !isMethod) {
        this.problems.push(`${where}.${name} is a method`);
      } else if (typeof descriptor.value !== "function" && isMethod) {
        this.problems.push(`${where}.${name} is no method`);
      }
    }
  }

  class(where, value, symbol) {
    const type = this.typeOf(symbol);
    const all = members(this.#checker, type);
    const prototype = all.get("prototype");
    all.delete("prototype");
    for (const name of members(this.#checker, this.functionType()).keys()) all.delete(name);
    const inherited = staticNames(value);
    // Those it inherits need not be declared again.
    const own = new Set([...ownNames(value)].filter((name) => inherited.has(name)));
    this.names(where, own, all, [...inherited]);
    if (!prototype) return this.problems.push(`${where} is declared without "prototype"`);
    const inside = members(this.#checker, this.typeOf(prototype));
    // Instances have these themselves.
    const ofInstances = [
      "stack",
      "cause",
      "isTrusted",
      "errors",
      "error",
      "suppressed",
      "lastIndex",
    ];
    // What every object has may be declared more exactly.
    for (const name of Reflect.ownKeys(Object.prototype)) {
      if (!chainNames(value.prototype).has(name)) inside.delete(name);
    }
    this.names(where, chainNames(value.prototype), inside, [
      ...ofInstances,
      ...this.indexed(where),
    ]);
    this.kinds(`${where}.prototype`, value.prototype, inside);
  }

  // Each location has its members itself, as the specification says ([LegacyUnforgeable]).
  indexed(where) {
    if (where === "Iterator") return ["next", "return", "throw"];
    if (where !== "Location" && where !== "WorkerLocation") return [];
    return "ancestorOrigins assign hash host hostname href origin pathname port protocol reload replace search toString".split(
      " ",
    );
  }

  functionType() {
    return this.#checker.getDeclaredTypeOfSymbol(
      this.#checker.resolveName("Function", this.#first, ts.SymbolFlags.Interface, false),
    );
  }

  value(where, value, symbol) {
    if (isClass(value)) return this.class(where, value, symbol);
    const isObject = typeof value === "object" && value !== null;
    if (!isObject || !isOwn(symbol)) return;
    const inside = members(this.#checker, this.typeOf(symbol));
    for (const name of Reflect.ownKeys(Object.prototype)) {
      if (!chainNames(value).has(name)) inside.delete(name);
    }
    this.names(where, chainNames(value), inside);
    if (symbol.flags & (ts.SymbolFlags.Module | ts.SymbolFlags.Variable)) {
      for (const [name, member] of inside) {
        if (isClass(value[name])) this.class(`${where}.${name}`, value[name], member);
      }
    }
  }
}

const main = declare("worker.d.ts");

Deno.test("js/types has no errors of its own", () => {
  for (const { program } of [main, declare("window.d.ts")]) {
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map((d) => `${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`);
    assertEquals(messages, []);
  }
});

// A build that collects after every turn has V8's function for it.
const kTestOnly = typeof globalThis.gc === "function" ? ["gc"] : [];

Deno.test("the global object has what is declared, and nothing else", () => {
  const comparison = new Comparison(main);
  const declared = globals(main);
  // Not a property: the language's own names for it.
  for (const name of ["undefined", "arguments", "globalThis"]) declared.delete(name);
  const real = ownNames(globalThis);
  for (const name of ["globalThis", "undefined", "escape", "unescape", "eval", ...kTestOnly])
    real.delete(name);
  for (const name of ["escape", "unescape", "eval"]) declared.delete(name);
  comparison.names("globalThis", real, declared);
  for (const [name, symbol] of declared) {
    if (name === "Deno" || name === "self" || name === "global") continue;
    comparison.value(name, globalThis[name], symbol);
  }
  assertEquals(comparison.problems, []);
});

Deno.test("Deno has what is declared, and nothing else", () => {
  const comparison = new Comparison(main);
  const symbol = globals(main).get("Deno");
  const inside = new Map(
    main.checker
      .getExportsOfModule(symbol)
      .filter((each) => each.flags & ts.SymbolFlags.Value)
      .map((each) => [each.name, each]),
  );
  comparison.names("Deno", ownNames(Deno), inside);
  for (const [name, member] of inside) comparison.value(`Deno.${name}`, Deno[name], member);
  assertEquals(comparison.problems, []);
});

Deno.test("objects that have no public class have what is declared", async () => {
  const comparison = new Comparison(main);
  const compare = (name, value) => {
    const type = main.checker.getDeclaredTypeOfSymbol(
      main.checker
        .getExportsOfModule(globals(main).get("Deno"))
        .find((each) => each.name === name && each.flags & ts.SymbolFlags.Interface),
    );
    const inside = members(main.checker, type);
    comparison.names(`Deno.${name}`, chainNames(value), inside);
    comparison.kinds(`Deno.${name}`, value, inside);
  };
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  compare("Listener", listener);
  const [conn, accepted] = await Promise.all([
    Deno.connect({ port: listener.addr.port, hostname: "127.0.0.1" }),
    listener.accept(),
  ]);
  compare("TcpConn", conn);
  compare("NetAddr", conn.localAddr);
  for (const each of [conn, accepted, listener]) each.close();
  const datagram = Deno.listenDatagram({ port: 0, hostname: "127.0.0.1", transport: "udp" });
  compare("DatagramConn", datagram);
  datagram.close();
  const folder = Deno.makeTempDirSync();
  const watcher = Deno.watchFs(folder);
  compare("FsWatcher", watcher);
  watcher.close();
  Deno.removeSync(folder);
  compare("FileInfo", Deno.statSync("."));
  compare("DirEntry", Array.from(Deno.readDirSync("."))[0]);
  compare("MemoryUsage", Deno.memoryUsage());
  compare("SystemMemoryInfo", Deno.systemMemoryInfo());
  compare("NetworkInterfaceInfo", Deno.networkInterfaces()[0]);
  let info;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (_request, given) => {
      info = given;
      return new Response();
    },
  );
  compare("HttpServer", server);
  await (await fetch(`http://127.0.0.1:${server.addr.port}/`)).text();
  compare("ServeHandlerInfo", info);
  await server.shutdown();
  const child = new Deno.Command(Deno.execPath(), { args: ["version"], stdout: "piped" }).spawn();
  const { stdout } = child;
  compare("SubprocessReadableStream", stdout);
  const output = await child.output();
  compare("CommandOutput", output);
  assertEquals(comparison.problems, []);
});

Deno.test("a test's context has what is declared", async (t) => {
  const comparison = new Comparison(main);
  const type = main.checker.getDeclaredTypeOfSymbol(
    main.checker
      .getExportsOfModule(globals(main).get("Deno"))
      .find((each) => each.name === "TestContext"),
  );
  comparison.names("Deno.TestContext", chainNames(t), members(main.checker, type));
  assertEquals(comparison.problems, []);
});

Deno.test("a worker's global object has what is declared, and nothing else", async () => {
  const code = `
    const symbols = new Map();
    postMessage(Reflect.ownKeys(globalThis).filter((key) => typeof key === "string"));`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  const { data } = await new Promise((resolve) => (worker.onmessage = resolve));
  worker.terminate();
  const inWorker = declare("window.d.ts");
  const comparison = new Comparison(inWorker);
  const declared = globals(inWorker);
  const skipped = [
    "undefined",
    "arguments",
    "globalThis",
    "escape",
    "unescape",
    "eval",
    ...kTestOnly,
  ];
  for (const name of skipped) declared.delete(name);
  comparison.names("globalThis", new Set(data.filter((name) => !skipped.includes(name))), declared);
  assertEquals(comparison.problems, []);
});
