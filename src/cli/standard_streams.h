// The three standard streams before anything else happens.
#pragma once

namespace rt::cli {

// Opens /dev/null on those of 0, 1 and 2 that are closed. Otherwise the next file opened would get
// such a number, and what is printed would end up in it. Must run before anything opens a file.
void OpenStandardStreams();

}  // namespace rt::cli
