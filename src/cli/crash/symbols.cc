#include "src/cli/crash/symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rt::cli {

Symbols::Symbols() {
  const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat info;
  if (fstat(fd, &info) == 0 && info.st_size > static_cast<off_t>(sizeof(Elf64_Ehdr))) {
    void* const mapped =
        mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped != MAP_FAILED) {
      file_ = static_cast<const uint8_t*>(mapped);
      size_ = static_cast<size_t>(info.st_size);
    }
  }
  close(fd);
}

Symbols::~Symbols() {
  if (file_ != nullptr) munmap(const_cast<uint8_t*>(file_), size_);
}

const char* Symbols::Find(uintptr_t address, size_t* offset) const {
  if (file_ == nullptr) return nullptr;
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(file_);
  // It is mapped where its table says: rt is linked to a fixed address.
  if (header->e_type != ET_EXEC || header->e_shentsize != sizeof(Elf64_Shdr) ||
      header->e_shoff + header->e_shnum * sizeof(Elf64_Shdr) > size_) {
    return nullptr;
  }
  const auto* sections = reinterpret_cast<const Elf64_Shdr*>(file_ + header->e_shoff);
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const Elf64_Shdr& table = sections[i];
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= header->e_shnum) continue;
    const Elf64_Shdr& names = sections[table.sh_link];
    if (table.sh_offset + table.sh_size > size_ || names.sh_offset + names.sh_size > size_) break;
    const auto* symbols = reinterpret_cast<const Elf64_Sym*>(file_ + table.sh_offset);
    const size_t count = table.sh_size / sizeof(Elf64_Sym);
    for (size_t at = 0; at < count; ++at) {
      const Elf64_Sym& symbol = symbols[at];
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_name >= names.sh_size) continue;
      if (address < symbol.st_value || address >= symbol.st_value + symbol.st_size) continue;
      *offset = address - symbol.st_value;
      return reinterpret_cast<const char*>(file_ + names.sh_offset + symbol.st_name);
    }
  }
  return nullptr;
}

}  // namespace rt::cli
