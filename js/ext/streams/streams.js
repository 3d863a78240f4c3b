// The Streams Standard (https://streams.spec.whatwg.org): all of its classes, and what other
// built-in code makes and takes apart streams with. Import from here, not from the files behind it.

export { createReadable } from "./default_controller.js";
export { kPipeAll, pipe } from "./pipe.js";
export { asResult, kPending, quiet, soon } from "./promises.js";
export { acquireReader, cancelStream } from "./readable.js";
export {
  ReadableByteStreamController,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
} from "./readable_controllers.js";
export { ReadableStream, teeReadable, toReadable } from "./readable_stream.js";
export { ReadableStreamBYOBReader, ReadableStreamDefaultReader } from "./readers.js";
export {
  readableForRid,
  readableStreamForRid,
  writableForRid,
  writableStreamForRid,
} from "./resource.js";
export { ByteLengthQueuingStrategy, CountQueuingStrategy } from "./strategies.js";
export { TextDecoderStream, TextEncoderStream } from "./text_streams.js";
export { createTransform } from "./transform.js";
export { TransformStream, TransformStreamDefaultController } from "./transform_stream.js";
export { createWritable } from "./writable_controller.js";
export {
  toWritable,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from "./writable_stream.js";
export { acquireWriter } from "./writer.js";
