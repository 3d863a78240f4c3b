// Connections: what Deno.connect and Listener.accept give. Conn is also the base of TlsConn.

import { op_core_close, op_core_try_close } from "rt:ops/core";
import { op_net_set_keepalive, op_net_set_nodelay } from "rt:ops/net";
import {
  op_resource_read_or_end,
  op_resource_shutdown,
  op_resource_write,
  op_resource_write_now,
} from "rt:ops/resource";
import { primordials } from "rt:bootstrap/primordials.js";
import { isOpPending, lastPromiseId, onLastFailure, setOpReferenced } from "rt:bootstrap/ring.js";
import { failWithCaller, withCaller } from "../io/async_error.js";
import { moveWhatFits } from "../io/transfer.js";
import { readableStreamForRid, writableStreamForRid } from "../streams/resource.js";
import { copyOfBytes, viewLength } from "../web/buffer_source.js";
import { illegalConstructor, isShared, isSteady, kConstruct } from "../web/webidl.js";

const {
  ArrayBufferIsView,
  PromiseReject,
  PromiseResolve,
  SafeSet,
  SetPrototypeAdd,
  SetPrototypeDelete,
  SetPrototypeForEach,
  SetPrototypeGetSize,
  SymbolDispose,
  TypeError,
  Uint8Array,
} = primordials;

/** The rid of a connection; for the built-ins that take one over (TLS, HTTP). */
export let ridOf;

const notView = () => new TypeError("expected typed ArrayBufferView");

/** A connection. `read` may be called again before it has ended: calls take their turn. */
export class Conn {
  #rid;
  #remoteAddr;
  #localAddr;
  #readable;
  #writable;
  #referenced = true;
  /** The id of the last read that had to wait, 0 if none had; and of those before that still do. */
  #pending = 0;
  #others = null;

  static {
    ridOf = (conn) => conn.#rid;
  }

  constructor(key, rid, remoteAddr, localAddr) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
    this.#remoteAddr = remoteAddr;
    this.#localAddr = localAddr;
  }

  get remoteAddr() {
    return this.#remoteAddr;
  }

  get localAddr() {
    return this.#localAddr;
  }

  /**
   * How many bytes of `data` were taken: at least one, unless it is empty.
   * @param {Uint8Array} data
   */
  write(data) {
    // Neither this nor read is an async function: its promise, beside the op's, would be a good part of
    // what a small message costs.
    if (!ArrayBufferIsView(data)) return PromiseReject(notView());
    for (let bytes = data; ; ) {
      try {
        let size = op_resource_write_now(this.#rid, bytes);
        if (size >= 0) return PromiseResolve(size);
        size = op_resource_write(this.#rid, isSteady(bytes) ? bytes : copyOfBytes(bytes));
        if (typeof size !== "object") return PromiseResolve(size);
        onLastFailure(failWithCaller);
        return size;
      } catch (error) {
        // Ops never see memory that other threads write to meanwhile.
        if (bytes !== data || !isShared(data)) return PromiseReject(withCaller(error, this.write));
        bytes = copyOfBytes(data);
      }
    }
  }

  /**
   * How many bytes came into `buffer`, or null at the end.
   * @param {Uint8Array} buffer
   */
  read(buffer) {
    if (!ArrayBufferIsView(buffer)) return PromiseReject(notView());
    if (viewLength(buffer) === 0) return PromiseResolve(0);
    try {
      return this.#readInto(buffer);
    } catch (error) {
      if (!isSteady(buffer)) return this.#readAside(buffer);
      return PromiseReject(withCaller(error, this.read));
    }
  }

  #readInto(buffer) {
    const size = op_resource_read_or_end(this.#rid, buffer);
    if (typeof size !== "object" || size === null) return PromiseResolve(size);
    onLastFailure(failWithCaller);
    this.#addPending(lastPromiseId());
    return size;
  }

  async #readAside(buffer) {
    const aside = new Uint8Array(viewLength(buffer));
    let size;
    try {
      size = await this.#readInto(aside);
    } catch (error) {
      throw withCaller(error, this.read);
    }
    return size === null ? null : moveWhatFits(aside, size, buffer);
  }

  close() {
    op_core_close(this.#rid);
  }

  /** Ends the writing direction; what the peer still sends can be read. */
  async closeWrite() {
    try {
      await op_resource_shutdown(this.#rid);
    } catch (error) {
      throw withCaller(error, this.closeWrite);
    }
  }

  /** What the peer sends, as a byte stream. Its end, an error and cancelling close the connection. */
  get readable() {
    return (this.#readable ??= readableStreamForRid(this.#rid));
  }

  /** A stream to the peer. Closing it, an error and aborting it close the connection. */
  get writable() {
    return (this.#writable ??= writableStreamForRid(this.#rid));
  }

  ref() {
    this.#setReferenced(true);
  }

  unref() {
    this.#setReferenced(false);
  }

  #setReferenced(referenced) {
    this.#referenced = referenced;
    if (this.#pending !== 0) setOpReferenced(this.#pending, referenced);
    if (this.#others === null) return;
    SetPrototypeForEach(this.#others, (id) => setOpReferenced(id, referenced));
  }

  // Nobody says when a read has ended: those that have are found when there is a new one.
  #addPending(id) {
    if (!this.#referenced) setOpReferenced(id, false);
    if (this.#pending !== 0 && isOpPending(this.#pending)) {
      this.#others ??= new SafeSet();
      SetPrototypeAdd(this.#others, this.#pending);
    }
    this.#pending = id;
    if (this.#others === null) return;
    SetPrototypeForEach(this.#others, (other) => {
      if (!isOpPending(other)) SetPrototypeDelete(this.#others, other);
    });
    if (SetPrototypeGetSize(this.#others) === 0) this.#others = null;
  }

  [SymbolDispose]() {
    op_core_try_close(this.#rid);
  }
}

export class TcpConn extends Conn {
  /** Nagle's algorithm off (the argument's default), or on again. */
  setNoDelay(noDelay = true) {
    op_net_set_nodelay(ridOf(this), !!noDelay);
  }

  /** Whether the kernel probes an idle peer. */
  setKeepAlive(keepAlive = true) {
    op_net_set_keepalive(ridOf(this), !!keepAlive);
  }
}

export class UnixConn extends Conn {}
