// Lazy: URLPattern.
import { URLPattern } from "rt:ext/url/url_pattern.js";
import { provide } from "../lazy.js";

provide("patterns", { __proto__: null, URLPattern });
