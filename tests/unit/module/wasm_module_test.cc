#include "src/module/wasm_module.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

std::vector<uint8_t> Module(std::vector<uint8_t> sections) {
  std::vector<uint8_t> bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
  bytes.insert(bytes.end(), sections.begin(), sections.end());
  return bytes;
}

TEST(WasmModule, ImportsOfAllKindsAreRead) {
  const auto bytes = Module({
      0, 2,   1, 'x',                                   // a custom section
      2, 29,  5,                                        // imports
      1, 'm', 1, 'f', 0,    0,                          // function
      1, 'm', 1, 't', 1,    0x63, 0x70, 1, 2, 0x80, 1,  // table of (ref null func), two limits
      1, 'n', 1, 'y', 2,    0,    1,                    // memory
      1, 'n', 0, 3,   0x7f, 0,                          // global with an empty name
      1, 'm', 1, 'f', 0,    1,                          // the first again
  });
  auto fixed = bytes;
  fixed[13] = static_cast<uint8_t>(fixed.size() - 14);
  const auto read = ReadWasmInterface(fixed);
  ASSERT_TRUE(read.ok());
  std::string text;
  for (const auto& [module, name] : read->imports) text += module + "." + name + " ";
  EXPECT_EQ(text, "m.f m.t n.y n. m.f ");
  const std::string wrapper = WasmWrapper(*read);
  EXPECT_NE(wrapper.find("import { \"f\" as import0 } from \"m\";"), std::string::npos) << wrapper;
  EXPECT_NE(wrapper.find("import { \"\" as import2 } from \"n\";"), std::string::npos) << wrapper;
}

TEST(WasmModule, ExportsKeepTheirNames) {
  const auto read = ReadWasmInterface(Module({7, 10, 2, 1, 'f', 0, 0, 3, 'a', '"', 'b', 2, 0}));
  EXPECT_FALSE(read.ok());  // the section says it is shorter
  const auto whole = ReadWasmInterface(Module({7, 11, 2, 1, 'f', 0, 0, 3, 'a', '"', 'b', 2, 0}));
  ASSERT_TRUE(whole.ok());
  EXPECT_NE(WasmWrapper(*whole).find(R"(export { export1 as "a\"b" };)"), std::string::npos);
}

TEST(WasmModule, WhatIsCutOffIsNotRead) {
  for (const auto& sections : std::vector<std::vector<uint8_t>>{
           {2, 1, 5}, {2, 3, 1, 9, 'x'}, {2, 6, 1, 1, 'a', 1, 'b', 9}, {7, 0xff, 0xff, 0xff}}) {
    EXPECT_FALSE(ReadWasmInterface(Module(sections)).ok());
  }
}

}  // namespace
}  // namespace rt
