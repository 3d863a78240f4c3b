// A pipe between two streams that stand for resources runs in C++: one op moves everything. Only
// while nobody could tell the difference, and that is before anything was read, queued or written.

import {
  op_resource_pipe,
  op_resource_pipe_run,
  op_resource_pipe_sink_failed,
} from "rt:ops/resource";
import { op_core_try_close } from "rt:ops/core";
import { kReadable } from "./readable.js";
import { kWritable } from "./writable.js";

/** Whether the streams of a pipe that has just locked them are as they were made. */
export function canPipeNatively(source, dest, options) {
  if (source.resource === null || dest.resource === null) return false;
  // An abort that leaves one end open must not leave a read or write of it under way.
  const { signal, preventAbort, preventCancel } = options;
  if (signal !== undefined && (preventAbort || preventCancel)) return false;
  return (
    source.state === kReadable &&
    !source.resource.closed &&
    source.controller.isIdle &&
    dest.state === kWritable &&
    !dest.resource.closed &&
    dest.controller.isIdle &&
    !dest.closeQueuedOrInFlight
  );
}

/**
 * Moves everything, and then puts the streams into the state that the standard's algorithm would
 * have left them in; the pipe, which watches them, does the rest.
 */
export async function runNatively(source, dest) {
  let pipe;
  try {
    pipe = op_resource_pipe(source.resource.rid, dest.resource.rid);
  } catch (error) {
    source.resource.end();
    source.controller.error(error);
    return;
  }
  try {
    await op_resource_pipe_run(pipe);
    source.resource.endOfInput();
    source.controller.close();
  } catch (error) {
    if (op_resource_pipe_sink_failed(pipe)) {
      dest.resource.end();
      dest.controller.errorIfNeeded(error);
    } else {
      source.resource.end();
      source.controller.error(source.resource.explain(error));
    }
  } finally {
    op_core_try_close(pipe);
  }
}
