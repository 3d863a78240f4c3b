// The sqlite extension: databases, statements, sessions and backups for node:sqlite
// (https://nodejs.org/api/sqlite.html), as garbage-collected objects. Per runtime, on its thread.
#pragma once

#include <string>

#include "src/op/op_host.h"

namespace rt {

Extension SqliteExtension();           // databases, sessions, functions
Extension SqliteStatementExtension();  // statements and their rows
Extension SqliteBackupExtension();     // copies, made on the pool
Extension SqliteStorageExtension();    // the database behind localStorage

// Where stores of programs are kept; "" is nowhere: then they are in memory.
void SetStorageFolder(OpHost& host, std::string folder);

// At the end of the program, which does not take the runtime down: closes what is open, so that no
// write-ahead log is left behind.
void CloseDatabases(OpHost& host);

}  // namespace rt
