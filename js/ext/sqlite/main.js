// The bundle behind node:sqlite (https://nodejs.org/api/sqlite.html) and the web's storage, loaded when
// a program asks for one of them.

import { primordials } from "rt:bootstrap/primordials.js";
import { backup } from "./backup.js";
import { CacheStore } from "./cache_store.js";
import { constants } from "./constants.js";
import { DatabaseSync } from "./database.js";
import { Session } from "./session.js";
import { StatementSync } from "./statement.js";
import { storage } from "./storage.js";
import { StorageEvent } from "./storage_event.js";

const { ObjectSetPrototypeOf } = primordials;

ObjectSetPrototypeOf(constants, null);

/* global __rt_hooks */
/** The exports of node:sqlite. */
__rt_hooks.sqlite = { backup, constants, DatabaseSync, Session, StatementSync };
/** Storage, StorageEvent, localStorage, sessionStorage. */
storage.StorageEvent = StorageEvent;
__rt_hooks.storage = storage;
/** What js/ext/cache keeps caches in. */
__rt_hooks.CacheStore = CacheStore;
