// Finding and comparing programs.
#include "src/permissions/programs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"

namespace rt {
namespace {

// The folder with its links followed, and the last component as it is.
std::string EntryOf(const std::string& path) {
  PathResolver::Outcome outcome = PathResolver::Resolve(path, {.follow = false});
  return std::move(outcome.resolved);
}

// Program::way: the links on the way, those in its folders too, and the file. As many links as the
// kernel follows.
std::vector<std::string> WayTo(const std::string& path) {
  std::vector<std::string> way;
  std::string at;  // no link in it
  std::string rest = path;
  std::string target(PATH_MAX, '\0');
  for (int links = 0; !rest.empty();) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string part = rest.substr(0, slash);
    rest.erase(0, std::min(slash + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      at.resize(at.empty() ? 0 : at.rfind('/'));
      continue;
    }
    const std::string next = at + "/" + part;
    const ssize_t size = readlink(next.c_str(), target.data(), target.size());
    if (size <= 0) {
      at = next;
      continue;
    }
    if (++links > 40) return way;
    way.push_back(next);
    if (target[0] == '/') at.clear();
    rest = std::string(target, 0, static_cast<size_t>(size)) + "/" + rest;
  }
  way.push_back(std::move(at));
  return way;
}

bool FillFrom(std::string path, bool for_rules, Program& program) {
  OwnedFd file(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat info;
  if (!file || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if (faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0) return false;
  if (for_rules) {
    program.entry = EntryOf(path);
    program.way = WayTo(path);
  }
  program.path = std::move(path);
  program.device = info.st_dev;
  program.inode = info.st_ino;
  program.file = std::make_shared<const OwnedFd>(std::move(file));
  return true;
}

// Calls visit(part) for each part of a list separated by colons, until it answers true.
template <class Visit>
bool AnyPart(std::string_view list, const Visit& visit) {
  for (;;) {
    const size_t colon = list.find(':');
    if (visit(list.substr(0, colon))) return true;
    if (colon == std::string_view::npos) return false;
    list.remove_prefix(colon + 1);
  }
}

// Sorted. Names that interpreters, loaders and the tools they are part of take code or programs
// from, or the folders these are in.
constexpr std::string_view kSteering[] = {
    "AWKLIBPATH",
    "AWKPATH",
    "BASHOPTS",
    "BASH_ENV",
    "BASH_LOADABLES_PATH",
    "BROWSER",
    "BUNDLE_GEMFILE",
    "BUN_OPTIONS",
    "CC",
    "CDPATH",
    "CLASSPATH",
    "CURL_HOME",
    "CXX",
    "DENO_DIR",
    "DENO_V8_FLAGS",
    "DOTNET_STARTUP_HOOKS",
    "EDITOR",
    "ELIXIR_ERL_OPTIONS",
    "ENV",
    "ERL_AFLAGS",
    "ERL_FLAGS",
    "ERL_LIBS",
    "ERL_ZFLAGS",
    "EXINIT",
    "FCEDIT",
    "GCONV_PATH",
    "GEM_HOME",
    "GEM_PATH",
    "GIO_EXTRA_MODULES",
    "GIO_MODULE_DIR",
    "GLIBC_TUNABLES",
    "GOFLAGS",
    "GOROOT",
    "GRADLE_OPTS",
    "GTK_MODULES",
    "GTK_PATH",
    "HOME",
    "HOSTALIASES",
    "IFS",
    "INPUTRC",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "LESSCLOSE",
    "LESSOPEN",
    "LIBGL_DRIVERS_PATH",
    "LIBVA_DRIVERS_PATH",
    "LOCALDOMAIN",
    "LOCPATH",
    "LUA_CPATH",
    "LUA_CPATH_5_2",
    "LUA_CPATH_5_3",
    "LUA_CPATH_5_4",
    "LUA_INIT",
    "LUA_INIT_5_2",
    "LUA_INIT_5_3",
    "LUA_INIT_5_4",
    "LUA_PATH",
    "LUA_PATH_5_2",
    "LUA_PATH_5_3",
    "LUA_PATH_5_4",
    "MAKEFILES",
    "MAKEFLAGS",
    "MANPAGER",
    "MAVEN_OPTS",
    "NIX_LD",
    "NIX_LD_LIBRARY_PATH",
    "NLSPATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_REPL_EXTERNAL_MODULE",
    "OCAMLPATH",
    "OCL_ICD_VENDORS",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PAGER",
    "PERL5DB",
    "PERL5LIB",
    "PERL5OPT",
    "PERLLIB",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "PIP_CONFIG_FILE",
    "PROMPT_COMMAND",
    "PS4",
    "QT_PLUGIN_PATH",
    "RSYNC_RSH",
    "RT_DIR",
    "RUBYLIB",
    "RUBYOPT",
    "R_ENVIRON",
    "R_ENVIRON_USER",
    "R_PROFILE",
    "R_PROFILE_USER",
    "SBT_OPTS",
    "SHELLOPTS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "SUDO_EDITOR",
    "SYSTEMD_EDITOR",
    "SYSTEMD_PAGER",
    "TAR_OPTIONS",
    "TCLLIBPATH",
    "VIMINIT",
    "VISUAL",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
    "ZDOTDIR",
    "_JAVA_OPTIONS",
};
static_assert(std::is_sorted(std::begin(kSteering), std::end(kSteering)));

// Families. BASH_FUNC_x%% is how bash passes functions on.
constexpr std::string_view kSteeringPrefixes[] = {"LD_",    "DYLD_",  "BASH_FUNC_", "GIT_",
                                                  "PYTHON", "CARGO_", "RUSTC",      "NPM_CONFIG_",
                                                  "VK_",    "JULIA_", "CORECLR_"};

}  // namespace

Program FindProgram(std::string name, std::string_view search_path, const std::string& cwd,
                    bool for_rules) {
  Program program;
  program.name = name;
  if (name.empty()) return program;
  if (name.find('/') != std::string::npos) {
    if (name.starts_with('/')) {
      FillFrom(std::move(name), for_rules, program);
    } else if (!cwd.empty()) {
      FillFrom(NormalizeLexically(cwd + "/" + name), for_rules, program);
    }
    return program;
  }
  AnyPart(search_path, [&](std::string_view folder) {
    return folder.starts_with('/') &&
           FillFrom(std::string(folder) + "/" + name, for_rules, program);
  });
  return program;
}

bool ProgramCovers(const Program& scope, const Program& target) {
  if (scope.path.empty() || target.path.empty()) return false;
  return scope.entry == target.entry && scope.device == target.device &&
         scope.inode == target.inode;
}

bool ProgramDenies(const Program& scope, const Program& target) {
  if (scope.name == target.name) return true;
  if (scope.path.empty() || target.path.empty()) return false;
  return scope.path == target.path || scope.entry == target.entry ||
         (scope.device == target.device && scope.inode == target.inode);
}

bool SteersPrograms(std::string_view variable) {
  if (std::binary_search(std::begin(kSteering), std::end(kSteering), variable)) return true;
  // npm reads its settings in lower case too.
  std::string upper(variable);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return std::any_of(std::begin(kSteeringPrefixes), std::end(kSteeringPrefixes),
                     [&](std::string_view prefix) { return upper.starts_with(prefix); });
}

bool SearchesOnlyIn(std::string_view search_path, std::string_view trusted) {
  return !AnyPart(search_path, [&](std::string_view folder) {
    if (!folder.starts_with('/')) return true;
    return !AnyPart(trusted, [&](std::string_view known) { return known == folder; });
  });
}

}  // namespace rt
