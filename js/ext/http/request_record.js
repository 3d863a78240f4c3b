// What a Request of Deno.serve is made from: the engine's id of one request. Everything is fetched
// from C++ when it is first read, and nothing after the answer: then the id may already be another
// request's.

import {
  op_http_can_upgrade,
  op_http_get_request_headers,
  op_http_get_request_method_and_url,
  op_http_get_request_remote_addr,
  op_http_has_request_body,
  op_http_open_request_body,
  op_http_read_request_body,
  op_http_upgrade,
  op_http_wait_cancelled,
  op_http_wait_completed,
} from "rt:ops/http";
import { errors } from "rt:bootstrap/errors.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { ServerRequest } from "../fetch/request.js";
import { withCaller } from "../io/async_error.js";
import { readableForRid } from "../streams/streams.js";
import { abortSignal, createAbortSignal } from "../web/abort.js";
import { DOMException } from "../web/dom_exception.js";

const { PromisePrototypeThen, TypeError } = primordials;

/** Waits for an op that must not keep the program alive. */
function unreferenced(result) {
  if (typeof result === "object") setOpReferenced(lastPromiseId(), false);
  return result;
}

function abortCancelled(signal) {
  abortSignal(signal, new DOMException("The request has been cancelled.", "AbortError"));
}

async function abortWhenGone(signal, cancelled) {
  if (await cancelled) abortCancelled(signal);
}

async function upgradeConnection(id, headers) {
  return await op_http_upgrade(id, headers);
}

/** The body of a request: a source as `BodyHolder` in ../fetch/body.js describes. */
class RequestBodySource {
  #record;
  size = undefined;

  constructor(record) {
    this.#record = record;
  }

  async collect() {
    try {
      return await op_http_read_request_body(this.#record.id());
    } catch (error) {
      throw withCaller(error, this.collect);
    }
  }

  open() {
    return this.#record.openBody();
  }
}

/** The record behind one server-side Request. */
export class RequestRecord extends ServerRequest {
  #id;
  #url = null;
  #bodyStream = null;
  /** Whether the answer came too late. */
  lost = false;
  /** Whether the answer may be packed. */
  mayPack = false;

  constructor(id) {
    super();
    this.#id = id;
  }

  /** The engine's id; throws once the request is answered. */
  id() {
    if (this.#id === 0) throw new TypeError("Request closed");
    return this.#id;
  }

  get answered() {
    return this.#id === 0;
  }

  /** The id, for the one who answers: nobody can use the record's connection after. */
  take() {
    const id = this.#id;
    this.#id = 0;
    if (this.#bodyStream !== null) this.#endBody();
    return id;
  }

  /** Whether `upgrade` may be called. */
  canUpgrade() {
    return this.#id !== 0 && op_http_can_upgrade(this.#id);
  }

  /** Answers 101 with a flat list of fields; a promise for the rid of what the connection is then. */
  upgrade(headers) {
    // What the request says can still be read.
    void this.method;
    void this.url;
    return upgradeConnection(this.take(), headers);
  }

  /** The body as a Readable; nothing is opened before the first read. */
  openBody() {
    const stream = readableForRid(() => op_http_open_request_body(this.id()));
    this.#bodyStream = stream;
    return stream;
  }

  /** With the answer the rest of the body is gone. */
  #endBody() {
    const { controller, resource } = this.#bodyStream;
    if (resource.closed) return;
    resource.end();
    controller.error(new TypeError("Request closed: it was answered before its body was read"));
  }

  readMethod() {
    const parts = op_http_get_request_method_and_url(this.id());
    this.#url = parts[1];
    return parts[0];
  }

  readUrl() {
    // Reading either reads both: programs route by the two together.
    if (this.#url === null) void this.method;
    return this.#url;
  }

  readHeaders() {
    return op_http_get_request_headers(this.id());
  }

  readBody() {
    return op_http_has_request_body(this.id()) ? new RequestBodySource(this) : null;
  }

  makeSignal() {
    const signal = createAbortSignal();
    const gone = this.#id === 0 ? this.lost : unreferenced(op_http_wait_cancelled(this.#id));
    // Known already: whoever looks now must not see it differently.
    if (gone === true) abortCancelled(signal);
    else if (gone !== false) abortWhenGone(signal, gone);
    return signal;
  }
}

/** The second argument of a handler. */
export class ServeHandlerInfo {
  #record;
  #listenAddr;
  #remoteAddr = null;
  #completed = null;

  constructor(record, listenAddr) {
    this.#record = record;
    this.#listenAddr = listenAddr;
  }

  /** Where the request came from. */
  get remoteAddr() {
    if (this.#remoteAddr === null) {
      const addr = this.#listenAddr;
      if (addr.transport === "unix") {
        this.#remoteAddr = { transport: "unix", path: addr.path };
      } else {
        const peer = op_http_get_request_remote_addr(this.#record.id());
        this.#remoteAddr = { transport: "tcp", hostname: peer[0], port: peer[1] };
      }
    }
    return this.#remoteAddr;
  }

  /** Resolves once the response is with the kernel; rejects when that will not happen. */
  get completed() {
    if (this.#completed === null) {
      const record = this.#record;
      this.#completed = completion(
        record.answered ? !record.lost : unreferenced(op_http_wait_completed(record.id())),
      );
      // A client that leaves must not end a program that only looked at the property.
      PromisePrototypeThen(this.#completed, undefined, () => {});
    }
    return this.#completed;
  }
}

async function completion(result) {
  if (!(await result)) throw new errors.Interrupted("HTTP response was not sent successfully");
}
