// Deno.FileInfo from numbers: what the blocking calls make, of which programs make many in a row. The others
// get the same object from C++ (FileInfo in src/ext/fs/values.h), property for property.

import { op_fs_stat_numbers } from "rt:ops/fs";
import { primordials } from "rt:bootstrap/primordials.js";

const { Date, Float64Array, NumberIsNaN, TypedArrayPrototypeGetBuffer } = primordials;

const kTypeBits = 0o170000;
const kFifo = 0o010000;
const kCharDevice = 0o020000;
const kDirectory = 0o040000;
const kBlockDevice = 0o060000;
const kFile = 0o100000;
const kSymlink = 0o120000;
const kSocket = 0o140000;

// StatNumbers in src/ext/fs/values.h; fetched at run time.
let numbers;

/** `read(path)` is an op that leaves its answer in the numbers. */
export function fileInfoFrom(read, path) {
  numbers ??= new Float64Array(TypedArrayPrototypeGetBuffer(op_fs_stat_numbers()));
  read(path);
  const birthtime = numbers[3];
  const mode = numbers[6];
  const type = mode & kTypeBits;
  return {
    isFile: type === kFile,
    isDirectory: type === kDirectory,
    isSymlink: type === kSymlink,
    size: numbers[0],
    mtime: new Date(numbers[1]),
    atime: new Date(numbers[2]),
    birthtime: NumberIsNaN(birthtime) ? null : new Date(birthtime),
    ctime: new Date(numbers[4]),
    dev: numbers[5],
    mode,
    ino: numbers[7],
    nlink: numbers[8],
    uid: numbers[9],
    gid: numbers[10],
    rdev: numbers[11],
    blksize: numbers[12],
    blocks: numbers[13],
    isBlockDevice: type === kBlockDevice,
    isCharDevice: type === kCharDevice,
    isFifo: type === kFifo,
    isSocket: type === kSocket,
  };
}
