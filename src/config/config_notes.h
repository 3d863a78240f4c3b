// What is strange about a deno.json without being an error: keys rt does not know, values of the
// wrong type that nobody would otherwise speak of. Only looks at the text; Deno's keys.
#pragma once

#include "src/config/project.h"

namespace rt {

// Adds a line to `config.warnings` for each.
void NoteConfig(ProjectConfig& config);

}  // namespace rt
