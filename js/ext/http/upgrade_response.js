// The response of an upgrade: it has been sent already when the handler returns it, which only says
// that the handler agrees.

import { primordials } from "rt:bootstrap/primordials.js";
import { InnerResponse, responseFromInner } from "../fetch/response.js";

const { SafeWeakMap } = primordials;

const upgrades = new SafeWeakMap(); // InnerResponse -> RequestRecord

/** The 101 response for a request that is being upgraded. */
export function makeUpgradeResponse(record, headers) {
  const inner = new InnerResponse();
  inner.status = 101;
  inner.statusText = "Switching Protocols";
  inner.headerList = headers;
  upgrades.set(inner, record);
  return responseFromInner(inner);
}

/** Whether this response of a handler is the one its request was upgraded with. */
export function isUpgradeOf(record, inner) {
  return upgrades.get(inner) === record;
}
