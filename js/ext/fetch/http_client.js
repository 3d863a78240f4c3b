// Deno.createHttpClient and Deno.HttpClient: what fetch connects with.

import { op_core_try_close } from "rt:ops/core";
import { op_fetch_custom_client } from "rt:ops/fetch";
import { primordials } from "rt:bootstrap/primordials.js";
import { errors } from "rt:bootstrap/errors.js";
import { toKeyPair, toStrings } from "../tls/tls.js";
import { illegalConstructor, isObject, kConstruct } from "../web/webidl.js";

const {
  JSONStringify,
  NumberIsInteger,
  ObjectDefineProperty,
  StringPrototypeIncludes,
  StringPrototypeStartsWith,
  SymbolDispose,
  TypeError,
} = primordials;

/** The rid of an HttpClient; undefined for anything else. */
export let clientRid;

/** A client with settings and connections of its own. */
export class HttpClient {
  #rid;

  constructor(key = undefined, rid = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
  }

  static {
    clientRid = (value) => (isObject(value) && #rid in value ? value.#rid : undefined);
  }

  /** Closes the connections that rest; the client can no longer be used. */
  close() {
    op_core_try_close(this.#rid);
  }
}
ObjectDefineProperty(HttpClient.prototype, SymbolDispose, {
  __proto__: null,
  value: HttpClient.prototype.close,
  writable: true,
  enumerable: false,
  configurable: true,
});

// The schemes that fit a transport.
const kSchemes = {
  __proto__: null,
  http: ["http://"],
  https: ["https://"],
  socks5: ["socks5://", "socks5h://"],
};

function toText(value, name) {
  if (typeof value !== "string") throw new TypeError(`Invalid ${name}: must be a string`);
  return value;
}

/** `{ proxyUrl, proxyTransport }`: what connects instead of the host of a request. */
function toProxy(proxy) {
  const { transport } = proxy;
  switch (transport) {
    case undefined:
      return { proxyUrl: toText(proxy.url, "proxy.url"), proxyTransport: undefined };
    case "http":
    case "https":
    case "socks5": {
      const url = toText(proxy.url, "proxy.url");
      const schemes = kSchemes[transport];
      for (let i = 0; i < schemes.length; i++) {
        if (StringPrototypeStartsWith(url, schemes[i])) {
          return { proxyUrl: url, proxyTransport: undefined };
        }
      }
      throw new TypeError(
        "The url passed into 'proxy.url' has an invalid scheme for this transport.",
      );
    }
    case "tcp": {
      const host = toText(proxy.hostname, "proxy.hostname");
      const isIpv6 = !StringPrototypeStartsWith(host, "[") && StringPrototypeIncludes(host, ":");
      const { port } = proxy;
      if (!NumberIsInteger(port) || port < 0 || port > 65535) {
        throw new TypeError(`Invalid proxy.port: ${port}`);
      }
      return { proxyUrl: `http://${isIpv6 ? `[${host}]` : host}:${port}`, proxyTransport: "tcp" };
    }
    case "unix":
      return { proxyUrl: toText(proxy.path, "proxy.path"), proxyTransport: "unix" };
    case "vsock":
      throw new errors.NotSupported("proxy.transport 'vsock' is not implemented");
    default:
      throw new TypeError(
        `Invalid value for 'proxy.transport' option: ${JSONStringify(transport)}`,
      );
  }
}

function toCount(value, name) {
  if (!NumberIsInteger(value) || value < 0) {
    throw new TypeError(`Invalid ${name}: must be a non-negative integer`);
  }
  return value;
}

/**
 * Makes a client for `fetch(url, { client })`.
 * @param {{ caCerts?: string[], cert?: string, key?: string, proxy?: object, poolMaxIdlePerHost?: number, poolIdleTimeout?: number | false, http1?: boolean, http2?: boolean, allowHost?: boolean, localAddress?: string }} options
 */
export function createHttpClient(options) {
  if (!isObject(options)) throw new TypeError("Invalid options: must be an object");
  const { proxy, poolMaxIdlePerHost, poolIdleTimeout, http1, http2, localAddress } = options;
  if (http1 === false && http2 === false) {
    throw new TypeError(
      "Cannot create Http Client: either `http1` or `http2` needs to be set to true",
    );
  }
  const pair = toKeyPair(options, "Deno.createHttpClient");
  const route = proxy === undefined || proxy === null ? undefined : toProxy(proxy);
  const credentials = proxy?.basicAuth;
  const rid = op_fetch_custom_client({
    __proto__: null,
    caCerts: toStrings(options.caCerts, "caCerts"),
    cert: pair?.cert,
    key: pair?.key,
    proxyUrl: route?.proxyUrl,
    proxyTransport: route?.proxyTransport,
    proxyUsername: credentials ? toText(credentials.username, "proxy.basicAuth.username") : "",
    proxyPassword: credentials ? toText(credentials.password, "proxy.basicAuth.password") : "",
    poolMaxIdlePerHost:
      poolMaxIdlePerHost === undefined ? -1 : toCount(poolMaxIdlePerHost, "poolMaxIdlePerHost"),
    poolIdleTimeout:
      poolIdleTimeout === undefined
        ? 90_000
        : poolIdleTimeout === false
          ? -1
          : toCount(poolIdleTimeout, "poolIdleTimeout"),
    allowHost: options.allowHost === true,
    http1: http1 !== false,
    http2: http2 !== false,
    localAddress: localAddress === undefined ? undefined : toText(localAddress, "localAddress"),
  });
  return new HttpClient(kConstruct, rid);
}
