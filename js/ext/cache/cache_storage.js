// CacheStorage (https://w3c.github.io/ServiceWorker/#cachestorage-interface): the program's caches by
// name. The store is opened when it is first asked for something.

import { primordials } from "rt:bootstrap/primordials.js";
import { loadBundle } from "../module/lazy.js";
import {
  configureInterface,
  dictionary,
  domString,
  illegalConstructor,
  illegalInvocation,
  isObject,
  kConstruct,
  requiredArguments,
} from "../web/webidl.js";
import { Cache, endUse, kQueryMembers, matchIn } from "./cache.js";
import { toRequest } from "./matching.js";

const { ArrayPrototypePush, JSONParse, JSONStringify } = primordials;

const toOptions = dictionary("MultiCacheQueryOptions", kQueryMembers, [
  { key: "cacheName", converter: domString },
]);

let store;

function openStore() {
  if (store === undefined) {
    const { CacheStore } = loadBundle("sqlite");
    store = new CacheStore();
  }
  return store;
}

// Names are any strings, half surrogate pairs included, which SQLite's text has no form for.
const toKey = (name) => JSONStringify(name);

let check; // throws for what is no CacheStorage

/** The caches of this program. */
export class CacheStorage {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  static {
    check = (value) => {
      if (!isObject(value) || !(#brand in value)) throw illegalInvocation();
    };
  }

  /** Removes a cache; whether it was there. */
  async delete(cacheName) {
    check(this);
    const prefix = "Failed to execute 'delete' on 'CacheStorage'";
    requiredArguments(arguments.length, 1, prefix);
    const name = domString(cacheName, prefix, "Argument 1");
    const id = openStore().endCache(toKey(name));
    if (id === undefined) return false;
    endUse(store, id);
    return true;
  }

  /** Whether there is a cache of this name. */
  async has(cacheName) {
    check(this);
    const prefix = "Failed to execute 'has' on 'CacheStorage'";
    requiredArguments(arguments.length, 1, prefix);
    const name = domString(cacheName, prefix, "Argument 1");
    return openStore().cacheId(toKey(name), false) !== undefined;
  }

  /** The names of all caches. */
  async keys() {
    check(this);
    const rows = openStore().caches();
    const names = [];
    for (let i = 0; i < rows.length; i++) ArrayPrototypePush(names, JSONParse(rows[i][0]));
    return names;
  }

  /** The first response to a request in any cache, or in that of `cacheName`; or undefined. */
  async match(request, options = undefined) {
    check(this);
    const prefix = "Failed to execute 'match' on 'CacheStorage'";
    requiredArguments(arguments.length, 1, prefix);
    const asked = toRequest(request);
    const wanted = toOptions(options, prefix, "Argument 2");
    const caches = openStore().caches();
    const only = wanted.cacheName === undefined ? undefined : toKey(wanted.cacheName);
    for (let i = 0; i < caches.length; i++) {
      if (only !== undefined && caches[i][0] !== only) continue;
      const found = matchIn(store, caches[i][1], asked, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The cache of this name, which is made if there is none. */
  async open(cacheName) {
    check(this);
    const prefix = "Failed to execute 'open' on 'CacheStorage'";
    requiredArguments(arguments.length, 1, prefix);
    const name = domString(cacheName, prefix, "Argument 1");
    return new Cache(kConstruct, openStore(), store.cacheId(toKey(name), true));
  }
}
configureInterface(CacheStorage);

export const caches = new CacheStorage(kConstruct);
