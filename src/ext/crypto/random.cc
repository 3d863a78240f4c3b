// Random bytes; see random.h. Must never hand out the same kernel byte twice.
#include "src/ext/crypto/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <bit>

namespace rt {

RandomSource::~RandomSource() {
  explicit_bzero(buffer_.data(), buffer_.size());
}

// SplitMix64 spreads the seed; the sequence is xoshiro256** (both by Vigna and others, public
// domain).
RandomSource::State RandomSource::Spread(uint64_t seed) {
  State state;
  for (uint64_t& word : state) {
    seed += 0x9e3779b97f4a7c15;
    uint64_t mixed = seed;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    word = mixed ^ (mixed >> 31);
  }
  return state;
}

uint64_t RandomSource::NextSeeded() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void RandomSource::FillSeeded(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const uint64_t word = NextSeeded();
    const size_t size = std::min(bytes.size(), sizeof word);
    memcpy(bytes.data(), &word, size);
    bytes = bytes.subspan(size);
  }
}

Result<void> RandomSource::FillFromKernel(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return Error::FromErrno(errno, "getrandom");
    }
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
  return {};
}

Result<void> RandomSource::Fill(std::span<uint8_t> bytes) {
  if (seeded_) {
    FillSeeded(bytes);
    return {};
  }
  if (bytes.size() > kBufferSize / 4) return FillFromKernel(bytes);
  if (bytes.size() > available_) {
    RT_TRY_VOID(FillFromKernel(buffer_));
    available_ = kBufferSize;
  }
  if (bytes.empty()) return {};
  uint8_t* source = buffer_.data() + available_ - bytes.size();
  memcpy(bytes.data(), source, bytes.size());
  explicit_bzero(source, bytes.size());
  available_ -= bytes.size();
  return {};
}

}  // namespace rt
