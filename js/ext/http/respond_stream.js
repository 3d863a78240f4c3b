// Answers whose body comes in pieces. The bytes go from the stream to the connection through a
// pipe, in C++ if the stream stands for a resource. A body that fails cuts the connection: the
// client must not take a part for the whole.

import { op_http_end_response, op_http_respond_stream, op_http_wait_cancelled } from "rt:ops/http";
import { errors } from "rt:bootstrap/errors.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { console } from "../console/console.js";
import { cancelStream, kPipeAll, pipe, quiet, writableForRid } from "../streams/streams.js";

const { NumberParseInt, PromisePrototypeThen, PromiseResolve, StringPrototypeCharCodeAt } =
  primordials;

// What op_http_respond_stream gives instead of a rid.
const kTooLate = 0;
const kNoBody = -1;

/** The length a program states in `content-length`, or -1. */
function statedLength(headers) {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== "content-length") continue;
    const text = headers[i + 1];
    for (let j = 0; j < text.length; j++) {
      const code = StringPrototypeCharCodeAt(text, j);
      if (code < 48 || code > 57) return -1;
    }
    const length = text === "" ? -1 : NumberParseInt(text, 10);
    return length <= 2 ** 53 ? length : -1;
  }
  return -1;
}

function clientGone() {
  return new errors.Http("the client closed the connection before the response was complete");
}

/** Nobody wants the body any more. */
function drop(stream) {
  if (stream.locked) return;
  const result = cancelStream(stream, clientGone());
  if (result !== undefined) quiet(result);
}

/** Breaks the answer when the client leaves, so that a source that waits learns it. */
function watchClient(id, writable) {
  const gone = op_http_wait_cancelled(id);
  if (typeof gone === "object") setOpReferenced(lastPromiseId(), false);
  PromisePrototypeThen(PromiseResolve(gone), (isGone) => {
    if (!isGone) return;
    writable.resource.end();
    writable.controller.errorIfNeeded(clientGone());
  });
}

/**
 * Answers with `source` as the body (see BodyHolder in ../fetch/body.js). Throws what is wrong with
 * the head, before anything was sent; failures of the body are dealt with here.
 */
export async function answerStream(record, inner, headers, source) {
  const stream = source.open();
  const length = source.size ?? statedLength(headers);
  let rid;
  try {
    rid = op_http_respond_stream(record.id(), inner.status, inner.statusText, headers, length);
  } catch (error) {
    drop(stream);
    throw error;
  }
  if (rid === kTooLate || rid === kNoBody) {
    record.lost = rid === kTooLate;
    record.take();
    drop(stream);
    return;
  }
  let isGone = false;
  const writable = writableForRid(rid, {
    __proto__: null,
    end(bodyRid) {
      if (!op_http_end_response(bodyRid)) isGone = true;
    },
  });
  watchClient(record.id(), writable);
  try {
    await pipe(stream, writable, kPipeAll);
  } catch (error) {
    isGone = true;
    // A client that leaves is no error of the program's.
    if (!(error instanceof errors.Http)) logFailure(error);
  }
  record.lost = isGone;
  record.take();
}

function logFailure(error) {
  try {
    console.error("The body of a response failed:", error);
  } catch {
    console.error("The body of a response failed (the error cannot be shown)");
  }
}
