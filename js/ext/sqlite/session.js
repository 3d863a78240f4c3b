// Session: https://nodejs.org/api/sqlite.html#class-session

import {
  op_sqlite_changeset,
  op_sqlite_session_close,
  op_sqlite_session_is_open,
} from "rt:ops/sqlite";
import { primordials } from "rt:bootstrap/primordials.js";
import { illegalConstructor } from "./errors.js";

const { SymbolDispose } = primordials;

const kMake = {};

/** Records the changes of a database. Made by `database.createSession()`. */
export class Session {
  #handle;

  constructor(token, handle) {
    if (token !== kMake) throw illegalConstructor();
    this.#handle = handle;
  }

  /** What changed, so that it can be applied and undone. */
  changeset() {
    return op_sqlite_changeset(this.#handle, false);
  }

  /** The same, smaller: it can only be applied. */
  patchset() {
    return op_sqlite_changeset(this.#handle, true);
  }

  /** Ends it; an error if it has ended. */
  close() {
    op_sqlite_session_close(this.#handle);
  }

  [SymbolDispose]() {
    if (op_sqlite_session_is_open(this.#handle)) op_sqlite_session_close(this.#handle);
  }
}

/** A Session for the handle C++ made. */
export function makeSession(handle) {
  return new Session(kMake, handle);
}
