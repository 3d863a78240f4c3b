// Types of the Deno namespace: permissions.

declare namespace Deno {
  export type PermissionName =
    | "run"
    | "read"
    | "write"
    | "net"
    | "env"
    | "sys"
    | "ffi"
    | "import";
  export type PermissionState = "granted" | "denied" | "prompt";
  export interface RunPermissionDescriptor {
    name: "run";
    command?: string | URL;
  }
  export interface ReadPermissionDescriptor {
    name: "read";
    path?: string | URL;
  }
  export interface WritePermissionDescriptor {
    name: "write";
    path?: string | URL;
  }
  export interface NetPermissionDescriptor {
    name: "net";
    /** "host", or "host:port". */
    host?: string;
  }
  export interface EnvPermissionDescriptor {
    name: "env";
    variable?: string;
  }
  export interface SysPermissionDescriptor {
    name: "sys";
    kind?:
      | "loadavg"
      | "hostname"
      | "systemMemoryInfo"
      | "networkInterfaces"
      | "osRelease"
      | "osUptime"
      | "uid"
      | "gid"
      | "username"
      | "cpus"
      | "homedir"
      | "statfs"
      | "getPriority"
      | "setPriority";
  }
  export interface FfiPermissionDescriptor {
    name: "ffi";
    path?: string | URL;
  }
  export interface ImportPermissionDescriptor {
    name: "import";
    host?: string;
  }
  export type PermissionDescriptor =
    | RunPermissionDescriptor
    | ReadPermissionDescriptor
    | WritePermissionDescriptor
    | NetPermissionDescriptor
    | EnvPermissionDescriptor
    | SysPermissionDescriptor
    | FfiPermissionDescriptor
    | ImportPermissionDescriptor;

  export interface PermissionStatusEventMap {
    change: Event;
  }
  /** The state of one permission. */
  export class PermissionStatus extends EventTarget {
    private constructor();
    readonly state: PermissionState;
    /** Granted, but a deny rule takes some of it away. */
    readonly partial: boolean;
    onchange: ((this: PermissionStatus, event: Event) => any) | null;
    addEventListener<K extends keyof PermissionStatusEventMap>(
      type: K,
      listener: (this: PermissionStatus, event: PermissionStatusEventMap[K]) => any,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener<K extends keyof PermissionStatusEventMap>(
      type: K,
      listener: (this: PermissionStatus, event: PermissionStatusEventMap[K]) => any,
      options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject | null,
      options?: boolean | EventListenerOptions,
    ): void;
  }
  /** Asks about permissions, asks for them, gives them back. */
  export class Permissions {
    private constructor();
    query(descriptor: PermissionDescriptor): Promise<PermissionStatus>;
    querySync(descriptor: PermissionDescriptor): PermissionStatus;
    revoke(descriptor: PermissionDescriptor): Promise<PermissionStatus>;
    revokeSync(descriptor: PermissionDescriptor): PermissionStatus;
    request(descriptor: PermissionDescriptor): Promise<PermissionStatus>;
    requestSync(descriptor: PermissionDescriptor): PermissionStatus;
  }
  export const permissions: Permissions;

  /** Permissions of a worker or a test; what is left out is refused. */
  export interface PermissionOptionsObject {
    env?: "inherit" | boolean | string[];
    ffi?: "inherit" | boolean | Array<string | URL>;
    import?: "inherit" | boolean | string[];
    net?: "inherit" | boolean | string[];
    read?: "inherit" | boolean | Array<string | URL>;
    run?: "inherit" | boolean | Array<string | URL>;
    sys?: "inherit" | boolean | string[];
    write?: "inherit" | boolean | Array<string | URL>;
  }
  export type PermissionOptions = "inherit" | "none" | PermissionOptionsObject;
}
