// Names of functions by address, from the executable's own symbol table. Allocates nothing: for a
// process that is broken.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt::cli {

class Symbols {
 public:
  // Maps the executable of this process.
  Symbols();
  ~Symbols();
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  // The mangled name of the function around this address, and how far into it; null: unknown.
  const char* Find(uintptr_t address, size_t* offset) const;

 private:
  const uint8_t* file_ = nullptr;
  size_t size_ = 0;
};

}  // namespace rt::cli
