#include "src/base/cut_text.h"

namespace rt {
namespace {

constexpr size_t kLongest = 2048;
constexpr size_t kHead = 1024;
constexpr size_t kTail = 512;

bool IsInsideCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string CutLongMessage(std::string message) {
  if (message.size() <= kLongest) return message;
  // At most three bytes further: what is no UTF-8 may have any number of them.
  size_t head = kHead;
  while (head > kHead - 3 && IsInsideCharacter(message[head])) --head;
  size_t tail = message.size() - kTail;
  while (tail < message.size() - kTail + 3 && IsInsideCharacter(message[tail])) ++tail;
  message.replace(head, tail - head,
                  " [... " + std::to_string(tail - head) + " bytes left out ...] ");
  return message;
}

}  // namespace rt
