// Where a process of rt and the rt that asks it something meet: <cache>/control/<pid>.sock, made by
// the one that asks. What is trusted is checked here: folder and socket are this user's alone.
#pragma once

#include <string>

#include "src/base/result.h"

namespace rt::cli {

// A folder that only this user may enter, as a descriptor; the caller closes it. With `make` it is
// made if it is not there. NotCapable: it is another's, or others may enter.
Result<int> OpenControlFolder(const std::string& cache_folder, bool make);

// The path of a process's socket below an open folder, short enough for a socket's address.
std::string ControlSocketPath(int folder, int pid);

// A running process answers from a datagram socket that it made at its start, since it may not be
// allowed to make one later: the one message is one end of a connection. It sends ...
bool SendEnd(int from, const std::string& path, int end);
// ... and this takes one that came from process `pid` of this user. -1: it came from another, or is
// something else.
int ReceiveEnd(int at, int pid);

// One line, without its end; at most `limit` bytes and for so long.
Result<std::string> ReadLine(int socket, size_t limit, int timeout_ms);

}  // namespace rt::cli
