// Sets of a few words known when rt is compiled, and the bit that tells most other words apart from
// them without a comparison.
#pragma once

#include <cstdint>
#include <string_view>

namespace rt::typescript {

// One bit for each pair of first letter and length. `word` is not empty.
constexpr uint64_t WordBit(std::string_view word) {
  return uint64_t{1} << ((static_cast<unsigned char>(word[0]) * 7 + word.size()) & 63);
}

class WordSet {
 public:
  // Between spaces, also at both ends: " a b ".
  consteval explicit WordSet(std::string_view words) : words_(words) {
    while (words.size() > 1) {
      words.remove_prefix(1);
      bits_ |= WordBit(words.substr(0, words.find(' ')));
      words.remove_prefix(words.find(' '));
    }
  }

  bool Has(std::string_view word) const {
    if ((bits_ & WordBit(word)) == 0) return false;
    for (size_t at = words_.find(word); at != std::string_view::npos;
         at = words_.find(word, at + 1)) {
      if (words_[at - 1] == ' ' && words_[at + word.size()] == ' ') return true;
    }
    return false;
  }

 private:
  std::string_view words_;
  uint64_t bits_ = 0;
};

}  // namespace rt::typescript
