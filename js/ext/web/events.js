// The events of the web platform, gathered for whoever imports them. Nothing of its own.

export { Event, eventState } from "./event.js";
export {
  defineEventHandler,
  EventTarget,
  fireEvent,
  fireTo,
  getGlobalEventTarget,
  hasListeners,
  listenersOf,
  observeListeners,
  setGlobalEventTarget,
} from "./event_target.js";
export {
  CloseEvent,
  CustomEvent,
  ErrorEvent,
  makeMessageEvent,
  makeMessageEventFrom,
  MessageEvent,
  ProgressEvent,
  PromiseRejectionEvent,
  setIsMessagePort,
} from "./event_types.js";
export { reportException, setReportExceptionHook } from "./report.js";
