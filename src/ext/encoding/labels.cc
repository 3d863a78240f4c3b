#include "src/ext/encoding/labels.h"

#include <string>

namespace rt {
namespace {

struct Labels {
  std::string_view name;
  std::string_view labels;  // a space before and after each
};
constexpr Labels kLabels[] = {
#include "encoding_labels.inc"
};

}  // namespace

std::string_view EncodingOfLabel(std::string_view label) {
  if (label.empty() || label.find(' ') != std::string_view::npos) return {};
  const std::string wanted = " " + std::string(label) + " ";
  for (const Labels& entry : kLabels) {
    if (entry.labels.find(wanted) != std::string_view::npos) return entry.name;
  }
  return {};
}

}  // namespace rt
