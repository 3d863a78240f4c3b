// Facts about the machine and the user, each with the kind of `sys` permission Deno gives it. They
// answer at once.
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <map>

#include "src/ext/os/meminfo.h"
#include "src/ext/os/os.h"
#include "src/op/op.h"
#include "src/permissions/sys_grant.h"

namespace rt {
namespace {

Result<std::string> op_os_hostname(OpContext&, SysGrant<"hostname">) {
  char name[UV_MAXHOSTNAMESIZE];
  size_t size = sizeof name;
  if (const int status = uv_os_gethostname(name, &size); status < 0) {
    return Error::FromErrno(status, "gethostname");
  }
  return std::string(name, size);
}

Result<std::string> op_os_release(OpContext&, SysGrant<"osRelease">) {
  utsname system;
  if (uname(&system) != 0) return Error::FromErrno(errno, "uname");
  return std::string(system.release);
}

// Whole seconds.
Result<double> op_os_uptime(OpContext&, SysGrant<"osUptime">) {
  double seconds = 0;
  if (const int status = uv_uptime(&seconds); status < 0) return Error::FromErrno(status, "uptime");
  return static_cast<double>(static_cast<int64_t>(seconds));
}

std::vector<double> op_os_loadavg(OpContext&, SysGrant<"loadavg">) {
  double average[3] = {0, 0, 0};
  uv_loadavg(average);
  return {average[0], average[1], average[2]};
}

Result<MemoryInfo> op_os_system_memory_info(OpContext&, SysGrant<"systemMemoryInfo">) {
  return ReadMemoryInfo();
}

uint32_t op_os_uid(OpContext&, SysGrant<"uid">) {
  return getuid();
}
uint32_t op_os_gid(OpContext&, SysGrant<"gid">) {
  return getgid();
}

// --- network interfaces ---

struct Interface {
  std::string family;
  std::string name;
  std::string address;
  std::string netmask;
  std::optional<uint32_t> scopeid;
  std::string cidr;
  std::string mac;
};
RT_STRUCT(Interface, RT_FIELD(family), RT_FIELD(name), RT_FIELD(address), RT_FIELD(netmask),
          RT_FIELD(scopeid), RT_FIELD(cidr), RT_FIELD(mac))

unsigned PrefixLength(std::span<const uint8_t> netmask) {
  unsigned bits = 0;
  for (const uint8_t byte : netmask) bits += static_cast<unsigned>(__builtin_popcount(byte));
  return bits;
}

template <class T>
std::span<const uint8_t> BytesOf(const T& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

Interface MakeInterface(const uv_interface_address_t& from) {
  char text[INET6_ADDRSTRLEN];
  Interface made{.family = "IPv4",
                 .name = from.name,
                 .address = {},
                 .netmask = {},
                 .scopeid = {},
                 .cidr = {},
                 .mac = {}};
  unsigned prefix = 0;
  if (from.address.address4.sin_family == AF_INET6) {
    made.family = "IPv6";
    made.scopeid = from.address.address6.sin6_scope_id;
    uv_inet_ntop(AF_INET6, &from.address.address6.sin6_addr, text, sizeof text);
    made.address = text;
    uv_inet_ntop(AF_INET6, &from.netmask.netmask6.sin6_addr, text, sizeof text);
    made.netmask = text;
    prefix = PrefixLength(BytesOf(from.netmask.netmask6.sin6_addr));
  } else {
    uv_inet_ntop(AF_INET, &from.address.address4.sin_addr, text, sizeof text);
    made.address = text;
    uv_inet_ntop(AF_INET, &from.netmask.netmask4.sin_addr, text, sizeof text);
    made.netmask = text;
    prefix = PrefixLength(BytesOf(from.netmask.netmask4.sin_addr));
  }
  made.cidr = made.address + "/" + std::to_string(prefix);
  const auto* mac = reinterpret_cast<const uint8_t*>(from.phys_addr);
  std::snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  made.mac = text;
  return made;
}

Result<std::vector<Interface>> op_os_network_interfaces(OpContext&, SysGrant<"networkInterfaces">) {
  uv_interface_address_t* found = nullptr;
  int count = 0;
  if (const int status = uv_interface_addresses(&found, &count); status < 0) {
    return Error::FromErrno(status, "networkInterfaces");
  }
  std::vector<Interface> list;
  list.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) list.push_back(MakeInterface(found[i]));
  uv_free_interface_addresses(found, count);
  return list;
}

// --- this process ---

// Microseconds.
struct CpuUsage {
  double user;
  double system;
};
RT_STRUCT(CpuUsage, RT_FIELD(user), RT_FIELD(system))

double Microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

Result<CpuUsage> op_os_cpu_usage(OpContext&) {
  rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return Error::FromErrno(errno, "getrusage");
  return CpuUsage{.user = Microseconds(usage.ru_utime), .system = Microseconds(usage.ru_stime)};
}

// Native bytes of open resources, by kind.
std::vector<std::pair<std::string, double>> op_os_native_memory(OpContext& cx) {
  std::vector<std::pair<std::string, double>> list;
  for (auto& [name, bytes] : cx.resources().NativeBytes()) {
    list.emplace_back(name, static_cast<double>(bytes));
  }
  return list;
}

constexpr std::array kOps = {
    RT_OP(op_os_hostname, Needs<Perm::kSys>),
    RT_OP(op_os_release, Needs<Perm::kSys>),
    RT_OP(op_os_uptime, Needs<Perm::kSys>),
    RT_OP(op_os_loadavg, Needs<Perm::kSys>),
    RT_OP(op_os_system_memory_info, Needs<Perm::kSys>),
    RT_OP(op_os_uid, Needs<Perm::kSys>),
    RT_OP(op_os_gid, Needs<Perm::kSys>),
    RT_OP(op_os_network_interfaces, Needs<Perm::kSys>),
    RT_OP(op_os_cpu_usage, NoPerm<"counts the script's own time">),
    RT_OP(op_os_native_memory, NoPerm<"counts the script's own memory">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension MachineExtension() {
  return {.name = "machine", .ops = kOps};
}

}  // namespace rt
