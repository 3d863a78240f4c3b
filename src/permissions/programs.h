// Programs for `run`: found once, held open, told apart by where they are and what file they are.
// Must never start anything; run_sinks.h does. Any thread, except where the working directory
// matters.
#pragma once

#include <string>
#include <string_view>

#include "src/permissions/targets.h"

namespace rt {

// Finds a program as execvp would: on `search_path` for a bare name, else relative to `cwd`
// (absolute, or empty: then only absolute names are found). Relative and empty entries of the
// search path are ignored: the working directory is never where programs come from here. What is
// not there, not a regular file or not executable leaves `path` empty. `for_rules`: with `entry`
// and `way`, which take several system calls and only rules are compared with.
Program FindProgram(std::string name, std::string_view search_path, const std::string& cwd,
                    bool for_rules = true);

// The allow rule `scope` covers `target`: the same directory entry, links in its folder followed,
// and still the file that was there when the rule was made. (One file under two names may be two
// programs: busybox.)
bool ProgramCovers(const Program& scope, const Program& target);

// The deny rule `scope` hits `target`: its name, its place, or its file under any name.
bool ProgramDenies(const Program& scope, const Program& target);

// Variables that make a child program load or run something else than itself (LD_PRELOAD,
// BASH_ENV, NODE_OPTIONS, PYTHONPATH, GIT_SSH, ...). PATH is judged apart.
bool SteersPrograms(std::string_view variable);

// Every entry of `search_path` is absolute and an entry of `trusted`.
bool SearchesOnlyIn(std::string_view search_path, std::string_view trusted);

}  // namespace rt
