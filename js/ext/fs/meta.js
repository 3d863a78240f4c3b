// The Deno functions that change what is known about a file, and those that make links.

import {
  op_fs_chmod,
  op_fs_chmod_sync,
  op_fs_chown,
  op_fs_chown_sync,
  op_fs_link,
  op_fs_link_sync,
  op_fs_read_link,
  op_fs_read_link_sync,
  op_fs_symlink,
  op_fs_symlink_sync,
  op_fs_umask,
  op_fs_utime,
  op_fs_utime_sync,
} from "rt:ops/fs_meta";
import { primordials } from "rt:bootstrap/primordials.js";
import { withCaller } from "../io/async_error.js";
import { toPath } from "./path.js";
import { toTimes } from "./times.js";

const { TypeError } = primordials;

function toU32(value) {
  if (typeof value !== "number") throw new TypeError("expected u32");
  return value >>> 0;
}

function toId(id) {
  return id === null || id === undefined ? undefined : toU32(id);
}

/**
 * Changes the permission bits of a file; links are followed.
 * @param {string | URL} path
 * @param {number} mode
 */
export async function chmod(path, mode) {
  try {
    await op_fs_chmod(toPath(path), toU32(mode));
  } catch (error) {
    throw withCaller(error, chmod);
  }
}

/** `chmod`, blocking. */
export function chmodSync(path, mode) {
  op_fs_chmod_sync(toPath(path), toU32(mode));
}

/**
 * Changes the owner of a file; links are followed. Null leaves an id as it is.
 * @param {string | URL} path
 * @param {number | null} uid
 * @param {number | null} gid
 */
export async function chown(path, uid, gid) {
  try {
    await op_fs_chown(toPath(path), toId(uid), toId(gid));
  } catch (error) {
    throw withCaller(error, chown);
  }
}

/** `chown`, blocking. */
export function chownSync(path, uid, gid) {
  op_fs_chown_sync(toPath(path), toId(uid), toId(gid));
}

/**
 * Changes the access and modification time of a file; links are followed.
 * @param {string | URL} path
 * @param {number | Date} atime a Date, or seconds since 1970
 * @param {number | Date} mtime
 */
export async function utime(path, atime, mtime) {
  try {
    await op_fs_utime(toPath(path), toTimes(atime, mtime));
  } catch (error) {
    throw withCaller(error, utime);
  }
}

/** `utime`, blocking. */
export function utimeSync(path, atime, mtime) {
  op_fs_utime_sync(toPath(path), toTimes(atime, mtime));
}

/**
 * Makes another name for a file (a hard link).
 * @param {string} oldpath
 * @param {string} newpath
 */
export async function link(oldpath, newpath) {
  try {
    await op_fs_link(toPath(oldpath), toPath(newpath));
  } catch (error) {
    throw withCaller(error, link);
  }
}

/** `link`, blocking. */
export function linkSync(oldpath, newpath) {
  op_fs_link_sync(toPath(oldpath), toPath(newpath));
}

// Windows knows several kinds of links; here it is only checked.
function checkLinkType(options) {
  const type = options?.type;
  if (type === undefined || type === null) return;
  if (type !== "file" && type !== "dir" && type !== "junction") {
    throw new TypeError(
      `unknown variant \`${type}\`, expected one of \`file\`, \`dir\`, \`junction\``,
    );
  }
}

/**
 * Makes a symbolic link at `newpath` that leads to `oldpath`. Needs all of reading and writing.
 * @param {string | URL} oldpath stored as it is; if relative, then to the link's folder
 * @param {string | URL} newpath
 * @param {{ type?: "file" | "dir" | "junction" }} [options] of no effect on this system
 */
export async function symlink(oldpath, newpath, options = undefined) {
  try {
    checkLinkType(options);
    await op_fs_symlink(undefined, undefined, toPath(oldpath), toPath(newpath));
  } catch (error) {
    throw withCaller(error, symlink);
  }
}

/** `symlink`, blocking. */
export function symlinkSync(oldpath, newpath, options = undefined) {
  checkLinkType(options);
  op_fs_symlink_sync(undefined, undefined, toPath(oldpath), toPath(newpath));
}

/**
 * Where a symbolic link leads, as it was written.
 * @param {string | URL} path
 * @returns {Promise<string>}
 */
export async function readLink(path) {
  try {
    return await op_fs_read_link(toPath(path));
  } catch (error) {
    throw withCaller(error, readLink);
  }
}

/** `readLink`, blocking. */
export function readLinkSync(path) {
  return op_fs_read_link_sync(toPath(path));
}

/**
 * The bits a new file's mode is without; with `mask` sets them and returns the old ones.
 * @param {number} [mask]
 */
export function umask(mask = undefined) {
  return op_fs_umask(mask === undefined || mask === null ? undefined : toU32(mask));
}
