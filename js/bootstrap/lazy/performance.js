// Lazy: PerformanceObserver.
import {
  PerformanceObserver,
  PerformanceObserverEntryList,
} from "rt:ext/web/performance_observer.js";
import { provide } from "../lazy.js";

provide("performance", { __proto__: null, PerformanceObserver, PerformanceObserverEntryList });
