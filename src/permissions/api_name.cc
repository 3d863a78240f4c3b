// Ops and their public names.
#include "src/permissions/api_name.h"

#include <algorithm>
#include <utility>

namespace rt {
namespace {

// Sorted. Ops whose public name does not follow from theirs.
constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"op_dns_resolve", "Deno.resolveDns()"},
    {"op_fetch", "fetch()"},
    {"op_fetch_custom_client", "Deno.createHttpClient()"},
    {"op_fs_open_dir", "Deno.readDir()"},
    {"op_fs_watch", "Deno.watchFs()"},
    {"op_http_serve", "Deno.serve()"},
    {"op_http_serve_tls", "Deno.serve()"},
    {"op_http_serve_unix", "Deno.serve()"},
    {"op_net_connect_tcp", "Deno.connect()"},
    {"op_net_connect_unix", "Deno.connect()"},
    {"op_net_listen_tcp", "Deno.listen()"},
    {"op_net_listen_udp", "Deno.listenDatagram()"},
    {"op_net_listen_unix", "Deno.listen()"},
    {"op_net_listen_unixpacket", "Deno.listenDatagram()"},
    {"op_net_send_udp", "Deno.DatagramConn.send()"},
    {"op_net_send_unixpacket", "Deno.DatagramConn.send()"},
    {"op_os_env_delete", "Deno.env.delete()"},
    {"op_os_env_get", "Deno.env.get()"},
    {"op_os_env_list", "Deno.env.toObject()"},
    {"op_os_env_set", "Deno.env.set()"},
    {"op_os_release", "Deno.osRelease()"},
    {"op_os_uptime", "Deno.osUptime()"},
    {"op_process_kill", "Deno.kill()"},
    {"op_process_output_sync", "Deno.Command.outputSync()"},
    {"op_process_spawn", "Deno.Command.spawn()"},
    {"op_sqlite_open", "new DatabaseSync()"},
    {"op_tls_connect", "Deno.connectTls()"},
    {"op_tls_listen", "Deno.listenTls()"},
};
static_assert(std::is_sorted(std::begin(kNames), std::end(kNames)));

}  // namespace

std::string ApiName(std::string_view op) {
  if (!op.starts_with("op_")) return std::string(op);
  const auto* known =
      std::lower_bound(std::begin(kNames), std::end(kNames), op,
                       [](const auto& entry, std::string_view name) { return entry.first < name; });
  if (known != std::end(kNames) && known->first == op) return std::string(known->second);
  // op_<extension>_<function>
  const size_t function = op.find('_', 3);
  if (function == std::string_view::npos) return std::string(op);
  std::string name = "Deno.";
  bool upper = false;
  for (const char c : op.substr(function + 1)) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name + "()";
}

}  // namespace rt
