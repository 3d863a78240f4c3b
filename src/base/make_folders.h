// Folders of rt's own making: its cache, and what the command line names.
#pragma once

#include <sys/types.h>

#include <string>

namespace rt {

// Makes the folder and those above it that are not there, with this mode. False, and errno: it
// could not be made.
bool MakeFolders(const std::string& folder, mode_t mode = 0700);

}  // namespace rt
