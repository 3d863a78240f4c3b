// EventParser: text of a text/event-stream, in pieces, to events
// (https://html.spec.whatwg.org/#event-stream-interpretation). Does nothing else.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  NumberParseInt,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} = primordials;

const kLineFeed = 10;
const kReturn = 13;

/** Whether a text is ASCII digits, at least one. */
function isDigits(text) {
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (code < 48 || code > 57) return false;
  }
  return text !== "";
}

export class EventParser {
  #rest = ""; // a line without its end
  #scanned = 0; // how much of it is known to hold no end
  #afterReturn = false;
  #data = "";
  #hasData = false;
  #type = "";
  #lastEventId;
  /** What the last `retry` said, or -1. */
  retryMs = -1;

  constructor(lastEventId) {
    this.#lastEventId = lastEventId;
  }

  /**
   * Calls `onEvent(type, data, lastEventId)` for each block that is complete; `data` is null for one
   * that only says the id.
   */
  feed(text, onEvent) {
    if (text === "") return;
    // A line feed right after a return belongs to it, also in the next piece.
    if (this.#afterReturn && StringPrototypeCharCodeAt(text, 0) === kLineFeed) {
      text = StringPrototypeSlice(text, 1);
    }
    this.#afterReturn = false;
    const all = this.#rest + text;
    let start = 0;
    for (let at = this.#scanned; at < all.length; at++) {
      const code = StringPrototypeCharCodeAt(all, at);
      if (code !== kLineFeed && code !== kReturn) continue;
      this.#line(StringPrototypeSlice(all, start, at), onEvent);
      if (code === kReturn) {
        if (at + 1 === all.length) this.#afterReturn = true;
        else if (StringPrototypeCharCodeAt(all, at + 1) === kLineFeed) at++;
      }
      start = at + 1;
    }
    this.#rest = StringPrototypeSlice(all, start);
    this.#scanned = this.#rest.length;
  }

  #line(line, onEvent) {
    if (line === "") {
      this.#dispatch(onEvent);
      return;
    }
    const colon = StringPrototypeIndexOf(line, ":");
    if (colon === 0) return;
    const name = colon < 0 ? line : StringPrototypeSlice(line, 0, colon);
    let value = colon < 0 ? "" : StringPrototypeSlice(line, colon + 1);
    if (value[0] === " ") value = StringPrototypeSlice(value, 1);
    switch (name) {
      case "event":
        this.#type = value;
        break;
      case "data":
        this.#data = this.#hasData ? `${this.#data}\n${value}` : value;
        this.#hasData = true;
        break;
      case "id":
        if (!StringPrototypeIncludes(value, "\0")) this.#lastEventId = value;
        break;
      case "retry":
        if (isDigits(value)) this.retryMs = NumberParseInt(value, 10);
        break;
    }
  }

  #dispatch(onEvent) {
    const type = this.#type === "" ? "message" : this.#type;
    const data = this.#hasData ? this.#data : null;
    this.#type = "";
    this.#data = "";
    this.#hasData = false;
    onEvent(type, data, this.#lastEventId);
  }
}
