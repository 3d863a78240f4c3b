// StorageEvent (https://html.spec.whatwg.org/multipage/webstorage.html#the-storageevent-interface). Here no
// other page changes a storage area, so only programs make such events.

import { isStorage } from "./storage.js";

/* global __rt_internals */
const { events, webidl } = __rt_internals;
const { addInspectedKeys, Event, eventInitMembers, eventState, kDispatching } = events;
const {
  configureInterface,
  dictionary,
  domString,
  illegalInvocation,
  interfaceType,
  nullable,
  requiredArguments,
  usvString,
} = webidl;

const text = nullable(domString);
const area = nullable(interfaceType("Storage", isStorage));

const storageEventInit = dictionary("StorageEventInit", eventInitMembers, [
  { key: "key", converter: text, defaultValue: null },
  { key: "newValue", converter: text, defaultValue: null },
  { key: "oldValue", converter: text, defaultValue: null },
  { key: "storageArea", converter: area, defaultValue: null },
  { key: "url", converter: usvString, defaultValue: "" },
]);

/** A change of a storage area. */
export class StorageEvent extends Event {
  #key;
  #oldValue;
  #newValue;
  #url;
  #storageArea;

  constructor(type, init = undefined) {
    const prefix = "Failed to construct 'StorageEvent'";
    requiredArguments(arguments.length, 1, prefix);
    const own = storageEventInit(init, prefix, "Argument 2");
    super(type, own);
    this.#key = own.key;
    this.#oldValue = own.oldValue;
    this.#newValue = own.newValue;
    this.#url = own.url;
    this.#storageArea = own.storageArea;
  }

  /** Whose value changed; null: all are gone. */
  get key() {
    if (!(#key in this)) throw illegalInvocation();
    return this.#key;
  }

  get oldValue() {
    if (!(#key in this)) throw illegalInvocation();
    return this.#oldValue;
  }

  get newValue() {
    if (!(#key in this)) throw illegalInvocation();
    return this.#newValue;
  }

  get url() {
    if (!(#key in this)) throw illegalInvocation();
    return this.#url;
  }

  get storageArea() {
    if (!(#key in this)) throw illegalInvocation();
    return this.#storageArea;
  }

  initStorageEvent(
    type,
    bubbles = false,
    cancelable = false,
    key = null,
    oldValue = null,
    newValue = null,
    url = "",
    storageArea = null,
  ) {
    if (!(#key in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'initStorageEvent' on 'StorageEvent'";
    requiredArguments(arguments.length, 1, prefix);
    type = domString(type, prefix, "Argument 1");
    key = text(key, prefix, "Argument 4");
    oldValue = text(oldValue, prefix, "Argument 5");
    newValue = text(newValue, prefix, "Argument 6");
    url = usvString(url, prefix, "Argument 7");
    storageArea = area(storageArea, prefix, "Argument 8");
    if (eventState.flags(this) & kDispatching) return;
    eventState.init(this, type, !!bubbles, !!cancelable);
    this.#key = key;
    this.#oldValue = oldValue;
    this.#newValue = newValue;
    this.#url = url;
    this.#storageArea = storageArea;
  }
}
configureInterface(StorageEvent);
addInspectedKeys(StorageEvent, ["key", "oldValue", "newValue", "url", "storageArea"]);
