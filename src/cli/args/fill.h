// What the flags say, as an Invocation has it: numbers, lists and what goes together are checked
// here. Knows nothing of argv.
#pragma once

#include "src/base/result.h"
#include "src/cli/args/grammar.h"
#include "src/cli/args/invocation.h"

namespace rt::cli {

// Whether files and flags of the command may stand in any order.
bool TakesFiles(Command command);

// Everything but operands and files. Errors name the flag; an empty list never means "all".
Result<void> Fill(const FlagValues& values, Invocation& invocation);

}  // namespace rt::cli
