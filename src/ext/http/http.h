// The HTTP server as ops, for Deno.serve. The protocol itself is engine/, which knows no
// JavaScript; this folder decides where a program may listen and turns requests and answers into
// JavaScript values. Other extensions get from here what is common to both ends of a connection:
// the strict scanner of heads, the grammar checks and the decoder of bodies.
#pragma once

#include "src/ext/http/engine/body_decoder.h"
#include "src/ext/http/engine/head_check.h"
#include "src/ext/http/engine/head_scan.h"
#include "src/op/op_host.h"

namespace rt {

Extension HttpExtension();

}  // namespace rt
