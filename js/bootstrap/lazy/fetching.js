// Lazy: fetch and its classes.
import { fetch } from "rt:ext/fetch/fetch.js";
import { Headers } from "rt:ext/fetch/headers.js";
import { createHttpClient, HttpClient } from "rt:ext/fetch/http_client.js";
import { Request } from "rt:ext/fetch/request.js";
import { Response } from "rt:ext/fetch/response.js";
import "rt:ext/form_data/body_kinds.js";
import { FormData } from "rt:ext/form_data/form_data.js";
import { compileStream } from "rt:ext/wasm/streaming.js";
import { provide } from "../lazy.js";

provide("fetching", {
  __proto__: null,
  compileStream,
  createHttpClient,
  fetch,
  FormData,
  Headers,
  HttpClient,
  Request,
  Response,
});
