// Where rt keeps what it may lose: transpiled code, later downloads.
#pragma once

#include <functional>
#include <string>

namespace rt::cli {

// $RT_DIR, else $XDG_CACHE_HOME/rt, else ~/.cache/rt; absolute, without "/" at the end. "":
// nowhere, since none of them says. The folder need not be there.
std::string CacheFolder();
// The same for another environment and current folder, which is asked for if need be; "" if
// there is none. `variable`: "" if it is not set.
std::string CacheFolderFrom(const std::function<std::string(const std::string&)>& variable,
                            const std::function<std::string()>& current_folder);

}  // namespace rt::cli
