// Deno.resolveDns: asks, and gives each record the shape of its type.

import { op_core_try_close } from "rt:ops/core";
import { op_dns_resolve } from "rt:ops/dns";
import { op_io_cancellation } from "rt:ops/io";
import { primordials } from "rt:bootstrap/primordials.js";
import { throwIfAborted, withCallerUnlessReason } from "../io/cancel.js";
import {
  addAbortAlgorithm,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
} from "../web/abort.js";
import { toPort } from "./port.js";

const { Number, TypeError } = primordials;

/** From the fields of a record (src/ext/net/dns_records.h) to what scripts get. */
const shapes = {
  __proto__: null,
  CAA: (f) => ({ critical: f[0] === "1", tag: f[1], value: f[2] }),
  MX: (f) => ({ preference: Number(f[0]), exchange: f[1] }),
  NAPTR: (f) => ({
    order: Number(f[0]),
    preference: Number(f[1]),
    flags: f[2],
    services: f[3],
    regexp: f[4],
    replacement: f[5],
  }),
  SOA: (f) => ({
    mname: f[0],
    rname: f[1],
    serial: Number(f[2]),
    refresh: Number(f[3]),
    retry: Number(f[4]),
    expire: Number(f[5]),
    minimum: Number(f[6]),
  }),
  SRV: (f) => ({
    priority: Number(f[0]),
    weight: Number(f[1]),
    port: Number(f[2]),
    target: f[3],
  }),
  TXT: (f) => f,
};

function toServer(options) {
  const server = options?.nameServer;
  if (server === undefined || server === null) return undefined;
  if (typeof server.ipAddr !== "string") {
    throw new TypeError("Invalid nameServer: 'ipAddr' must be a string");
  }
  return { __proto__: null, host: server.ipAddr, port: toPort(server.port ?? 53, false) };
}

/**
 * The records of a name.
 * @param {string} query
 * @param {"A"|"AAAA"|"ANAME"|"CAA"|"CNAME"|"MX"|"NAPTR"|"NS"|"PTR"|"SOA"|"SRV"|"TXT"} recordType
 * @param {{ nameServer?: { ipAddr: string, port?: number }, signal?: AbortSignal }} [options]
 */
export async function resolveDns(query, recordType, options = undefined) {
  const signal = options?.signal;
  let cancellation;
  const cancel = () => op_core_try_close(cancellation);
  try {
    throwIfAborted(signal);
    const question = {
      __proto__: null,
      name: `${query}`,
      type: `${recordType}`,
      server: toServer(options),
    };
    if (signal !== undefined && signal !== null) {
      cancellation = op_io_cancellation();
      addAbortAlgorithm(signal, cancel);
    }
    const records = await op_dns_resolve(question, cancellation);
    const shape = shapes[recordType] ?? ((fields) => fields[0]);
    for (let i = 0; i < records.length; i++) records[i] = shape(records[i]);
    return records;
  } catch (error) {
    if (cancellation !== undefined && isSignalAborted(signal)) throw signalReason(signal);
    throw withCallerUnlessReason(error, signal, resolveDns);
  } finally {
    if (cancellation !== undefined) {
      removeAbortAlgorithm(signal, cancel);
      cancel();
    }
  }
}
