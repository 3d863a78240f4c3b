// Facts about the machine and the user, as far as they are granted.

import { op_io_is_terminal } from "rt:ops/io";
import {
  op_os_cpu_usage,
  op_os_gid,
  op_os_hostname,
  op_os_loadavg,
  op_os_network_interfaces,
  op_os_release,
  op_os_system_memory_info,
  op_os_uid,
  op_os_uptime,
} from "rt:ops/machine";

/** The machine's name. */
export function hostname() {
  return op_os_hostname();
}

/** The kernel's version. */
export function osRelease() {
  return op_os_release();
}

/** Whole seconds since the machine started. */
export function osUptime() {
  return op_os_uptime();
}

/** How many threads wanted to run, on average over 1, 5 and 15 minutes. */
export function loadavg() {
  return op_os_loadavg();
}

/** The machine's memory, in bytes. */
export function systemMemoryInfo() {
  return op_os_system_memory_info();
}

/** The user the process runs as. */
export function uid() {
  return op_os_uid();
}

/** The group the process runs as. */
export function gid() {
  return op_os_gid();
}

/** The addresses of the machine's network interfaces. */
export function networkInterfaces() {
  return op_os_network_interfaces();
}

/** Microseconds of CPU time this process has used. */
export function cpuUsage() {
  return op_os_cpu_usage();
}

/** Whether a resource is a terminal. */
export function isatty(rid) {
  try {
    return op_io_is_terminal(rid);
  } catch {
    return false;
  }
}
