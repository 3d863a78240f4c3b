// What TypeScript sees of the world: modules through Sources, packages on the disk.
import { isRemote } from "./sources.js";
import { wasmTypes } from "./wasm_types.js";

/** Text and bytes are files of their own to TypeScript. */
const kDataTypes = {
  __proto__: null,
  text: "declare const text: string;\nexport default text;\n",
  bytes: "declare const bytes: Uint8Array<ArrayBuffer>;\nexport default bytes;\n",
};

/** The comment that names the types of the import at `at`: `// @ts-types="x"`, `@deno-types`. */
function typesComment(text, at) {
  const before = text.slice(0, at);
  return /\/[/*]\s*@(?:ts|deno)-types\s*=\s*["']([^"']+)["'][^\n]*\n?\s*$/.exec(before)?.[1];
}

/** What a JavaScript file says its own types are. */
function selfTypes(text) {
  const head = /^(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)[0];
  return (
    /\/[/*]\s*@ts-self-types\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ??
    /\/\/\/\s*<reference\s+types\s*=\s*["']([^"']+)["']/.exec(head)?.[1]
  );
}

/** The host TypeScript looks through: the disk for packages, `sources` for all else. */
export class CheckHost {
  #ts;
  #host;
  #request;
  #sources;
  #options;
  #folders = [];
  #files = new Map();
  #declarations;
  /** Why an import could not be resolved, by "file position". */
  failures = new Map();

  constructor(ts, host, request, sources, options, declarations) {
    this.#ts = ts;
    this.#host = host;
    this.#request = request;
    this.#sources = sources;
    this.#options = options;
    this.#declarations = declarations;
  }

  getDefaultLibFileName = () => "/$lib/lib.deno.window.d.ts";
  getDefaultLibLocation = () => "/$lib";
  getCurrentDirectory = () => this.#request.cwd;
  getCanonicalFileName = (name) => name;
  useCaseSensitiveFileNames = () => true;
  getNewLine = () => "\n";
  writeFile = () => {};

  // ---- Packages. One of a registry has no node_modules folder, but finds its dependencies as if it
  // had: <package>/node_modules/<name> stands for what the package was given under that name.

  /** The place on the disk behind such a path; null: there is none. */
  #place(path) {
    const at = path.indexOf("/node_modules/");
    if (at === -1) return path;
    const above = path.slice(0, at);
    const rest = path.slice(at + "/node_modules/".length);
    const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(rest) ?? [""];
    const asked = /^\/\$npm\/(\d+)$/.exec(above);
    if (asked) return this.#folders[asked[1]] + rest.slice(name.length);
    const owner = this.#host.packageOf(`${above}/x`);
    if (owner === undefined) return path;
    if (owner !== above) return null;
    const folder = this.#host.folderOf(name, owner);
    return folder === undefined ? path : this.#place(folder + rest.slice(name.length));
  }

  #kindOf(path) {
    const place = this.#place(path);
    return place === null ? 0 : this.#host.kindOf(place);
  }

  fileExists = (path) => {
    if (path.startsWith("/$lib/")) return this.#libText(path) !== undefined;
    if (isRemote(path)) return this.#sources.named(path) !== undefined;
    return this.#kindOf(path) === 1;
  };

  directoryExists = (path) => {
    if (isRemote(path)) return false;
    // The folder itself, or that of a scope, of what has none.
    const above = /^(.*)\/node_modules(?:\/@[^/]+)?$/.exec(path)?.[1];
    if (above?.startsWith("/$npm/")) return true;
    if (above !== undefined && this.#host.packageOf(`${above}/x`) === above) return true;
    return this.#kindOf(path) === 2;
  };

  getDirectories = () => [];

  readFile = (path) => {
    if (path.startsWith("/$lib/")) return this.#libText(path);
    const known = this.#sources.named(path);
    if (known) return known.text;
    if (isRemote(path)) return undefined;
    const place = this.#place(path);
    return place === null ? undefined : this.#host.readFile(place);
  };

  realpath = (path) => {
    if (isRemote(path) || path.startsWith("/$lib/")) return path;
    const place = this.#place(path);
    return place === null ? path : this.#host.realPath(place);
  };

  #isPackageFile(name) {
    return name.includes("/node_modules/") || this.#host.packageOf(name) !== undefined;
  }

  /** TypeScript's own way to find a package: exports, types, @types. */
  #resolveInPackages(specifier, from, mode) {
    const { resolvedModule } = this.#ts.resolveModuleName(
      specifier,
      from,
      this.#options,
      this,
      undefined,
      undefined,
      mode,
    );
    const name = resolvedModule?.resolvedFileName;
    if (name !== undefined && this.#host.packageOf(name) !== undefined) {
      // By its path TypeScript would take it for the program's own.
      resolvedModule.isExternalLibraryImport = true;
      resolvedModule.originalPath = undefined;
    }
    return resolvedModule;
  }

  // ---- Modules.

  #libText(path) {
    return this.#declarations(path.slice("/$lib/".length));
  }

  getSourceFile = (name, options) => {
    if (this.#files.has(name)) return this.#files.get(name);
    let text = this.readFile(name);
    // What a file of another host refers to by path.
    if (text === undefined && isRemote(name)) text = this.#sources.get(name)?.text;
    const isOfProgram = !name.startsWith("/$lib/") && !this.#isPackageFile(name);
    const { ESNext, CommonJS } = this.#ts.ModuleKind;
    const given =
      isOfProgram && typeof options === "object"
        ? { ...options, impliedNodeFormat: /\.c[jt]s$/.test(name) ? CommonJS : ESNext }
        : options;
    this.#request.reading = name;
    const file =
      text === undefined ? undefined : this.#ts.createSourceFile(name, text, given, true);
    this.#files.set(name, file);
    return file;
  };

  #virtual(name, text) {
    if (!this.#files.has(name)) {
      const options = { languageVersion: 99, impliedNodeFormat: this.#ts.ModuleKind.ESNext };
      this.#files.set(name, this.#ts.createSourceFile(name, text, options, true));
    }
    return { resolvedFileName: name, extension: ".d.ts", isExternalLibraryImport: false };
  }

  #asModule(source) {
    const extension = /(?:\.d)?\.[cm]?[jt]sx?$|\.json$/.exec(source.name)?.[0] ?? ".ts";
    return {
      resolvedFileName: source.name,
      extension,
      isExternalLibraryImport: false,
      resolvedUsingTsExtension: /\.[cm]?tsx?$/.test(source.name),
    };
  }

  /** The module that has the types of `url`; an Error with the reason why there is none. */
  #moduleAt(url, specifier, from, type, mode) {
    if (url.startsWith("node:")) {
      const { nodeError } = this.#request;
      return nodeError === undefined ? undefined : new Error(nodeError);
    }
    if (type in kDataTypes) return this.#virtual(`${url}#${type}.d.ts`, kDataTypes[type]);
    if (url.startsWith("file:") && this.#isPackageFile(this.#host.pathOf(url))) {
      return this.#resolveInPackages(specifier, from, mode);
    }
    const source = this.#sources.get(url);
    if (source.error !== undefined) return new Error(source.error);
    if (source.folder !== undefined) return this.#packageTypes(source, mode);
    if (source.kind === 2) {
      const text = wasmTypes(source.text);
      return text === undefined
        ? new Error("It is no WebAssembly module")
        : this.#virtual(`${source.url}#.d.ts`, text);
    }
    if (source.kind === 1) {
      if (type === "json") return this.#asModule(source);
      return new Error('JSON needs the attribute: with { type: "json" }');
    }
    const types = this.#typesOf(source);
    return types instanceof Error ? types : this.#asModule(types ?? source);
  }

  /** The declarations a JavaScript module, or its host, names. */
  #typesOf(source) {
    if (!/^\.[cm]?jsx?$/.test(source.extension)) return undefined;
    const own = selfTypes(source.text);
    let url = source.types;
    if (own !== undefined) {
      const found = this.#sources.resolve(own, source.url);
      if (found.error !== undefined) return new Error(found.error);
      url = found.url;
    }
    if (url === undefined) return undefined;
    const types = this.#sources.get(url);
    return types.error === undefined ? types : new Error(types.error);
  }

  #packageTypes({ folder, subpath }, mode) {
    let { name } = JSON.parse(this.#host.readFile(`${folder}/package.json`) ?? "{}");
    // The folder's own: registries' packages are what they are called.
    if (typeof name !== "string") name = "package";
    let index = this.#folders.indexOf(folder);
    if (index === -1) index = this.#folders.push(folder) - 1;
    const from = `/$npm/${index}/index.ts`;
    return (
      this.#resolveInPackages(name + subpath.slice(1), from, mode) ??
      new Error(`The package "${name}" has no declarations for ${subpath}`)
    );
  }

  resolveModuleNameLiterals = (literals, containing, _redirected, options, file) =>
    literals.map((literal) => {
      const mode = this.#ts.getModeForUsageLocation(file, literal, options);
      const { text: specifier } = literal;
      if (this.#isPackageFile(containing)) {
        return { resolvedModule: this.#resolveInPackages(specifier, containing, mode) };
      }
      const at = literal.pos >= 0 ? literal.getStart(file) : -1;
      const found = this.#resolveOwn(specifier, containing, file, at, literal, mode);
      if (!(found instanceof Error)) return { resolvedModule: found };
      this.failures.set(`${containing} ${at}`, found.message);
      return { resolvedModule: undefined };
    });

  #resolveOwn(specifier, containing, file, at, literal, mode) {
    const referrer = this.#sources.urlOf(containing);
    let statement = literal;
    while (statement?.parent && !this.#ts.isSourceFile(statement.parent))
      statement = statement.parent;
    const told =
      at >= 0 && statement ? typesComment(file.text, statement.getStart(file)) : undefined;
    const wanted = told ?? specifier;
    const found = this.#sources.resolve(wanted, referrer);
    if (found.error !== undefined) {
      // Names that only packages' declarations know.
      const typed = /^[^./]/.test(wanted) && this.#resolveInPackages(wanted, containing, mode);
      return typed || new Error(found.error);
    }
    const type = told === undefined ? this.#attributeOf(literal) : undefined;
    return this.#moduleAt(found.url, wanted, containing, type, mode);
  }

  /** The `type` of an import's attributes. */
  #attributeOf({ parent }) {
    const ts = this.#ts;
    const named = (elements) =>
      elements?.find((each) => (each.name.text ?? each.name.escapedText) === "type");
    if (!parent) return undefined;
    if (ts.isCallExpression(parent)) {
      const options = parent.arguments[1];
      if (!options || !ts.isObjectLiteralExpression(options)) return undefined;
      const attributes = options.properties.find((each) => each.name?.text === "with")?.initializer;
      return named(attributes?.properties)?.initializer?.text;
    }
    return named((parent.attributes ?? parent.assertClause)?.elements)?.value?.text;
  }

  resolveTypeReferenceDirectiveReferences = (references, containing, redirected, options, file) =>
    references.map((reference) => {
      const name = typeof reference === "string" ? reference : reference.fileName;
      if (/^(?:\.{0,2}\/|[a-z]+:)/.test(name) && !this.#isPackageFile(containing)) {
        const referrer = this.#sources.urlOf(containing);
        const found = this.#sources.resolve(name, referrer);
        const module =
          found.error === undefined
            ? this.#moduleAt(found.url, name, containing, undefined, this.#ts.ModuleKind.ESNext)
            : undefined;
        const isFound = module !== undefined && !(module instanceof Error);
        return {
          resolvedTypeReferenceDirective: isFound ? { primary: true, ...module } : undefined,
        };
      }
      return this.#ts.resolveTypeReferenceDirective(
        name,
        containing,
        options,
        this,
        redirected,
        undefined,
        file?.impliedNodeFormat,
      );
    });
}
