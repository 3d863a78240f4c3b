// Where rt keeps what it may lose: transpiled code, later downloads.
#pragma once

#include <string>

namespace rt::cli {

// $RT_DIR, else $XDG_CACHE_HOME/rt, else ~/.cache/rt; absolute, without "/" at the end. "":
// nowhere, since none of them says. The folder need not be there.
std::string CacheFolder();

}  // namespace rt::cli
