#include "src/module/npm/semver.h"

#include <algorithm>

namespace rt {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// At most 15 digits: what fits a JavaScript number, as in node-semver.
std::optional<uint64_t> ParseNumber(std::string_view text) {
  if (!IsDigits(text) || text.size() > 15) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<uint64_t>(c - '0');
  return value;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::vector<std::string>> ParseIdentifiers(std::string_view text) {
  std::vector<std::string> identifiers;
  for (;;) {
    const size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    const bool is_valid = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
    if (!is_valid) return std::nullopt;
    identifiers.emplace_back(part);
    if (dot == std::string_view::npos) return identifiers;
    text.remove_prefix(dot + 1);
  }
}

std::strong_ordering CompareIdentifiers(const std::string& a, const std::string& b) {
  const bool a_number = IsDigits(a);
  const bool b_number = IsDigits(b);
  if (a_number != b_number) {
    return a_number ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (a_number && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

}  // namespace

std::optional<Version> Version::Parse(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('v') || text.starts_with('=')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  Version version;
  const size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    auto identifiers = ParseIdentifiers(text.substr(dash + 1));
    if (!identifiers) return std::nullopt;
    version.prerelease = std::move(*identifiers);
    text = text.substr(0, dash);
  }
  uint64_t* const parts[] = {&version.major, &version.minor, &version.patch};
  for (int i = 0; i < 3; ++i) {
    const size_t dot = i < 2 ? text.find('.') : std::string_view::npos;
    if (i < 2 && dot == std::string_view::npos) return std::nullopt;
    const auto number = ParseNumber(text.substr(0, dot));
    if (!number) return std::nullopt;
    *parts[i] = *number;
    if (i < 2) text.remove_prefix(dot + 1);
  }
  return version;
}

std::string Version::ToString() const {
  std::string text =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  for (size_t i = 0; i < prerelease.size(); ++i) (text += i == 0 ? '-' : '.') += prerelease[i];
  return text;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (auto order = major <=> other.major; order != 0) return order;
  if (auto order = minor <=> other.minor; order != 0) return order;
  if (auto order = patch <=> other.patch; order != 0) return order;
  if (prerelease.empty() != other.prerelease.empty()) {
    return prerelease.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  for (size_t i = 0; i < std::min(prerelease.size(), other.prerelease.size()); ++i) {
    if (auto order = CompareIdentifiers(prerelease[i], other.prerelease[i]); order != 0) {
      return order;
    }
  }
  return prerelease.size() <=> other.prerelease.size();
}

struct VersionRange::Partial {
  int given = 0;  // how many of major, minor, patch
  Version version = {};
};

std::optional<VersionRange::Partial> VersionRange::ParsePartial(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('v')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  Partial partial;
  std::string_view numbers = text.substr(0, text.find('-'));
  if (numbers.size() < text.size()) {
    auto identifiers = ParseIdentifiers(text.substr(numbers.size() + 1));
    if (!identifiers) return std::nullopt;
    partial.version.prerelease = std::move(*identifiers);
  }
  uint64_t* const parts[] = {&partial.version.major, &partial.version.minor,
                             &partial.version.patch};
  bool wildcard = numbers.empty();
  for (int i = 0; i < 3 && !numbers.empty(); ++i) {
    const size_t dot = numbers.find('.');
    const std::string_view part = numbers.substr(0, dot);
    numbers.remove_prefix(dot == std::string_view::npos ? numbers.size() : dot + 1);
    if (dot != std::string_view::npos && (numbers.empty() || i == 2)) return std::nullopt;
    if (part == "x" || part == "X" || part == "*") {
      wildcard = true;
      continue;
    }
    const auto number = ParseNumber(part);
    if (!number) return std::nullopt;
    if (wildcard) continue;
    *parts[i] = *number;
    partial.given = i + 1;
  }
  if (partial.given < 3) partial.version.prerelease.clear();
  return partial;
}

// One of "^1.2", "~1", ">=1.2.3", "1.x"; becomes one or two comparators, or none for everything.
bool VersionRange::AppendSimple(std::string_view text, std::vector<Comparator>& out) {
  std::string_view op;
  for (std::string_view candidate : {">=", "<=", "~>", ">", "<", "=", "^", "~"}) {
    if (text.starts_with(candidate)) {
      op = candidate;
      break;
    }
  }
  const auto partial = ParsePartial(text.substr(op.size()));
  if (!partial) return false;
  const Version& version = partial->version;
  const int given = partial->given;
  const auto at_least = [&](const Version& from) {
    out.push_back({Operator::kGreaterEqual, from});
  };
  // Below the version, its prereleases included: "<2.0.0-0".
  const auto below = [&](uint64_t major, uint64_t minor, uint64_t patch) {
    out.push_back({Operator::kLess, Version{major, minor, patch, {"0"}}});
  };
  const auto next = [&](int part) {
    if (part == 0) below(version.major + 1, 0, 0);
    if (part == 1) below(version.major, version.minor + 1, 0);
    if (part == 2) below(version.major, version.minor, version.patch + 1);
  };
  if (given == 0) {
    // Nothing is below or above everything.
    if (op == "<" || op == ">") below(0, 0, 0);
    return true;
  }
  if (op == "^") {
    at_least(version);
    if (version.major > 0 || given == 1) {
      next(0);
    } else if (version.minor > 0 || given == 2) {
      next(1);
    } else {
      next(2);
    }
  } else if (op == "~" || op == "~>") {
    at_least(version);
    next(given == 1 ? 0 : 1);
  } else if (op.empty() || op == "=") {
    if (given == 3) {
      out.push_back({Operator::kEqual, version});
    } else {
      at_least(version);
      next(given - 1);
    }
  } else if (op == ">=") {
    at_least(version);
  } else if (op == "<") {
    if (given == 3) {
      out.push_back({Operator::kLess, version});
    } else {
      below(version.major, version.minor, version.patch);
    }
  } else if (op == "<=") {
    if (given == 3) {
      out.push_back({Operator::kLessEqual, version});
    } else {
      next(given - 1);
    }
  } else if (given == 3) {  // ">"
    out.push_back({Operator::kGreater, version});
  } else {
    Version from = version;
    if (given == 1) from = Version{version.major + 1, 0, 0, {}};
    if (given == 2) from = Version{version.major, version.minor + 1, 0, {}};
    at_least(from);
  }
  return true;
}

std::optional<VersionRange> VersionRange::Parse(std::string_view text) {
  if (text.size() > 1024) return std::nullopt;
  VersionRange range;
  for (;;) {
    const size_t bars = text.find("||");
    std::string_view part = Trim(text.substr(0, bars));
    std::vector<Comparator> set;
    if (const size_t dash = part.find(" - "); dash != std::string_view::npos) {
      const auto from = ParsePartial(part.substr(0, dash));
      const auto to = ParsePartial(part.substr(dash + 3));
      if (!from || !to) return std::nullopt;
      if (from->given > 0) set.push_back({Operator::kGreaterEqual, from->version});
      if (to->given > 0 && !AppendSimple("<=" + std::string(Trim(part.substr(dash + 3))), set)) {
        return std::nullopt;
      }
    } else {
      while (!part.empty()) {
        // An operator may stand apart from its version.
        size_t end = part.find_first_not_of("<>=^~ \t");
        if (end == std::string_view::npos) return std::nullopt;
        end = std::min(part.find_first_of(" \t", end), part.size());
        std::string simple;
        for (const char c : part.substr(0, end)) {
          if (c != ' ' && c != '\t') simple += c;
        }
        if (!AppendSimple(simple, set)) return std::nullopt;
        part = Trim(part.substr(end));
      }
    }
    range.sets_.push_back(std::move(set));
    if (bars == std::string_view::npos) return range;
    text.remove_prefix(bars + 2);
  }
}

// One interval: what all of the comparators leave.
std::string VersionRange::SetText(const std::vector<Comparator>& set) {
  const Comparator* from = nullptr;
  const Comparator* to = nullptr;
  for (const Comparator& each : set) {
    if (each.op == Operator::kEqual) return each.version.ToString();
    const bool is_lower = each.op == Operator::kGreater || each.op == Operator::kGreaterEqual;
    const Comparator*& bound = is_lower ? from : to;
    if (!bound || (is_lower ? bound->version < each.version : each.version < bound->version)) {
      bound = &each;
    }
  }
  Version end = to ? to->version : Version{};
  // Its prereleases are left out, too; that is not said.
  if (end.prerelease == std::vector<std::string>{"0"}) end.prerelease.clear();
  if (from && to && from->op == Operator::kGreaterEqual && to->op == Operator::kLess) {
    const Version& start = from->version;
    const Version next_major{start.major + 1};
    const Version next_minor{start.major, start.minor + 1};
    if (start.prerelease.empty() && start.patch == 0) {
      if (start.minor == 0 && end == next_major) return std::to_string(start.major);
      if (end == next_minor) {
        return std::to_string(start.major) + "." + std::to_string(start.minor);
      }
    }
    if (end == next_minor) return "~" + start.ToString();
    const Version next = start.major > 0   ? next_major
                         : start.minor > 0 ? next_minor
                                           : Version{0, 0, start.patch + 1};
    if (end == next) return "^" + start.ToString();
  }
  std::string text;
  if (from) text = (from->op == Operator::kGreater ? ">" : ">=") + from->version.ToString();
  if (to) {
    text += (from ? " " : "") + std::string(to->op == Operator::kLess ? "<" : "<=");
    text += end.ToString();
  }
  return text.empty() ? "*" : text;
}

std::string VersionRange::ToString() const {
  std::string text;
  for (const auto& set : sets_) text += (text.empty() ? "" : " || ") + SetText(set);
  return text;
}

bool VersionRange::Test(const Comparator& comparator, const Version& version) {
  const auto order = version <=> comparator.version;
  switch (comparator.op) {
    case Operator::kLess:
      return order < 0;
    case Operator::kLessEqual:
      return order <= 0;
    case Operator::kGreater:
      return order > 0;
    case Operator::kGreaterEqual:
      return order >= 0;
    case Operator::kEqual:
      return order == 0;
  }
  return false;
}

bool VersionRange::Contains(const Version& version) const {
  for (const auto& set : sets_) {
    if (!std::all_of(set.begin(), set.end(), [&](const auto& c) { return Test(c, version); })) {
      continue;
    }
    if (version.prerelease.empty()) return true;
    const bool names_it = std::any_of(set.begin(), set.end(), [&](const Comparator& c) {
      return !c.version.prerelease.empty() && c.version.major == version.major &&
             c.version.minor == version.minor && c.version.patch == version.patch;
    });
    if (names_it) return true;
  }
  return false;
}

}  // namespace rt
