// Rows of a statement as JavaScript values. Runs no JavaScript of the program's.
#pragma once

#include <v8.h>

#include "src/ext/sqlite/objects.h"

namespace rt {

// The names of the columns, made anew when SQLite prepared the statement anew. False: an exception
// is pending. After the first step of an execution.
bool UpdateShape(StatementObject& statement);

// The row the statement stands on. Empty: an exception is pending.
v8::MaybeLocal<v8::Value> MakeRow(StatementObject& statement);

}  // namespace rt
