// Files of environment variables (".env"): NAME=value lines, comments after "#", an optional
// `export`. Values in single quotes or backquotes are literal, in double quotes they know \n \r \t
// \\ \" \$; quoted values may span lines. Unquoted and in double quotes $NAME, ${NAME} and
// ${NAME:-default} stand for variables. Pure text; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"

namespace rt {

using Variables = std::vector<std::pair<std::string, std::string>>;

// In the order of the file; a name that is given twice stands twice. `lookup`: what variables
// outside the file are; those of the file come after. SyntaxError with the line's number.
Result<Variables> ParseEnvFile(
    std::string_view text,
    const std::function<std::optional<std::string>(const std::string& name)>& lookup);

}  // namespace rt
