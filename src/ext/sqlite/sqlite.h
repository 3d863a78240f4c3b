// The sqlite extension: databases, statements, sessions and backups for node:sqlite
// (https://nodejs.org/api/sqlite.html), as garbage-collected objects. Per runtime, on its thread.
#pragma once

#include <string>

#include "src/op/op_host.h"

namespace rt {

Extension SqliteExtension();           // databases, sessions, functions
Extension SqliteStatementExtension();  // statements and their rows
Extension SqliteBackupExtension();     // copies, made on the pool
Extension SqliteStorageExtension();    // localStorage and the Cache API

// Where stores of programs are kept; "" is nowhere: then they are in memory.
void SetStorageFolder(OpHost& host, std::string folder);

// Whose the web's storage is: the origin of --location, else the main module; "" if the runtime may
// have none. A worker's is what its maker says.
std::string StorageOwner(OpHost& host);
void SetStorageOwner(OpHost& host, std::string owner);

// At the end of the program, which does not take the runtime down: closes what is open, so that no
// write-ahead log is left behind.
void CloseDatabases(OpHost& host);

}  // namespace rt
