// How a feature of an embedding program defines its ops: exactly as rt's own extensions do. With
// this come V8 and libuv, and types of rt that may change from one version to the next.
//
//   Result<double> op_shop_price(OpContext& cx, std::string article);          synchronous
//   Task<Result<double>> op_shop_ask(OpContext& cx, std::string article);      asynchronous
//   constexpr std::array kOps = {
//       RT_OP(op_shop_price, NoPerm<"a table in memory">),
//       RT_OP(op_shop_ask, NoPerm<"a table in memory">),
//   };
//   const Extension kShop{.name = "shop", .ops = kOps};
//
// src/op/README.md, installed beside this file, says what a signature may hold.
#pragma once

#include "src/engine/gc_wrapper.h"  // IWYU pragma: export
#include "src/loop/pool_task.h"     // IWYU pragma: export
#include "src/loop/sleep.h"         // IWYU pragma: export
#include "src/op/op.h"              // IWYU pragma: export
#include "src/permissions/sinks.h"  // IWYU pragma: export
