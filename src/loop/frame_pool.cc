// See the header.
#include "src/loop/frame_pool.h"

#include <array>
#include <cstdint>
#include <new>

namespace rt {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeepsFrames = false;
#else
constexpr bool kKeepsFrames = true;
#endif

constexpr size_t kStep = 256;
constexpr size_t kLargestKept = 4096;
// Of each size: for the reads of a few hundred connections, which all end before the next begin.
constexpr size_t kMostKeptBytes = 64 * 1024;

class FrameLists {
 public:
  FrameLists() = default;
  ~FrameLists() {
    for (List& list : lists_) {
      while (void* frame = list.Take()) ::operator delete(frame);
    }
  }

  void* Take(size_t size) { return lists_[IndexOf(size)].Take(); }
  bool Keep(void* frame, size_t size) noexcept {
    const size_t index = IndexOf(size);
    const size_t most = kMostKeptBytes / ((index + 1) * kStep);
    return lists_[index].Put(frame, static_cast<uint32_t>(most));
  }

 private:
  struct Free {
    Free* next;
  };
  struct List {
    Free* first = nullptr;
    uint32_t count = 0;

    void* Take() {
      Free* const frame = first;
      if (frame == nullptr) return nullptr;
      first = frame->next;
      --count;
      return frame;
    }
    bool Put(void* frame, uint32_t most) {
      if (count >= most) return false;
      ++count;
      first = new (frame) Free{first};
      return true;
    }
  };

  static size_t IndexOf(size_t size) { return (size - 1) / kStep; }

  std::array<List, kLargestKept / kStep> lists_;
};

// A plain pointer, which costs no check whether it was made; null before the first frame, and again
// once the thread ends, when frames may still be freed.
constinit thread_local FrameLists* g_lists = nullptr;

struct ListsOwner {
  FrameLists lists;
  ListsOwner() { g_lists = &lists; }
  ~ListsOwner() { g_lists = nullptr; }
};

void* AllocateNew(size_t size) {
  // Does nothing the second time, and so after the thread's end.
  static thread_local ListsOwner owner;
  return ::operator new((size + kStep - 1) / kStep * kStep);
}

}  // namespace

void* AllocateFrame(size_t size) {
  if (!kKeepsFrames || size > kLargestKept) return ::operator new(size);
  if (g_lists != nullptr) {
    if (void* frame = g_lists->Take(size)) return frame;
  }
  return AllocateNew(size);
}

void FreeFrame(void* frame, size_t size) noexcept {
  if (kKeepsFrames && size <= kLargestKept && g_lists != nullptr && g_lists->Keep(frame, size)) {
    return;
  }
  ::operator delete(frame);
}

}  // namespace rt
