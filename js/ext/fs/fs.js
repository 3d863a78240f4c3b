// The Deno functions on paths that are neither about opening files (file.js) nor whole files (whole.js).

import {
  op_fs_chdir,
  op_fs_copy_file,
  op_fs_copy_file_sync,
  op_fs_cwd,
  op_fs_lstat,
  op_fs_lstat_sync,
  op_fs_make_temp_dir,
  op_fs_make_temp_dir_sync,
  op_fs_make_temp_file,
  op_fs_make_temp_file_sync,
  op_fs_mkdir,
  op_fs_mkdir_sync,
  op_fs_real_path,
  op_fs_real_path_sync,
  op_fs_remove,
  op_fs_remove_sync,
  op_fs_rename,
  op_fs_rename_sync,
  op_fs_stat,
  op_fs_stat_sync,
  op_fs_truncate,
  op_fs_truncate_sync,
} from "rt:ops/fs";
import { primordials } from "rt:bootstrap/primordials.js";
import { withCaller } from "../io/async_error.js";
import { toLength, toMode } from "./file.js";
import { fileInfoFrom } from "./file_info.js";
import { toPath } from "./path.js";

export { readDir, readDirSync } from "./read_dir.js";

const { PromisePrototypeThen, StringPrototypeSlice } = primordials;

const kDefaultDirMode = 0o777;

/**
 * What is known about a file, links followed.
 * @param {string | URL} path
 */
export async function stat(path) {
  try {
    return await op_fs_stat(toPath(path));
  } catch (error) {
    throw withCaller(error, stat);
  }
}

/** `stat`, blocking. */
export function statSync(path) {
  return fileInfoFrom(op_fs_stat_sync, toPath(path));
}

/** What is known about a file or link itself. */
export async function lstat(path) {
  try {
    return await op_fs_lstat(toPath(path));
  } catch (error) {
    throw withCaller(error, lstat);
  }
}

/** `lstat`, blocking. */
export function lstatSync(path) {
  return fileInfoFrom(op_fs_lstat_sync, toPath(path));
}

function dirMode(options) {
  return toMode(options?.mode) ?? kDefaultDirMode;
}

/**
 * Makes a folder.
 * @param {string | URL} path
 * @param {{ recursive?: boolean, mode?: number }} [options] recursive: missing parents, too, and a folder
 *   that is there is fine
 */
export async function mkdir(path, options = undefined) {
  try {
    await op_fs_mkdir(toPath(path), !!options?.recursive, dirMode(options));
  } catch (error) {
    throw withCaller(error, mkdir);
  }
}

/** `mkdir`, blocking. */
export function mkdirSync(path, options = undefined) {
  op_fs_mkdir_sync(toPath(path), !!options?.recursive, dirMode(options));
}

/**
 * Removes a file, a link or an empty folder; recursive: a folder with all that is in it.
 * @param {string | URL} path
 * @param {{ recursive?: boolean }} [options]
 */
export async function remove(path, options = undefined) {
  try {
    await op_fs_remove(toPath(path), !!options?.recursive);
  } catch (error) {
    throw withCaller(error, remove);
  }
}

/** `remove`, blocking. */
export function removeSync(path, options = undefined) {
  op_fs_remove_sync(toPath(path), !!options?.recursive);
}

/**
 * Renames or moves a file or folder; an existing file at the target is replaced.
 * @param {string | URL} from
 * @param {string | URL} to
 */
export async function rename(from, to) {
  try {
    await op_fs_rename(toPath(from), toPath(to));
  } catch (error) {
    throw withCaller(error, rename);
  }
}

/** `rename`, blocking. */
export function renameSync(from, to) {
  op_fs_rename_sync(toPath(from), toPath(to));
}

/**
 * Copies the contents and the mode of a file.
 * @param {string | URL} from
 * @param {string | URL} to
 */
export async function copyFile(from, to) {
  try {
    await op_fs_copy_file(toPath(from), toPath(to));
  } catch (error) {
    throw withCaller(error, copyFile);
  }
}

/** `copyFile`, blocking. */
export function copyFileSync(from, to) {
  op_fs_copy_file_sync(toPath(from), toPath(to));
}

/** The absolute path, links followed. */
export async function realPath(path) {
  try {
    return await op_fs_real_path(toPath(path));
  } catch (error) {
    throw withCaller(error, realPath);
  }
}

/** `realPath`, blocking. */
export function realPathSync(path) {
  return op_fs_real_path_sync(toPath(path));
}

/**
 * Cuts or extends a file to `length` bytes, 0 if not given.
 * @param {string | URL} path
 * @param {number} [length]
 */
export async function truncate(path, length = undefined) {
  try {
    await op_fs_truncate(toPath(path), toLength(length));
  } catch (error) {
    throw withCaller(error, truncate);
  }
}

/** `truncate`, blocking. */
export function truncateSync(path, length = undefined) {
  op_fs_truncate_sync(toPath(path), toLength(length));
}

function affix(text) {
  return text === undefined || text === null ? "" : `${text}`;
}

/** Calls the op; an empty folder is the current one, which the path then does not begin with. */
function makeTemp(op, options) {
  const dir = options?.dir;
  const folder = dir === undefined || dir === null ? undefined : toPath(dir);
  const made = op(folder === "" ? "." : folder, affix(options?.prefix), affix(options?.suffix));
  if (folder !== "") return made;
  return typeof made === "string" ? withoutFolder(made) : PromisePrototypeThen(made, withoutFolder);
}

function withoutFolder(path) {
  return StringPrototypeSlice(path, 2);
}

/**
 * Makes a new folder that only this user can enter; resolves to its path.
 * @param {{ dir?: string, prefix?: string, suffix?: string }} [options] dir: instead of the system's folder
 *   for temporary files
 * @returns {Promise<string>}
 */
export async function makeTempDir(options = undefined) {
  try {
    return await makeTemp(op_fs_make_temp_dir, options);
  } catch (error) {
    throw withCaller(error, makeTempDir);
  }
}

/** `makeTempDir`, blocking. */
export function makeTempDirSync(options = undefined) {
  return makeTemp(op_fs_make_temp_dir_sync, options);
}

/** `makeTempDir` for an empty file. */
export async function makeTempFile(options = undefined) {
  try {
    return await makeTemp(op_fs_make_temp_file, options);
  } catch (error) {
    throw withCaller(error, makeTempFile);
  }
}

/** `makeTempFile`, blocking. */
export function makeTempFileSync(options = undefined) {
  return makeTemp(op_fs_make_temp_file_sync, options);
}

/** The working directory of the process. */
export function cwd() {
  return op_fs_cwd();
}

/**
 * Changes the working directory of the process.
 * @param {string | URL} directory
 */
export function chdir(directory) {
  op_fs_chdir(toPath(directory));
}
