// Facts about the machine.
import { assert, assertEquals, test } from "../harness.js";

const read = (path) => Deno.readTextFileSync(path).trim();

test("hostname and osRelease are the kernel's", () => {
  assertEquals(Deno.hostname(), read("/proc/sys/kernel/hostname"));
  assertEquals(Deno.osRelease(), read("/proc/sys/kernel/osrelease"));
});

test("osUptime", () => {
  const seconds = Number(read("/proc/uptime").split(" ")[0]);
  assert(Number.isInteger(Deno.osUptime()));
  assert(Math.abs(Deno.osUptime() - seconds) <= 2);
});

test("loadavg", () => {
  const average = Deno.loadavg();
  assertEquals(average.length, 3);
  assert(average.every((value) => typeof value === "number" && value >= 0));
});

test("systemMemoryInfo", () => {
  const info = Deno.systemMemoryInfo();
  assertEquals(Object.keys(info), [
    "total",
    "free",
    "available",
    "buffers",
    "cached",
    "swapTotal",
    "swapFree",
  ]);
  assertEquals(info.total, Number(/MemTotal: +(\d+)/.exec(read("/proc/meminfo"))[1]) * 1024);
  assert(info.free > 0 && info.available <= info.total);
});

test("uid and gid", () => {
  const status = read("/proc/self/status");
  assertEquals(Deno.uid(), Number(/Uid:\t(\d+)/.exec(status)[1]));
  assertEquals(Deno.gid(), Number(/Gid:\t(\d+)/.exec(status)[1]));
});

test("networkInterfaces", () => {
  const loopback = Deno.networkInterfaces().find(({ address }) => address === "127.0.0.1");
  assertEquals(
    { ...loopback },
    {
      family: "IPv4",
      name: "lo",
      address: "127.0.0.1",
      netmask: "255.0.0.0",
      scopeid: null,
      cidr: "127.0.0.1/8",
      mac: "00:00:00:00:00:00",
    },
  );
});

test("cpuUsage grows", () => {
  const before = Deno.cpuUsage();
  const end = performance.now() + 30;
  while (performance.now() < end);
  const after = Deno.cpuUsage();
  assert(after.user + after.system > before.user + before.system);
});

test("memoryUsage counts native memory by kind of resource", () => {
  const before = Deno.memoryUsage().native.fsFile ?? 0;
  using _file = Deno.openSync("/etc/passwd");
  const { native, rss } = Deno.memoryUsage();
  assert(native.fsFile > before && rss > native.fsFile);
});

test("isatty", () => {
  using file = Deno.openSync("/etc/passwd");
  assertEquals([Deno.isatty(0), Deno.isatty(999)], [false, false]);
  assertEquals(file.isTerminal(), false);
});

test("setRaw wants a terminal", () => {
  let error;
  try {
    Deno.stdin.setRaw(true);
  } catch (caught) {
    error = caught;
  }
  assert(error instanceof Deno.errors.BadResource);
  assertEquals(error.message, "ENOTTY: Not a typewriter");
});
