// The process, its environment and this build. Everything here answers at once and runs no
// JavaScript.
#include <unistd.h>
#include <uv.h>

#include <climits>

#include "src/ext/os/os.h"
#include "src/op/op.h"
#include "src/permissions/env_sinks.h"

namespace rt {
namespace {

// --- environment ---

std::optional<std::string> op_os_env_get(OpContext&, Granted<Perm::kEnv, EnvName> name) {
  return GetEnv(name);
}

Result<void> op_os_env_set(OpContext&, Granted<Perm::kEnv, EnvName> name, std::string value) {
  return SetEnv(name, value);
}

Result<void> op_os_env_delete(OpContext&, Granted<Perm::kEnv, EnvName> name) {
  return UnsetEnv(name);
}

std::vector<std::pair<std::string, std::string>> op_os_env_list(OpContext&,
                                                                Granted<Perm::kEnv, AllEnv> all) {
  return ListEnv(all);
}

// --- the process ---

int32_t op_os_pid(OpContext&) {
  return getpid();
}
int32_t op_os_ppid(OpContext&) {
  return getppid();
}

Result<std::string> op_os_exec_path(OpContext&) {
  std::string path(PATH_MAX, '\0');
  size_t size = path.size();
  if (const int status = uv_exepath(path.data(), &size); status < 0) {
    return Error::FromErrno(status, "exepath");
  }
  path.resize(size);
  return path;
}

struct MemoryUsage {
  double rss;
  double heap_total;
  double heap_used;
  double external;
};
RT_STRUCT(MemoryUsage, RT_FIELD(rss), RT_FIELD(heap_total), RT_FIELD(heap_used), RT_FIELD(external))

Result<MemoryUsage> op_os_memory_usage(OpContext& cx) {
  size_t rss = 0;
  if (const int status = uv_resident_set_memory(&rss); status < 0) return Error::FromErrno(status);
  v8::HeapStatistics heap;
  cx.isolate()->GetHeapStatistics(&heap);
  return MemoryUsage{.rss = static_cast<double>(rss),
                     .heap_total = static_cast<double>(heap.total_heap_size()),
                     .heap_used = static_cast<double>(heap.used_heap_size()),
                     .external = static_cast<double>(heap.external_memory())};
}

bool op_os_no_color(OpContext&) {
  return NoColorRequested();
}

// --- this run ---

std::vector<std::string> op_os_args(OpContext& cx) {
  return cx.host().run_info().args;
}
std::string op_os_main_module(OpContext& cx) {
  return cx.host().run_info().main_module;
}
int32_t op_os_exit_code(OpContext& cx) {
  return cx.host().exit_code();
}

// --- this build ---

struct Build {
  std::string rt;
  std::string v8;
  std::string typescript;
  std::string arch;
  std::string os;
  std::string vendor;
  std::string env;
};
RT_STRUCT(Build, RT_FIELD(rt), RT_FIELD(v8), RT_FIELD(typescript), RT_FIELD(arch), RT_FIELD(os),
          RT_FIELD(vendor), RT_FIELD(env))

Build op_os_build(OpContext&) {
#if defined(__x86_64__)
  constexpr const char* kArch = "x86_64";
#elif defined(__aarch64__)
  constexpr const char* kArch = "aarch64";
#else
#error "name this architecture as Rust target triples do"
#endif
  return {.rt = RT_VERSION,
          .v8 = v8::V8::GetVersion(),
          .typescript = RT_TYPESCRIPT_VERSION,
          .arch = kArch,
          .os = "linux",
          .vendor = "unknown",
          .env = "gnu"};
}

// The names of RT_ERROR_CLASSES, for js/bootstrap/errors.js to compare itself with.
std::vector<std::string> op_os_error_classes(OpContext&) {
  std::vector<std::string> names;
  for (int i = 0; i < kErrorClassCount; ++i) {
    names.emplace_back(ErrorClassName(static_cast<ErrorClass>(i)));
  }
  return names;
}

constexpr std::array kOps = {
    RT_OP(op_os_env_get, Needs<Perm::kEnv>),
    RT_OP(op_os_env_set, Needs<Perm::kEnv>),
    RT_OP(op_os_env_delete, Needs<Perm::kEnv>),
    RT_OP(op_os_env_list, Needs<Perm::kEnv>),
    RT_OP(op_os_pid, NoPerm<"a number without power, as in Deno">),
    RT_OP(op_os_ppid, NoPerm<"a number without power, as in Deno">),
    RT_OP(op_os_exec_path, NoPerm<"where rt itself is, as in Deno 2">),
    RT_OP(op_os_memory_usage, NoPerm<"counts the script's own memory">),
    RT_OP(op_os_no_color, NoPerm<"a user's wish that every program should follow">),
    RT_OP(op_os_args, NoPerm<"the script's own arguments">),
    RT_OP(op_os_main_module, NoPerm<"the script's own address">),
    RT_OP(op_os_exit_code, NoPerm<"what the script itself set">),
    RT_OP(op_os_build, NoPerm<"constants of this executable">),
    RT_OP(op_os_error_classes, NoPerm<"constants of this executable">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension OsExtension() {
  return {.name = "os", .ops = kOps};
}

}  // namespace rt
