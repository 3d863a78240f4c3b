// Types of the Deno namespace: files and folders.

declare namespace Deno {
  export interface ReadFileOptions {
    signal?: AbortSignal;
  }
  export interface WriteFileOptions {
    /** Writes behind what is there. */
    append?: boolean;
    /** Makes the file if there is none (default). */
    create?: boolean;
    /** An error if there is one. */
    createNew?: boolean;
    /** Permissions of a new file. */
    mode?: number;
    signal?: AbortSignal;
  }
  export function readFile(
    path: string | URL,
    options?: ReadFileOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
  export function readFileSync(path: string | URL): Uint8Array<ArrayBuffer>;
  export function readTextFile(path: string | URL, options?: ReadFileOptions): Promise<string>;
  export function readTextFileSync(path: string | URL): string;
  export function writeFile(
    path: string | URL,
    data: Uint8Array | ReadableStream<Uint8Array>,
    options?: WriteFileOptions,
  ): Promise<void>;
  export function writeFileSync(
    path: string | URL,
    data: Uint8Array,
    options?: WriteFileOptions,
  ): void;
  export function writeTextFile(
    path: string | URL,
    data: string | ReadableStream<string>,
    options?: WriteFileOptions,
  ): Promise<void>;
  export function writeTextFileSync(
    path: string | URL,
    data: string,
    options?: WriteFileOptions,
  ): void;

  export interface FileInfo {
    isFile: boolean;
    isDirectory: boolean;
    isSymlink: boolean;
    size: number;
    mtime: Date | null;
    atime: Date | null;
    birthtime: Date | null;
    ctime: Date | null;
    dev: number;
    ino: number | null;
    mode: number | null;
    nlink: number | null;
    uid: number | null;
    gid: number | null;
    rdev: number | null;
    blksize: number | null;
    blocks: number | null;
    isBlockDevice: boolean | null;
    isCharDevice: boolean | null;
    isFifo: boolean | null;
    isSocket: boolean | null;
  }
  export interface DirEntry {
    name: string;
    isFile: boolean;
    isDirectory: boolean;
    isSymlink: boolean;
  }
  /** Follows links. */
  export function stat(path: string | URL): Promise<FileInfo>;
  export function statSync(path: string | URL): FileInfo;
  /** Of a link itself. */
  export function lstat(path: string | URL): Promise<FileInfo>;
  export function lstatSync(path: string | URL): FileInfo;
  export function readDir(path: string | URL): AsyncIterable<DirEntry>;
  export function readDirSync(path: string | URL): IteratorObject<DirEntry>;
  export function realPath(path: string | URL): Promise<string>;
  export function realPathSync(path: string | URL): string;

  export interface MkdirOptions {
    /** Makes the folders above it, too; one that is there is no error. */
    recursive?: boolean;
    mode?: number;
  }
  export function mkdir(path: string | URL, options?: MkdirOptions): Promise<void>;
  export function mkdirSync(path: string | URL, options?: MkdirOptions): void;

  export interface MakeTempOptions {
    dir?: string;
    prefix?: string;
    suffix?: string;
  }
  export function makeTempDir(options?: MakeTempOptions): Promise<string>;
  export function makeTempDirSync(options?: MakeTempOptions): string;
  export function makeTempFile(options?: MakeTempOptions): Promise<string>;
  export function makeTempFileSync(options?: MakeTempOptions): string;

  export interface RemoveOptions {
    /** A folder with all that is in it. */
    recursive?: boolean;
  }
  export function remove(path: string | URL, options?: RemoveOptions): Promise<void>;
  export function removeSync(path: string | URL, options?: RemoveOptions): void;
  export function rename(oldpath: string | URL, newpath: string | URL): Promise<void>;
  export function renameSync(oldpath: string | URL, newpath: string | URL): void;
  export function copyFile(fromPath: string | URL, toPath: string | URL): Promise<void>;
  export function copyFileSync(fromPath: string | URL, toPath: string | URL): void;
  export function truncate(name: string, len?: number): Promise<void>;
  export function truncateSync(name: string, len?: number): void;
  export function chmod(path: string | URL, mode: number): Promise<void>;
  export function chmodSync(path: string | URL, mode: number): void;
  export function chown(path: string | URL, uid: number | null, gid: number | null): Promise<void>;
  export function chownSync(path: string | URL, uid: number | null, gid: number | null): void;
  export function link(oldpath: string, newpath: string): Promise<void>;
  export function linkSync(oldpath: string, newpath: string): void;
  export function readLink(path: string | URL): Promise<string>;
  export function readLinkSync(path: string | URL): string;

  export interface SymlinkOptions {
    type: "file" | "dir" | "junction";
  }
  export function symlink(
    oldpath: string | URL,
    newpath: string | URL,
    options?: SymlinkOptions,
  ): Promise<void>;
  export function symlinkSync(
    oldpath: string | URL,
    newpath: string | URL,
    options?: SymlinkOptions,
  ): void;
  /** Sets the process's mask for new files; the one it had. */
  export function umask(mask?: number): number;
  /** Times as a Date, or seconds since 1970. */
  export function utime(
    path: string | URL,
    atime: number | Date,
    mtime: number | Date,
  ): Promise<void>;
  export function utimeSync(path: string | URL, atime: number | Date, mtime: number | Date): void;

  export interface OpenOptions {
    read?: boolean;
    write?: boolean;
    append?: boolean;
    truncate?: boolean;
    create?: boolean;
    createNew?: boolean;
    mode?: number;
  }
  /** Where `seek` counts from. */
  export enum SeekMode {
    Start = 0,
    Current = 1,
    End = 2,
  }
  export interface SetRawOptions {
    /** Ctrl-C and the like stay signals. */
    cbreak: boolean;
  }
  /** An open file. */
  export class FsFile implements Disposable, AsyncDisposable {
    private constructor();
    readonly rid: number;
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly writable: WritableStream<Uint8Array>;
    /** How many bytes were read; null: there are no more. */
    read(p: Uint8Array): Promise<number | null>;
    readSync(p: Uint8Array): number | null;
    /** How many bytes were written, which may be fewer. */
    write(p: Uint8Array): Promise<number>;
    writeSync(p: Uint8Array): number;
    seek(offset: number | bigint, whence: SeekMode): Promise<number>;
    seekSync(offset: number | bigint, whence: SeekMode): number;
    truncate(len?: number): Promise<void>;
    truncateSync(len?: number): void;
    stat(): Promise<FileInfo>;
    statSync(): FileInfo;
    sync(): Promise<void>;
    syncSync(): void;
    syncData(): Promise<void>;
    syncDataSync(): void;
    utime(atime: number | Date, mtime: number | Date): Promise<void>;
    utimeSync(atime: number | Date, mtime: number | Date): void;
    lock(exclusive?: boolean): Promise<void>;
    lockSync(exclusive?: boolean): void;
    /** Whether the lock was free. */
    tryLock(exclusive?: boolean): Promise<boolean>;
    tryLockSync(exclusive?: boolean): boolean;
    unlock(): Promise<void>;
    unlockSync(): void;
    isTerminal(): boolean;
    setRaw(mode: boolean, options?: SetRawOptions): void;
    close(): void;
    [Symbol.dispose](): void;
    [Symbol.asyncDispose](): Promise<void>;
  }
  export function open(path: string | URL, options?: OpenOptions): Promise<FsFile>;
  export function openSync(path: string | URL, options?: OpenOptions): FsFile;
  /** Makes a file, or empties the one that is there. */
  export function create(path: string | URL): Promise<FsFile>;
  export function createSync(path: string | URL): FsFile;

  export interface FsEvent {
    kind: "any" | "access" | "create" | "modify" | "rename" | "remove" | "other";
    paths: string[];
    /** "rescan": events were lost. */
    flag?: "rescan" | null;
  }
  export interface FsWatcher extends AsyncIterable<FsEvent>, Disposable {
    next(): Promise<IteratorResult<FsEvent, undefined>>;
    return(value?: any): Promise<IteratorResult<FsEvent, any>>;
    close(): void;
    ref(): void;
    unref(): void;
    [Symbol.asyncIterator](): AsyncIterableIterator<FsEvent>;
  }
  /** Changes of files and folders. */
  export function watchFs(paths: string | string[], options?: { recursive: boolean }): FsWatcher;
}
