// The names in rt's cache folder, in one place: who writes there takes its name from here, and
// `rt clean` removes them all. Nothing else in that folder is rt's.
#pragma once

#include <string>
#include <string_view>

namespace rt::cache {

inline constexpr std::string_view kRemote = "remote";          // modules of other hosts
inline constexpr std::string_view kNpm = "npm";                // packages of registries
inline constexpr std::string_view kTranspiled = "transpiled";  // TypeScript made JavaScript
inline constexpr std::string_view kCode = "code";              // what V8 compiled
inline constexpr std::string_view kCompiled = "compiled";      // files of executables
inline constexpr std::string_view kChecked = "checked";        // what rt check found in order
inline constexpr std::string_view kStorage = "storage";        // localStorage, caches
inline constexpr std::string_view kCrashes = "crashes";        // reports
inline constexpr std::string_view kControl = "control";        // sockets of running programs
inline constexpr std::string_view kReplHistory = "repl_history";

inline constexpr std::string_view kAll[] = {kRemote,   kNpm,        kTranspiled, kCode,
                                            kCompiled, kChecked,    kStorage,    kCrashes,
                                            kControl,  kReplHistory};

// "" in no folder: nothing is kept.
inline std::string PathOf(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string() : folder + "/" + std::string(name);
}

}  // namespace rt::cache
