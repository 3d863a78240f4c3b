// What a program is made of besides its own file, as far as somebody else chooses it: the links
// that lead to it, and for a script ("#!") its interpreter. Who may write one of these runs what
// they like. Reads the beginning of the program; must never decide anything. Any thread.
#pragma once

#include <string_view>
#include <vector>

#include "src/permissions/path_scope.h"
#include "src/permissions/targets.h"

namespace rt {

struct ProgramPart {
  PathScope scope;
  bool is_link = false;  // this entry alone counts, not what is below where it leads
};

// The program, the links on the way to it, and the same of its interpreters, of those that `env`
// would find on `search_path`, too. Nothing for a program that was not found. An interpreter with a
// relative path depends on where the program is started and is left out.
std::vector<ProgramPart> PartsOf(const Program& program, std::string_view search_path);

}  // namespace rt
