// The tokens of a URL pattern (https://urlpattern.spec.whatwg.org/#tokenizing). Must never loop
// without taking a character.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypePush,
  RegExpPrototypeExec,
  SafeRegExp,
  StringPrototypeCharCodeAt,
  StringPrototypeCodePointAt,
  StringPrototypeSlice,
  TypeError,
} = primordials;

const identifierStart = new SafeRegExp("[$_\\p{ID_Start}]", "u");
const identifierPart = new SafeRegExp("[$_\\u200c\\u200d\\p{ID_Continue}]", "u");

/** Whether a character (one or two code units) may stand in a name. */
export function isNameCharacter(character, isFirst) {
  return RegExpPrototypeExec(isFirst ? identifierStart : identifierPart, character) !== null;
}

/** The character at an index, a whole code point. */
export function characterAt(text, index) {
  const code = StringPrototypeCodePointAt(text, index);
  return StringPrototypeSlice(text, index, index + (code > 0xffff ? 2 : 1));
}

/** Types: char escaped-char open close name regexp asterisk other-modifier invalid-char end. */
class Tokenizer {
  tokens = [];
  #input;
  #isLenient;
  #index = 0;

  constructor(input, isLenient) {
    this.#input = input;
    this.#isLenient = isLenient;
  }

  #add(type, next, start, end = next) {
    const value = StringPrototypeSlice(this.#input, start, end);
    ArrayPrototypePush(this.tokens, { type, index: this.#index, value });
    this.#index = next;
  }

  #fail(next, start) {
    if (!this.#isLenient) {
      throw new TypeError(`Invalid URL pattern at position ${this.#index}: '${this.#input}'`);
    }
    this.#add("invalid-char", next, start);
  }

  run() {
    const input = this.#input;
    while (this.#index < input.length) {
      const at = this.#index;
      const character = characterAt(input, at);
      const next = at + character.length;
      switch (character) {
        case "*":
          this.#add("asterisk", next, at);
          break;
        case "+":
        case "?":
          this.#add("other-modifier", next, at);
          break;
        case "{":
          this.#add("open", next, at);
          break;
        case "}":
          this.#add("close", next, at);
          break;
        case "\\":
          if (next >= input.length) this.#fail(next, at);
          else this.#add("escaped-char", next + characterAt(input, next).length, next);
          break;
        case ":":
          this.#name(next, at);
          break;
        case "(":
          this.#regexp(next, at);
          break;
        default:
          this.#add("char", next, at);
      }
    }
    this.#add("end", this.#index, this.#index);
    return this.tokens;
  }

  #name(start, at) {
    const input = this.#input;
    let end = start;
    while (end < input.length) {
      const character = characterAt(input, end);
      if (!isNameCharacter(character, end === start)) break;
      end += character.length;
    }
    if (end === start) this.#fail(start, at);
    else this.#add("name", end, start);
  }

  #regexp(start, at) {
    const end = this.#regexpEnd(start);
    if (end < 0 || end - start < 2) this.#fail(start, at);
    else this.#add("regexp", end, start, end - 1);
  }

  /** Behind the ")" that closes the group; -1: not a group this syntax allows. */
  #regexpEnd(start) {
    const input = this.#input;
    let depth = 1;
    for (let i = start; i < input.length; i++) {
      if (StringPrototypeCharCodeAt(input, i) > 0x7f) return -1;
      const character = input[i];
      if (i === start && character === "?") return -1;
      if (character === "\\") {
        i++;
        if (i >= input.length || StringPrototypeCharCodeAt(input, i) > 0x7f) return -1;
      } else if (character === ")") {
        if (--depth === 0) return i + 1;
      } else if (character === "(") {
        depth++;
        if (i + 1 >= input.length || input[i + 1] !== "?") return -1;
      }
    }
    return -1;
  }
}

/** The tokens of `input`. Strict: TypeError for what is no pattern; lenient: it becomes a token. */
export function tokenize(input, isLenient) {
  return new Tokenizer(input, isLenient).run();
}
