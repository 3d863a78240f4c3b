// The random bytes of one runtime: the kernel's, or with --seed a repeatable sequence that is not
// secret.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "src/base/result.h"

namespace rt {

class RandomSource {
 public:
  // `seed` 0: the kernel's randomness.
  explicit RandomSource(uint64_t seed) : seeded_(seed != 0), state_(Spread(seed)) {}
  // What was fetched and not handed out must not stay in memory.
  ~RandomSource();
  RandomSource(const RandomSource&) = delete;
  RandomSource& operator=(const RandomSource&) = delete;

  // Fills `bytes`. Fails only when the kernel has no randomness to give.
  Result<void> Fill(std::span<uint8_t> bytes);

 private:
  static constexpr size_t kBufferSize = 1024;
  using State = std::array<uint64_t, 4>;

  static State Spread(uint64_t seed);
  uint64_t NextSeeded();
  void FillSeeded(std::span<uint8_t> bytes);
  static Result<void> FillFromKernel(std::span<uint8_t> bytes);

  bool seeded_;
  State state_;
  // Small requests share one system call.
  std::array<uint8_t, kBufferSize> buffer_{};
  size_t available_ = 0;
};

}  // namespace rt
