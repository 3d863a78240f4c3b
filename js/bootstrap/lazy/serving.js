// Lazy: Deno.serve and `rt serve`.
import { serve, serveModule } from "rt:ext/http/serve.js";
import { fetching, provide } from "../lazy.js";

fetching(); // the kinds of bodies
provide("serving", { __proto__: null, serve, serveModule });
