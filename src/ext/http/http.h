// The HTTP server as ops, for Deno.serve. The protocol itself is engine/, which knows no
// JavaScript; this folder decides where a program may listen and turns requests and answers into
// JavaScript values.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension HttpExtension();

}  // namespace rt
