// Lazy: the Cache API.
import { Cache } from "rt:ext/cache/cache.js";
import { CacheStorage, caches } from "rt:ext/cache/cache_storage.js";
import { provide } from "../lazy.js";

provide("caches", { __proto__: null, Cache, CacheStorage, caches });
