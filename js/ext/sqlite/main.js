// The bundle behind node:sqlite (https://nodejs.org/api/sqlite.html), loaded when a program asks for
// it.

import { primordials } from "rt:bootstrap/primordials.js";
import { backup } from "./backup.js";
import { constants } from "./constants.js";
import { DatabaseSync } from "./database.js";
import { Session } from "./session.js";
import { StatementSync } from "./statement.js";

const { ObjectSetPrototypeOf } = primordials;

ObjectSetPrototypeOf(constants, null);

/* global __rt_hooks */
/** The exports of node:sqlite. */
__rt_hooks.sqlite = { backup, constants, DatabaseSync, Session, StatementSync };
