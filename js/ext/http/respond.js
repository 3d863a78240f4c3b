// From a request's id to its answer: calls the handler and writes what it returns. A handler that
// returns a Response rather than a promise is answered here and now, without a promise being made.

import { op_http_respond, op_http_respond_text } from "rt:ops/http";
import { primordials } from "rt:bootstrap/primordials.js";
import { console } from "../console/console.js";
import { isBodyUnusable, kTextType, takeBody } from "../fetch/body.js";
import { newServerRequest } from "../fetch/request.js";
import { completeList, Response, toInnerResponse } from "../fetch/response.js";
import { packedAnswer } from "./compress.js";
import { answerStream } from "./respond_stream.js";
import { RequestRecord, ServeHandlerInfo } from "./request_record.js";
import { isUpgradeOf } from "./upgrade_response.js";

const { ArrayBufferIsView, TypeError } = primordials;

function internalServerError() {
  return new Response("Internal Server Error", { __proto__: null, status: 500 });
}

/** Logs what a program threw. Showing it can run the program's code, which may throw again. */
function log(text, error) {
  try {
    if (text === null) console.error(error);
    else console.error(text, error);
  } catch {
    const what = text ?? "Exception in the serve handler";
    console.error(`${what} (it cannot be shown: inspecting it throws)`);
  }
}

/** What happens to an error when the program has no `onError`: a log line and a 500. */
export function defaultOnError(error) {
  log(null, error);
  return internalServerError();
}

/** The inner record of what a handler returned; throws what the handler did wrong. */
function checked(response, who) {
  const inner = toInnerResponse(response);
  if (inner === undefined) {
    throw new TypeError(
      `Return value from ${who} must be a response or a promise resolving to a response`,
    );
  }
  if (inner.type === "error") {
    throw new TypeError(
      `Return value from ${who} must not be an error response (like Response.error())`,
    );
  }
  if (isBodyUnusable(inner)) {
    throw new TypeError(
      `The body of the Response returned from the ${who} has already been consumed`,
    );
  }
  return inner;
}

/** True for a body that is not at hand. */
function isSource(body) {
  return typeof body === "object" && body !== null && !ArrayBufferIsView(body);
}

/** Writes a response whose body is at hand. Throws before anything was sent, or not at all. */
function send(record, inner, body) {
  if (
    typeof body === "string" &&
    inner.headerList === null &&
    inner.status === 200 &&
    inner.statusText === ""
  ) {
    if (!op_http_respond_text(record.take(), body)) record.lost = true;
    return;
  }
  let headers = inner.headerList;
  if (headers === null) headers = typeof body === "string" ? ["content-type", kTextType] : [];
  const sent = op_http_respond(record.id(), inner.status, inner.statusText, headers, body);
  if (!sent) record.lost = true;
  record.take();
}

/** Answers with `inner`; a promise if the body is not at hand. */
function answer(record, inner) {
  if (inner.status === 101) {
    if (isUpgradeOf(record, inner)) return undefined;
    throw new TypeError("A response with status 101 must come from an upgrade of its request");
  }
  if (record.mayPack) {
    const packed = packedAnswer(record, inner);
    if (packed !== null) return answerStream(record, inner, packed.fields, packed.source);
  }
  let { body } = inner;
  if (isSource(body)) {
    const headers = completeList(inner);
    body = takeBody(inner);
    if (isSource(body)) return answerStream(record, inner, headers, body);
  } else if (body !== null) {
    inner.bodyUsed = true;
  }
  send(record, inner, body);
  return undefined;
}

/** The last resort: nothing the program supplied is called any more. */
function answerFailure(record, error) {
  log("Exception in onError while handling exception", error);
  if (record.answered) return;
  const inner = toInnerResponse(internalServerError());
  send(record, inner, inner.body);
}

async function answerError(record, error, onError) {
  try {
    await answer(record, checked(await onError(error), "onError handler"));
  } catch (second) {
    answerFailure(record, second);
  }
}

async function answerLater(record, promise, onError) {
  try {
    await answer(record, checked(await promise, "serve handler"));
  } catch (error) {
    await answerError(record, error, onError);
  }
}

/**
 * Makes the function that handles one request by its id. It never throws.
 * @param {Function} handler
 * @param {Function} onError
 * @param {object} listenAddr
 * @param {boolean} mayPack whether answers go out packed to clients that take it
 */
export function makeDispatch(handler, onError, listenAddr, mayPack) {
  return function dispatch(id) {
    const record = new RequestRecord(id);
    if (mayPack) record.mayPack = true;
    const request = newServerRequest(record);
    try {
      const result = handler(request, new ServeHandlerInfo(record, listenAddr));
      const inner = toInnerResponse(result);
      if (
        inner === undefined ||
        inner.bodyUsed ||
        inner.type === "error" ||
        isSource(inner.body) ||
        mayPack
      ) {
        answerLater(record, result, onError);
        return;
      }
      answer(record, inner);
    } catch (error) {
      answerError(record, error, onError);
    }
  };
}
