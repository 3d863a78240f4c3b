// Lazy: FileReader and compression.
import { FileReader } from "rt:ext/blob/file_reader.js";
import { CompressionStream, DecompressionStream } from "rt:ext/compression/compression.js";
import { provide } from "../lazy.js";

provide("files", { __proto__: null, CompressionStream, DecompressionStream, FileReader });
