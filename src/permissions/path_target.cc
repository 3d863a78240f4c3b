// How a granted path is reached by the sinks.
#include "src/permissions/path_target.h"

#include <fcntl.h>

namespace rt {

const PathTarget::Place& PathTarget::None() {
  static const Place none;
  return none;
}

int PathTarget::dir() const {
  switch (how_) {
    case How::kDirect:
    case How::kGuarded:
      return AT_FDCWD;
    case How::kResolved:
      return PlaceOrNone().dir != nullptr ? PlaceOrNone().dir->get() : -1;
    case How::kNothing:
    case How::kRefused:
      return -1;
  }
  return -1;
}

}  // namespace rt
