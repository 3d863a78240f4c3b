// See the header.
#include "src/resource/byte_stream.h"

namespace rt {

Task<Result<size_t>> ReadSome(ByteStream& stream, std::span<uint8_t> into) {
  for (;;) {
    RT_CO_TRY(const std::optional<size_t> moved, stream.TryRead(into));
    if (moved) co_return *moved;
    co_await IoReady(stream, IoDirection::kRead);
  }
}

Task<Result<bool>> WriteAll(ByteStream& stream, std::span<const uint8_t> from) {
  while (!from.empty()) {
    const iovec part{const_cast<uint8_t*>(from.data()), from.size()};
    RT_CO_TRY(const std::optional<size_t> moved, stream.TryWrite({&part, 1}));
    if (moved) {
      from = from.subspan(*moved);
    } else {
      co_await IoReady(stream, IoDirection::kWrite);
    }
  }
  co_return true;
}

}  // namespace rt
