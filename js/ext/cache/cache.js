// Cache (https://w3c.github.io/ServiceWorker/#cache-interface): requests and the responses to them,
// for every later run of the program. As the specification has it, only GET requests for http and
// https URLs are kept, and no partial responses. What is kept where: js/ext/sqlite/cache_store.js.

import { primordials } from "rt:bootstrap/primordials.js";
import { fetch } from "../fetch/fetch.js";
import { isBodyUnusable, takeBody } from "../fetch/body.js";
import { kGuardImmutable } from "../fetch/headers.js";
import { Request, toInnerRequest } from "../fetch/request.js";
import { completeList, responseFromInner, toInnerResponse } from "../fetch/response.js";
import { AbortController, dependentSignal } from "../web/abort.js";
import { DOMException } from "../web/dom_exception.js";
import { quiet } from "../streams/streams.js";
import {
  boolean,
  configureInterface,
  dictionary,
  illegalConstructor,
  illegalInvocation,
  isObject,
  interfaceType,
  kConstruct,
  requiredArguments,
  sequence,
} from "../web/webidl.js";
import { FileBody, kQuota, storeBody, tooMuch } from "./body.js";
import { describe, isHttpUrl, query, toRequest, variesByAll } from "./matching.js";

const {
  ArrayPrototypePush,
  PromisePrototypeThen,
  SafeFinalizationRegistry,
  SafeMap,
  SafePromiseAll,
  TypeError,
} = primordials;

/** The members of CacheQueryOptions. */
export const kQueryMembers = [
  { key: "ignoreMethod", converter: boolean, defaultValue: false },
  { key: "ignoreSearch", converter: boolean, defaultValue: false },
  { key: "ignoreVary", converter: boolean, defaultValue: false },
];

// The disk is (https://www.sqlite.org/rescode.html#full).
const kSqliteFull = 13;

const toOptions = dictionary("CacheQueryOptions", kQueryMembers);
const toResponse = interfaceType("Response", (value) => toInnerResponse(value) !== undefined);
const toRequests = sequence((value) => toRequest(value));
const kNoOptions = { __proto__: null, ignoreMethod: false, ignoreSearch: false, ignoreVary: false };

/** The Response of an entry; undefined if it is gone by now. */
function openEntry(store, entry) {
  const inner = entry.makeInnerResponse();
  if (entry.hasBody) {
    const row = store.body(entry.number);
    if (row === undefined) return undefined;
    if (row[1] === null) inner.body = row[0];
    else {
      let rid;
      try {
        rid = store.openBody(row[1], row[2]);
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
        // Whoever took the entry away took its file, or a crash took what was in it.
        store.removeBody(store.remove(entry.number));
        return undefined;
      }
      inner.body = new FileBody(rid, row[2]);
    }
  }
  return responseFromInner(inner, kGuardImmutable);
}

/** The first response to a request in cache `id`, or undefined. */
export function matchIn(store, id, request, options) {
  let found;
  query(store, id, request, options, (entry) => {
    found = openEntry(store, entry);
    return found !== undefined;
  });
  return found;
}

/** Throws the TypeError for a request that may not be kept. */
function checkRequest(request, prefix) {
  const { method, url } = toInnerRequest(request);
  if (!isHttpUrl(url)) {
    throw new TypeError(`${prefix}: Request url protocol must be 'http:' or 'https:'`);
  }
  if (method !== "GET") throw new TypeError(`${prefix}: Request method must be GET`);
}

/** The same for a response. */
function checkResponse(inner, prefix) {
  if (inner.status === 206) throw new TypeError(`${prefix}: Response status must not be 206`);
  if (variesByAll(completeList(inner))) {
    throw new TypeError(`${prefix}: Vary header must not contain '*'`);
  }
}

/** Reads a response that may be kept into the store: what `commit` wants. */
async function storeResponse(store, request, inner) {
  const headerList = completeList(inner);
  const body = takeBody(inner);
  const hasBody = body !== null;
  const stored = await storeBody(store, body);
  return { __proto__: null, request, headerList, inner, hasBody, stored };
}

/** Forgets the bodies of what did not get into the cache. */
function dropBodies(store, puts) {
  for (let i = 0; i < puts.length; i++) store.removeBody(puts[i].stored?.file ?? null);
}

/** Puts all or none (https://w3c.github.io/ServiceWorker/#batch-cache-operations). */
function commit(store, id, puts) {
  const files = [];
  let done = false;
  try {
    store.transact(() => {
      if (!store.hasCache(id)) throw new DOMException("The cache was deleted", "InvalidStateError");
      const added = [];
      for (let i = 0; i < puts.length; i++) {
        const { request, headerList, inner, hasBody, stored } = puts[i];
        query(store, id, request, kNoOptions, (entry) => {
          for (let j = 0; j < added.length; j++) {
            if (added[j] !== entry.url) continue;
            throw new DOMException("The same request is there twice", "InvalidStateError");
          }
          ArrayPrototypePush(files, store.remove(entry.number));
          return false;
        });
        const file = stored?.file ?? null;
        if (file !== null && !store.hasBody(file)) {
          throw new DOMException("The body was swept away", "InvalidStateError");
        }
        const {
          url,
          path,
          request: asked,
          response,
        } = describe(request, inner, headerList, hasBody);
        ArrayPrototypePush(added, url);
        store.add(id, {
          __proto__: null,
          url,
          path,
          request: asked,
          response,
          body: stored?.bytes ?? null,
          file,
          size: stored?.size ?? 0,
        });
      }
      if (store.total() > kQuota) throw tooMuch();
    });
    done = true;
  } catch (error) {
    throw error.errcode === kSqliteFull ? tooMuch() : error;
  } finally {
    if (!done) dropBodies(store, puts);
  }
  for (let i = 0; i < files.length; i++) store.removeBody(files[i]);
}

/** Fetches a request for add() and addAll(). */
async function fetchOne(store, request, controller, prefix) {
  const signal = dependentSignal([request.signal, controller.signal]);
  const response = await fetch(new Request(request, { __proto__: null, signal }));
  if (!response.ok) throw new TypeError(`${prefix}: Request failed with status ${response.status}`);
  const inner = toInnerResponse(response);
  checkResponse(inner, prefix);
  return await storeResponse(store, request, inner);
}

/** Fetches and puts all or none. */
async function addRequests(store, id, requests, prefix) {
  for (let i = 0; i < requests.length; i++) checkRequest(requests[i], prefix);
  const controller = new AbortController();
  const under = [];
  for (let i = 0; i < requests.length; i++) {
    ArrayPrototypePush(under, fetchOne(store, requests[i], controller, prefix));
  }
  let puts;
  try {
    puts = await SafePromiseAll(under);
  } catch (error) {
    controller.abort();
    for (let i = 0; i < under.length; i++) {
      quiet(PromisePrototypeThen(under[i], (put) => dropBodies(store, [put])));
    }
    throw error;
  }
  commit(store, id, puts);
}

// Caches that objects stand for: id to how many, and those of them that were deleted.
const users = new SafeMap();
const ended = new SafeMap();
let registry; // made at run time

function leave({ store, id }) {
  const left = users.get(id) - 1;
  if (left > 0) users.set(id, left);
  else {
    users.delete(id);
    if (ended.delete(id)) store.removeEnded(id);
  }
}

/** A cache lost its name: it goes with the last object that stands for it. */
export function endUse(store, id) {
  if (users.has(id)) ended.set(id, true);
  else store.removeEnded(id);
}

let stateOf; // the private fields

/** A list of requests and responses. */
export class Cache {
  #id;
  #store;

  constructor(key = undefined, store = undefined, id = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#store = store;
    this.#id = id;
    registry ??= new SafeFinalizationRegistry(leave);
    registry.register(this, { __proto__: null, store, id });
    users.set(id, (users.get(id) ?? 0) + 1);
  }

  static {
    stateOf = (value) => {
      if (!isObject(value) || !(#id in value)) throw illegalInvocation();
      return { __proto__: null, id: value.#id, store: value.#store };
    };
  }

  /** Fetches a URL and puts the response. */
  async add(request) {
    const { id, store } = stateOf(this);
    const prefix = "Failed to execute 'add' on 'Cache'";
    requiredArguments(arguments.length, 1, prefix);
    await addRequests(store, id, [toRequest(request)], prefix);
  }

  /** The same for several: all or none. */
  async addAll(requests) {
    const { id, store } = stateOf(this);
    const prefix = "Failed to execute 'addAll' on 'Cache'";
    requiredArguments(arguments.length, 1, prefix);
    await addRequests(store, id, toRequests(requests, prefix, "Argument 1"), prefix);
  }

  /** Removes what answers a request; whether there was something. */
  async delete(request, options = undefined) {
    const { id, store } = stateOf(this);
    const prefix = "Failed to execute 'delete' on 'Cache'";
    requiredArguments(arguments.length, 1, prefix);
    const asked = toRequest(request);
    const wanted = toOptions(options, prefix, "Argument 2");
    const files = [];
    store.transact(() => {
      query(store, id, asked, wanted, (entry) => {
        ArrayPrototypePush(files, store.remove(entry.number));
        return false;
      });
    });
    for (let i = 0; i < files.length; i++) store.removeBody(files[i]);
    return files.length > 0;
  }

  /** The requests that something is kept for. */
  async keys(request = undefined, options = undefined) {
    const { id, store } = stateOf(this);
    const asked = request === undefined ? null : toRequest(request);
    const wanted = toOptions(options, "Failed to execute 'keys' on 'Cache'", "Argument 2");
    const requests = [];
    query(store, id, asked, wanted, (entry) => {
      ArrayPrototypePush(requests, entry.makeRequest());
      return false;
    });
    return requests;
  }

  /** The first response to a request, or undefined. */
  async match(request, options = undefined) {
    const { id, store } = stateOf(this);
    const prefix = "Failed to execute 'match' on 'Cache'";
    requiredArguments(arguments.length, 1, prefix);
    const asked = toRequest(request);
    return matchIn(store, id, asked, toOptions(options, prefix, "Argument 2"));
  }

  /** All responses to a request, or all there are. */
  async matchAll(request = undefined, options = undefined) {
    const { id, store } = stateOf(this);
    const asked = request === undefined ? null : toRequest(request);
    const wanted = toOptions(options, "Failed to execute 'matchAll' on 'Cache'", "Argument 2");
    const responses = [];
    query(store, id, asked, wanted, (entry) => {
      const response = openEntry(store, entry);
      if (response !== undefined) ArrayPrototypePush(responses, response);
      return false;
    });
    return responses;
  }

  /** Keeps a response, whose body is read to its end. */
  async put(request, response) {
    const { id, store } = stateOf(this);
    const prefix = "Failed to execute 'put' on 'Cache'";
    requiredArguments(arguments.length, 2, prefix);
    const asked = toRequest(request);
    const inner = toInnerResponse(toResponse(response, prefix, "Argument 2"));
    checkRequest(asked, prefix);
    checkResponse(inner, prefix);
    if (isBodyUnusable(inner)) {
      throw new TypeError(`${prefix}: Response body is already used`);
    }
    commit(store, id, [await storeResponse(store, asked, inner)]);
  }
}
configureInterface(Cache);
