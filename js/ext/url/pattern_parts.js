// The parts of one component's pattern, the regular expression they make, and the pattern written
// anew (https://urlpattern.spec.whatwg.org/#parsing-pattern-strings).

import { primordials } from "rt:bootstrap/primordials.js";
import { characterAt, isNameCharacter, tokenize } from "./pattern_tokens.js";

const {
  ArrayPrototypePush,
  RegExp,
  SafeRegExp,
  SafeSet,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeReplace,
  TypeError,
} = primordials;

const regexpSpecial = new SafeRegExp("[.+*?^${}()[\\]|/\\\\]", "g");
const patternSpecial = new SafeRegExp("[+*?:{}()\\\\]", "g");

function escapeRegexp(text) {
  return StringPrototypeReplace(text, regexpSpecial, "\\$&");
}

/** "Escape a pattern string". */
export function escapePattern(text) {
  return StringPrototypeReplace(text, patternSpecial, "\\$&");
}

function startsWithDigit(text) {
  const code = StringPrototypeCharCodeAt(text, 0);
  return code >= 0x30 && code <= 0x39;
}

/** What separates groups of a component, and what a group may take as its prefix. */
export const kDefaultOptions = { __proto__: null, delimiter: "", prefix: "" };
export const kHostnameOptions = { __proto__: null, delimiter: ".", prefix: "" };
export const kPathnameOptions = { __proto__: null, delimiter: "/", prefix: "/" };

function segmentWildcard({ delimiter }) {
  return delimiter === "" ? "[^]+?" : `[^${escapeRegexp(delimiter)}]+?`;
}
const kFullWildcard = ".*";

/** Part: {type, value, modifier, name, prefix, suffix}; types: fixed regexp segment full. */
class PatternParser {
  #tokens;
  #options;
  #canonicalize;
  #parts = [];
  #names = new SafeSet();
  #pending = "";
  #index = 0;
  #nextName = 0;

  constructor(input, options, canonicalize) {
    this.#tokens = tokenize(input, false);
    this.#options = options;
    this.#canonicalize = canonicalize;
  }

  #take(type) {
    const token = this.#tokens[this.#index];
    if (token.type !== type) return null;
    this.#index++;
    return token;
  }

  #takeRequired(type) {
    const token = this.#take(type);
    if (token === null) {
      const found = this.#tokens[this.#index];
      throw new TypeError(`Invalid URL pattern: unexpected '${found.value}' at ${found.index}`);
    }
    return token;
  }

  #takeGroup(name) {
    const token = this.#take("regexp");
    return token === null && name === null ? this.#take("asterisk") : token;
  }

  #takeModifier() {
    const token = this.#take("other-modifier") ?? this.#take("asterisk");
    return token === null ? "" : token.value;
  }

  #takeText() {
    let text = "";
    for (;;) {
      const token = this.#take("char") ?? this.#take("escaped-char");
      if (token === null) return text;
      text += token.value;
    }
  }

  run() {
    while (this.#index < this.#tokens.length) {
      const character = this.#take("char");
      const name = this.#take("name");
      const group = this.#takeGroup(name);
      if (name !== null || group !== null) {
        let prefix = character === null ? "" : character.value;
        if (prefix !== "" && prefix !== this.#options.prefix) {
          this.#pending += prefix;
          prefix = "";
        }
        this.#addPending();
        this.#add(prefix, name, group, "", this.#takeModifier());
        continue;
      }
      const fixed = character ?? this.#take("escaped-char");
      if (fixed !== null) {
        this.#pending += fixed.value;
        continue;
      }
      if (this.#take("open") !== null) {
        const prefix = this.#takeText();
        const inner = this.#take("name");
        const innerGroup = this.#takeGroup(inner);
        const suffix = this.#takeText();
        this.#takeRequired("close");
        this.#add(prefix, inner, innerGroup, suffix, this.#takeModifier());
        continue;
      }
      this.#addPending();
      this.#takeRequired("end");
    }
    return this.#parts;
  }

  #push(type, value, modifier, name = "", prefix = "", suffix = "") {
    ArrayPrototypePush(this.#parts, { type, value, modifier, name, prefix, suffix });
  }

  #addPending() {
    if (this.#pending === "") return;
    const text = this.#canonicalize(this.#pending);
    this.#pending = "";
    this.#push("fixed", text, "");
  }

  #add(prefix, nameToken, group, suffix, modifier) {
    if (nameToken === null && group === null && modifier === "") {
      this.#pending += prefix;
      return;
    }
    this.#addPending();
    if (nameToken === null && group === null) {
      if (prefix !== "") this.#push("fixed", this.#canonicalize(prefix), modifier);
      return;
    }
    let type = "regexp";
    let value = "";
    if (group === null) type = "segment";
    else if (group.type === "asterisk") type = "full";
    else value = group.value;
    // A regular expression that says what a wildcard does is one.
    if (value === segmentWildcard(this.#options)) type = "segment";
    else if (value === kFullWildcard) type = "full";
    if (type !== "regexp") value = "";
    const name = nameToken === null ? String(this.#nextName++) : nameToken.value;
    if (this.#names.has(name)) throw new TypeError(`Duplicate name '${name}' in a URL pattern`);
    this.#names.add(name);
    this.#push(
      type,
      value,
      modifier,
      name,
      prefix === "" ? "" : this.#canonicalize(prefix),
      suffix === "" ? "" : this.#canonicalize(suffix),
    );
  }
}

/** "Generate a regular expression and name list". */
function makeRegexp(parts, options, names) {
  let source = "^";
  for (let i = 0; i < parts.length; i++) {
    const { type, value, modifier, name } = parts[i];
    if (type === "fixed") {
      const text = escapeRegexp(value);
      source += modifier === "" ? text : `(?:${text})${modifier}`;
      continue;
    }
    ArrayPrototypePush(names, name);
    const group =
      type === "segment" ? segmentWildcard(options) : type === "full" ? kFullWildcard : value;
    const isRepeated = modifier === "*" || modifier === "+";
    const prefix = escapeRegexp(parts[i].prefix);
    const suffix = escapeRegexp(parts[i].suffix);
    if (prefix === "" && suffix === "") {
      source += isRepeated ? `((?:${group})${modifier})` : `(${group})${modifier}`;
    } else if (isRepeated) {
      const optional = modifier === "*" ? "?" : "";
      source += `(?:${prefix}((?:${group})(?:${suffix}${prefix}(?:${group}))*)${suffix})${optional}`;
    } else {
      source += `(?:${prefix}(${group})${suffix})${modifier}`;
    }
  }
  return `${source}$`;
}

/** Whether a part must stand in braces, so that it does not run into its neighbours. */
function needsGrouping(part, previous, next, options, hasName) {
  const { type, modifier, prefix, suffix } = part;
  if (suffix !== "" || (prefix !== "" && prefix !== options.prefix)) return true;
  if (
    hasName &&
    type === "segment" &&
    modifier === "" &&
    next !== null &&
    next.prefix === "" &&
    next.suffix === ""
  ) {
    if (
      next.type === "fixed"
        ? isNameCharacter(characterAt(next.value, 0), false)
        : startsWithDigit(next.name)
    ) {
      return true;
    }
  }
  return (
    prefix === "" &&
    previous !== null &&
    previous.type === "fixed" &&
    options.prefix !== "" &&
    previous.value[previous.value.length - 1] === options.prefix
  );
}

/** "Generate a pattern string". */
function writePattern(parts, options) {
  let text = "";
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const previous = i > 0 ? parts[i - 1] : null;
    const next = i + 1 < parts.length ? parts[i + 1] : null;
    const { type, value, modifier, name, prefix, suffix } = part;
    if (type === "fixed") {
      text += modifier === "" ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
      continue;
    }
    const hasName = !startsWithDigit(name);
    const grouped = needsGrouping(part, previous, next, options, hasName);
    if (grouped) text += "{";
    text += escapePattern(prefix);
    if (hasName) text += `:${name}`;
    if (type === "regexp") {
      text += `(${value})`;
    } else if (type === "segment") {
      if (!hasName) text += `(${segmentWildcard(options)})`;
    } else if (
      !hasName &&
      (previous === null ||
        previous.type === "fixed" ||
        previous.modifier !== "" ||
        grouped ||
        prefix !== "")
    ) {
      text += "*";
    } else {
      text += `(${kFullWildcard})`;
    }
    if (
      type === "segment" &&
      hasName &&
      suffix !== "" &&
      isNameCharacter(characterAt(suffix, 0), false)
    ) {
      text += "\\";
    }
    text += escapePattern(suffix);
    if (grouped) text += "}";
    text += modifier;
  }
  return text;
}

/**
 * "Compile a component": `{ pattern, regexp, names, hasRegexp }`. `canonicalize` turns fixed text
 * into the form it has in a URL. TypeError for a pattern that is none.
 */
export function compileComponent(input, options, canonicalize, ignoreCase = false) {
  const parts = new PatternParser(input, options, canonicalize).run();
  const names = [];
  const source = makeRegexp(parts, options, names);
  let regexp;
  try {
    regexp = new RegExp(source, ignoreCase ? "vi" : "v");
  } catch (error) {
    throw new TypeError(`Invalid regular expression in a URL pattern: ${error.message}`);
  }
  let hasRegexp = false;
  for (let i = 0; i < parts.length; i++) hasRegexp ||= parts[i].type === "regexp";
  return { pattern: writePattern(parts, options), regexp, names, hasRegexp };
}
