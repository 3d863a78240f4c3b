// RT_TRY_VOID of src/base/result.h inside a coroutine.
#pragma once

#include "src/base/result.h"

#define RT_CO_TRY_VOID(expression)                                \
  do {                                                            \
    auto rt_try_result = (expression);                            \
    if (!rt_try_result.ok()) co_return rt_try_result.TakeError(); \
  } while (false)
