// Deno.listenDatagram: UDP sockets with multicast, and unix datagram sockets.

import { op_core_close, op_core_try_close } from "rt:ops/core";
import {
  op_net_join_multicast_v4,
  op_net_join_multicast_v6,
  op_net_leave_multicast_v4,
  op_net_leave_multicast_v6,
  op_net_listen_udp,
  op_net_listen_unixpacket,
  op_net_recv_udp,
  op_net_recv_unixpacket,
  op_net_send_udp,
  op_net_send_unixpacket,
  op_net_set_multicast_loopback,
  op_net_set_multicast_ttl,
} from "rt:ops/datagram";
import { BadResource, Interrupted } from "rt:bootstrap/errors.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { withCaller } from "../io/async_error.js";
import { moveWhatFits } from "../io/transfer.js";
import { copyOfBytes, viewLength } from "../web/buffer_source.js";
import { illegalConstructor, isSteady, kConstruct } from "../web/webidl.js";
import { withActivated } from "./activated.js";
import { inetAddr, toPort, toSocketPath } from "./port.js";

const {
  ArrayBufferIsView,
  ObjectPrototypeIsPrototypeOf,
  PromisePrototype,
  PromiseResolve,
  SafeSet,
  SetPrototypeAdd,
  SetPrototypeDelete,
  SetPrototypeForEach,
  SymbolAsyncIterator,
  SymbolDispose,
  TypedArrayPrototypeSubarray,
  TypeError,
  Uint8Array,
} = primordials;

/** The largest payload of a UDP datagram over IPv4. */
const kMaxDatagram = 65507;

function checkBuffer(buffer) {
  if (!ArrayBufferIsView(buffer)) throw new TypeError("expected typed ArrayBufferView");
}

/** `32-bit interface index` of the IPv6 multicast calls; 0 lets the system choose. */
function toIndex(value) {
  if (value === undefined || value === null) return 0;
  if (typeof value !== "number" || value >>> 0 !== value) throw new TypeError("expected u32");
  return value;
}

class DatagramConn {
  #rid;
  #addr;
  #referenced = true;
  /** Ids of the receives that wait. */
  #pending = new SafeSet();

  /** How large a buffer `receive()` makes. */
  bufSize = kMaxDatagram;

  constructor(key, rid, addr) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
    this.#addr = addr;
  }

  get addr() {
    return this.#addr;
  }

  /** Joins a multicast group on the interface that has the address `multiInterface`. */
  async joinMulticastV4(addr, multiInterface) {
    const rid = this.#rid;
    const group = `${addr}`;
    const local = `${multiInterface}`;
    op_net_join_multicast_v4(rid, group, local);
    return {
      async leave() {
        op_net_leave_multicast_v4(rid, group, local);
      },
      async setLoopback(loopback) {
        op_net_set_multicast_loopback(rid, true, !!loopback);
      },
      async setTTL(ttl) {
        op_net_set_multicast_ttl(rid, ttl);
      },
    };
  }

  /** Joins a multicast group on the interface with this index. */
  async joinMulticastV6(addr, multiInterface) {
    const rid = this.#rid;
    const group = `${addr}`;
    const index = toIndex(multiInterface);
    op_net_join_multicast_v6(rid, group, index);
    return {
      async leave() {
        op_net_leave_multicast_v6(rid, group, index);
      },
      async setLoopback(loopback) {
        op_net_set_multicast_loopback(rid, false, !!loopback);
      },
    };
  }

  /**
   * The next datagram, as `[bytes, sender]`: in `buffer`, or in a new one.
   * @param {Uint8Array} [buffer]
   */
  async receive(buffer = undefined) {
    buffer ??= new Uint8Array(this.bufSize);
    checkBuffer(buffer);
    const isUdp = this.#addr.transport === "udp";
    const into = isSteady(buffer) ? buffer : new Uint8Array(viewLength(buffer));
    let id = 0;
    try {
      const receive = isUdp ? op_net_recv_udp : op_net_recv_unixpacket;
      const receiving = receive(this.#rid, into);
      if (ObjectPrototypeIsPrototypeOf(PromisePrototype, receiving)) {
        id = lastPromiseId();
        SetPrototypeAdd(this.#pending, id);
        if (!this.#referenced) setOpReferenced(id, false);
      }
      const received = await receiving;
      const sender = isUdp
        ? inetAddr(received.hostname, received.port, "udp")
        : { transport: "unixpacket", path: received.path };
      const { size } = received;
      const kept = into === buffer ? size : moveWhatFits(into, size, buffer);
      return [TypedArrayPrototypeSubarray(buffer, 0, kept), sender];
    } catch (error) {
      throw withCaller(error, this.receive);
    } finally {
      if (id !== 0) SetPrototypeDelete(this.#pending, id);
    }
  }

  /**
   * Sends one datagram; how many bytes of it were sent.
   * @param {Uint8Array} data
   * @param {{ hostname?: string, port?: number, path?: string }} to
   */
  async send(data, to) {
    checkBuffer(data);
    const bytes = isSteady(data) ? data : copyOfBytes(data);
    try {
      if (this.#addr.transport === "udp") {
        const host = `${to.hostname ?? "127.0.0.1"}`;
        const port = toPort(to.port, false);
        return await op_net_send_udp(this.#rid, { __proto__: null, host, port }, bytes);
      }
      return await op_net_send_unixpacket(this.#rid, toSocketPath(to.path), bytes);
    } catch (error) {
      throw withCaller(error, this.send);
    }
  }

  close() {
    op_core_close(this.#rid);
  }

  ref() {
    this.#setReferenced(true);
  }

  unref() {
    this.#setReferenced(false);
  }

  #setReferenced(referenced) {
    this.#referenced = referenced;
    SetPrototypeForEach(this.#pending, (id) => setOpReferenced(id, referenced));
  }

  async next() {
    try {
      return { value: await this.receive(), done: false };
    } catch (error) {
      const isClosed =
        ObjectPrototypeIsPrototypeOf(BadResource.prototype, error) ||
        ObjectPrototypeIsPrototypeOf(Interrupted.prototype, error);
      if (isClosed) return { value: undefined, done: true };
      throw error;
    }
  }

  /** Every datagram, until the socket is closed. */
  [SymbolAsyncIterator]() {
    return {
      next: () => this.next(),
      return: (value) => PromiseResolve({ value, done: true }),
      [SymbolAsyncIterator]() {
        return this;
      },
    };
  }

  [SymbolDispose]() {
    op_core_try_close(this.#rid);
  }
}

/**
 * Opens a socket for datagrams.
 * @param {{ transport: string, hostname?: string, port?: number, path?: string, reuseAddress?: boolean, loopback?: boolean, activated?: string }} given
 */
export function listenDatagram(given) {
  const options = withActivated(given);
  const { transport } = options;
  switch (transport) {
    case "udp": {
      const port = toPort(options.port, true);
      const host = `${options.hostname ?? "0.0.0.0"}`;
      const bound = op_net_listen_udp(
        { __proto__: null, host, port },
        {
          __proto__: null,
          reuseAddress: !!options.reuseAddress,
          loopback: !!options.loopback,
        },
      );
      return new DatagramConn(kConstruct, bound.rid, inetAddr(bound.hostname, bound.port, "udp"));
    }
    case "unixpacket": {
      const path = options.path === undefined ? undefined : toSocketPath(options.path);
      const rid = op_net_listen_unixpacket(path);
      return new DatagramConn(kConstruct, rid, { transport, path: path ?? null });
    }
    default:
      throw new TypeError(`Unsupported transport: '${transport}'`);
  }
}
