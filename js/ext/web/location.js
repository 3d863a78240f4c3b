// location (https://html.spec.whatwg.org/#the-location-interface): the URL of --location. There is
// nowhere to go, so whatever would navigate is refused. Without --location it is undefined.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_location_href } from "rt:ops/web";
import { URL, urlAccessors } from "../url/url.js";
import { DOMException } from "./dom_exception.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { illegalConstructor, illegalInvocation, kConstruct } from "./webidl.js";

const {
  ObjectDefineProperties,
  ObjectDefineProperty,
  ObjectFreeze,
  ObjectGetOwnPropertyDescriptor,
  SymbolToStringTag,
} = primordials;

const kParts = [
  "hash",
  "host",
  "hostname",
  "href",
  "origin",
  "pathname",
  "port",
  "protocol",
  "search",
];

function refused(what) {
  return new DOMException(`Cannot ${what}`, "NotSupportedError");
}

let urlOf;

/** WebIDL wants the members on the object itself ([LegacyUnforgeable]). */
export class Location {
  #url;

  constructor(key = undefined, url = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#url = url;
    ObjectDefineProperties(this, members);
  }

  static {
    urlOf = (value) => {
      if (typeof value !== "object" || value === null || !(#url in value))
        throw illegalInvocation();
      return value.#url;
    };
  }

  [kInspect](inspect, options) {
    if (!(#url in this)) return inspect({}, options);
    return inspectAs("Location", this, kParts, inspect, options);
  }
}
ObjectDefineProperty(Location.prototype, SymbolToStringTag, {
  __proto__: null,
  value: "Location",
  configurable: true,
});

const kNoAncestors = ObjectFreeze({
  length: 0,
  item: () => null,
  contains: () => false,
});

const members = { __proto__: null };
for (const name of kParts) {
  const accessors = {
    get [name]() {
      return urlAccessors[name].get(urlOf(this));
    },
    set [name](_value) {
      urlOf(this);
      throw refused(`set "location.${name}"`);
    },
  };
  const { get, set } = ObjectGetOwnPropertyDescriptor(accessors, name);
  members[name] = {
    __proto__: null,
    get,
    set: name === "origin" ? undefined : set,
    enumerable: true,
    configurable: false,
  };
}
const methods = {
  assign(_url) {
    urlOf(this);
    throw refused('call "location.assign()"');
  },
  reload() {
    urlOf(this);
    throw refused('call "location.reload()"');
  },
  replace(_url) {
    urlOf(this);
    throw refused('call "location.replace()"');
  },
  toString() {
    return urlAccessors.href.get(urlOf(this));
  },
};
for (const name of ["assign", "reload", "replace", "toString"]) {
  members[name] = { __proto__: null, value: methods[name], writable: false, enumerable: true };
}
members.ancestorOrigins = {
  __proto__: null,
  get() {
    urlOf(this);
    return kNoAncestors;
  },
  enumerable: true,
  configurable: false,
};

let made; // not while the snapshot is built: the command line comes later

/** The global `location`, or undefined. */
export function getLocation() {
  if (made === undefined) {
    const href = op_location_href();
    made = href === null ? null : new Location(kConstruct, new URL(href));
  }
  return made ?? undefined;
}

/** Built-in code: what `location` is from now on. */
export function replaceLocation(location) {
  made = location;
}

/** What assigning to `location` does. */
export function setLocation(_value) {
  throw refused('set "location"');
}

/** The origin of --location, or null. */
export function locationOrigin() {
  const location = getLocation();
  if (location === undefined) return null;
  const href = op_location_href();
  return urlAccessors.origin.get(new URL(href));
}

/** The href of --location, or null: the base of relative URLs given to web APIs. */
export function locationHref() {
  return op_location_href();
}

let base = null; // asked for once: it does not change

/** The same as locationHref() for who asks often; undefined for none. */
export function baseHref() {
  base ??= { __proto__: null, href: op_location_href() ?? undefined };
  return base.href;
}

/** The URL a text is to a web API: a relative one is so to --location. A TypeError if it is none. */
export function resolveUrl(text) {
  return new URL(text, baseHref());
}
