// The standard streams and what may be asked of any open file. Reading and writing are op_core_read
// and op_core_write, as for every resource. Must never open anything.
#include "src/ext/io/io.h"
#include "src/ext/io/terminal_mode.h"
#include "src/op/op.h"

namespace rt {
namespace {

bool op_io_is_terminal(OpContext&, Ref<FileResource> file) {
  return file->IsTerminal();
}

Result<void> op_io_set_raw(OpContext&, Ref<FileResource> file, bool raw, bool keep_signals) {
  RT_TRY(const SharedFd fd, file->fd());
  return SetTerminalRaw(fd->get(), raw, keep_signals);
}

// Columns, then rows.
Result<std::pair<uint32_t, uint32_t>> op_io_console_size(OpContext&) {
  RT_TRY(const TerminalSize size, ConsoleSize());
  return std::pair(size.columns, size.rows);
}

Result<Rid> op_io_cancellation(OpContext& cx) {
  return cx.resources().Add(MakeResource<CancelHandle>());
}

constexpr std::array kOps = {
    RT_OP(op_io_is_terminal, OnResource),
    RT_OP(op_io_set_raw, OnResource),
    RT_OP(op_io_console_size, NoPerm<"the script's own terminal, as in Deno">),
    RT_OP(op_io_cancellation, NoPerm<"makes a flag that the script's own calls look at">),
};
static_assert(UniqueNames(kOps));

class IoState final : public ExtensionState {
 public:
  explicit IoState(OpHost& host) {
    static constexpr std::string_view kNames[] = {"stdin", "stdout", "stderr"};
    for (int fd = 0; fd < 3; ++fd) {
      auto rid = host.resources().Add(MakeResource<FileResource>(host.loop(), fd, kNames[fd]));
      // Extensions before this one must not open resources: programs count on these numbers.
      RT_CHECK(rid.ok() && *rid == static_cast<Rid>(fd));
    }
  }
};

}  // namespace

Extension IoExtension() {
  return {.name = "io", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(new IoState(host));
          }};
}

}  // namespace rt
