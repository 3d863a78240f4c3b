#include "src/cli/testing/coverage_data.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "src/cli/testing/coverage_report.h"
#include "src/module/specifier.h"

namespace rt::cli {
namespace {

class Coverage : public testing::Test {
 protected:
  Coverage() {
    char folder[] = "/tmp/rt_coverage_XXXXXX";
    folder_ = mkdtemp(folder);
  }
  ~Coverage() override { (void)!system(("rm -r " + folder_).c_str()); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  static std::string Range(size_t start, size_t end, int count) {
    return "{\"startOffset\":" + std::to_string(start) + ",\"endOffset\":" + std::to_string(end) +
           ",\"count\":" + std::to_string(count) + "}";
  }

  std::string folder_;
};

TEST_F(Coverage, LinesBranchesFunctionsOfTwoProcesses) {
  // The character before "if" takes two bytes, and the one after it two units.
  const std::string source =
      "// only a comment\nfunction f(a) {\n  '\xc3\xa4\xf0\x9f\x98\x80';\n"
      "  if (a) {\n    g();\n  }\n}\n\nf(0);\n";
  const std::string path = Write("a.js", source);
  const size_t units = source.size() - 1 - 2;  // UTF-8 has so many bytes more
  const size_t start = source.find("function");
  const size_t block = source.find("{\n    g") - 3;
  const size_t block_end = source.find("}\n}") + 1 - 3;
  const std::string functions = "[{\"functionName\":\"\",\"ranges\":[" + Range(0, units, 1) +
                                "]},{\"functionName\":\"f\",\"ranges\":[" +
                                Range(start, block_end + 2, 1) + "," + Range(block, block_end, 0) +
                                "]}]";
  for (int process = 0; process < 2; ++process) {
    ASSERT_TRUE(
        WriteCoverage(folder_ + "/out/deep", {{PathToFileUrl(path), functions, "", {}}}).ok());
  }
  auto files = ReadCoverage(folder_ + "/out/deep");
  ASSERT_TRUE(files.ok()) << files.error().message;
  ASSERT_EQ(files->size(), 1u);
  const FileCoverage& file = files->at(path);
  const std::map<int, uint64_t> lines = {{2, 2}, {3, 2}, {4, 2}, {5, 0}, {6, 0}, {7, 2}, {9, 2}};
  EXPECT_EQ(file.lines, lines);
  EXPECT_EQ(file.branches.size(), 1u);
  EXPECT_EQ(file.BranchesHit(), 0u);
  EXPECT_EQ(file.functions.size(), 1u);
  EXPECT_EQ(file.functions.begin()->second.count, 2u);
  EXPECT_EQ(file.functions.begin()->second.line, 2);
  EXPECT_NE(CoverageTable(*files, folder_, false)
                .find("| ./a.js    |      0.0 |      100.0 |     71.4 |"),
            std::string::npos);
  const std::string lcov = CoverageLcov(*files);
  EXPECT_NE(lcov.find("DA:5,0\n"), std::string::npos);
  EXPECT_NE(lcov.find("FNDA:2,f\n"), std::string::npos);
  EXPECT_TRUE(WriteCoverageHtml(*files, folder_, folder_ + "/html").ok());
  EXPECT_EQ(access((folder_ + "/html/index.html").c_str(), F_OK), 0);
}

TEST_F(Coverage, BranchesOfProcessesThatTookOthers) {
  const std::string source = "function f(k) {\n  if (k) {\n    a();\n  } else { b(); }\n}\n";
  const std::string path = Write("a.js", source);
  const size_t end = source.size() - 1;
  const size_t yes = source.find("{\n    a");
  const size_t no = source.find("{ b");
  const auto function = [&](int count, const std::string& more) {
    return "[{\"functionName\":\"f\",\"ranges\":[" + Range(0, end, count) + more + "]}]";
  };
  const auto write = [&](const std::string& functions) {
    ASSERT_TRUE(WriteCoverage(folder_ + "/out", {{PathToFileUrl(path), functions, "", {}}}).ok());
  };
  // One process took both, one the second, of which V8 says nothing, and one never called it.
  write(function(3, "," + Range(yes, no - 6, 1) + "," + Range(no - 6, end - 2, 2)));
  write(function(1, "," + Range(yes, no - 6, 0)));
  write(function(0, ""));
  auto files = ReadCoverage(folder_ + "/out");
  ASSERT_TRUE(files.ok()) << files.error().message;
  const std::string lcov = CoverageLcov(*files);
  EXPECT_NE(lcov.find("FNDA:4,f\n"), std::string::npos) << lcov;
  EXPECT_NE(lcov.find("BRDA:2,1,0,1\n"), std::string::npos) << lcov;
  EXPECT_NE(lcov.find("BRDA:4,2,0,3\n"), std::string::npos) << lcov;
  EXPECT_NE(lcov.find("BRF:2\nBRH:2\n"), std::string::npos) << lcov;
}

TEST_F(Coverage, ABranchOfWhatRanHasACountEvenIfItIsNone) {
  const std::string source =
      "function f() {\n  if (0) { a(); }\n}\nfunction g() { if (0) { b(); } }\n";
  const std::string path = Write("a.js", source);
  const size_t f_end = source.find("function g") - 1;
  const size_t g = f_end + 1;
  const size_t a = source.find("{ a");
  const size_t b = source.find("{ b");
  const auto function = [&](const char* name, size_t start, size_t end, int count, size_t block) {
    return "{\"functionName\":\"" + std::string(name) + "\",\"ranges\":[" +
           Range(start, end, count) + "," + Range(block, block + 8, 0) + "]}";
  };
  ASSERT_TRUE(WriteCoverage(folder_, {{PathToFileUrl(path),
                                       "[" + function("f", 0, f_end, 1, a) + "," +
                                           function("g", g, source.size() - 1, 0, b) + "]",
                                       "",
                                       {}}})
                  .ok());
  auto files = ReadCoverage(folder_);
  ASSERT_TRUE(files.ok()) << files.error().message;
  const std::string lcov = CoverageLcov(*files);
  EXPECT_NE(lcov.find("BRDA:2,1,0,0\n"), std::string::npos) << lcov;
  EXPECT_NE(lcov.find("BRDA:4,2,0,-\n"), std::string::npos) << lcov;
}

TEST_F(Coverage, LinesOfTheSourceOfTranspiledCode) {
  const std::string path = Write("a.ts", "enum A {\n  B,\n}\nx();\n");
  ASSERT_TRUE(
      WriteCoverage(folder_, {{PathToFileUrl(path),
                               "[{\"functionName\":\"\",\"ranges\":[" + Range(0, 9, 1) + "]}]",
                               "a;\nb;\nx();\n",
                               {1, 1, 4, 0}}})
          .ok());
  auto files = ReadCoverage(folder_);
  ASSERT_TRUE(files.ok());
  const std::map<int, uint64_t> lines = {{1, 1}, {4, 1}};
  EXPECT_EQ(files->at(path).lines, lines);
}

TEST_F(Coverage, TestsPackagesAndWhatIsGoneAreLeftOut) {
  const std::string test = Write("a_test.js", "1;");
  ASSERT_TRUE(WriteCoverage(folder_, {{PathToFileUrl(test), "[]", "", {}},
                                      {PathToFileUrl(folder_ + "/gone.js"), "[]", "", {}}})
                  .ok());
  auto files = ReadCoverage(folder_);
  ASSERT_TRUE(files.ok());
  EXPECT_TRUE(files->empty());
}

TEST_F(Coverage, WhatIsNoCoverage) {
  EXPECT_EQ(ReadCoverage(folder_).error().error_class, ErrorClass::kNotFound);
  Write("bad.json", "{\"url\":");
  EXPECT_EQ(ReadCoverage(folder_).error().error_class, ErrorClass::kInvalidData);
}

}  // namespace
}  // namespace rt::cli
