#include "src/cli/testing/coverage_report.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "src/base/output.h"
#include "src/cli/testing/discover.h"
#include "src/config/project.h"

namespace rt::cli {
namespace {

struct Share {
  size_t hit = 0;
  size_t all = 0;
  double percent() const {
    return all == 0 ? 100.0 : 100.0 * static_cast<double>(hit) / static_cast<double>(all);
  }
};

std::string PercentText(const Share& share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", share.percent());
  return text;
}

std::string Padded(const std::string& text, size_t width, bool right) {
  if (text.size() >= width) return text;
  const std::string space(width - text.size(), ' ');
  return right ? space + text : text + space;
}

std::string Colored(const std::string& text, const Share& share, bool color) {
  if (!color) return text;
  const char* code = share.percent() >= 90 ? "32" : share.percent() >= 75 ? "33" : "31";
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::string Html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

constexpr std::string_view kHead =
    "<!doctype html>\n<meta charset=\"utf-8\">\n<style>\n"
    "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}\n"
    "td,th{padding:.2em .8em;text-align:right}td:first-child,th:first-child{text-align:left}\n"
    "pre{margin:0}.c{color:#888}.n{background:#fdd}.y{background:#dfd}\n</style>\n";

Result<void> WriteFile(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Error::FromErrno(errno, "open", path);
  const bool written = WriteFully(fd, text);
  close(fd);
  if (!written) return Error::FromErrno(errno, "write", path);
  return {};
}

std::string Page(const FileCoverage& file, const std::string& name, const std::string& source) {
  std::string rows;
  int number = 0;
  for (size_t start = 0; start < source.size();) {
    size_t end = source.find('\n', start);
    if (end == std::string::npos) end = source.size();
    const auto found = file.lines.find(++number);
    const bool counted = found != file.lines.end();
    rows += "<tr class=\"" +
            std::string(!counted            ? ""
                        : found->second > 0 ? "y"
                                            : "n") +
            "\"><td class=\"c\">" + std::to_string(number) + "<td class=\"c\">" +
            (counted ? std::to_string(found->second) + "x" : "") +
            "<td style=\"text-align:left\"><pre>" + Html(source.substr(start, end - start)) +
            "</pre>\n";
    start = end + 1;
  }
  std::string page;
  page.append(kHead).append("<title>").append(Html(name)).append("</title>\n<h1>");
  page.append(Html(name)).append("</h1>\n<p><a href=\"index.html\">All files</a>\n<table>\n");
  return page.append(rows).append("</table>\n");
}

}  // namespace

std::string CoverageTable(const CoverageMap& files, const std::string& cwd, bool color) {
  constexpr size_t kNumber = 8;
  constexpr size_t kFunctions = 10;
  size_t width = 9;
  for (const auto& [path, file] : files) width = std::max(width, DisplayPath(path, cwd).size());
  std::string text = "| " + Padded("File", width, false) +
                     " | Branch % | Function % |   Line % |\n| " + std::string(width, '-') +
                     " | -------- | ---------- | -------- |\n";
  Share all_branches;
  Share all_functions;
  Share all_lines;
  auto row = [&](const std::string& name, const Share& branches, const Share& functions,
                 const Share& lines) {
    text += "| " + Colored(Padded(name, width, false), lines, color) + " | " +
            Colored(Padded(PercentText(branches), kNumber, true), branches, color) + " | " +
            Colored(Padded(PercentText(functions), kFunctions, true), functions, color) + " | " +
            Colored(Padded(PercentText(lines), kNumber, true), lines, color) + " |\n";
  };
  for (const auto& [path, file] : files) {
    const Share branches{file.BranchesHit(), file.branches.size()};
    const Share lines{file.LinesHit(), file.lines.size()};
    const Share functions{file.FunctionsHit(), file.functions.size()};
    all_branches = {all_branches.hit + branches.hit, all_branches.all + branches.all};
    all_functions = {all_functions.hit + functions.hit, all_functions.all + functions.all};
    all_lines = {all_lines.hit + lines.hit, all_lines.all + lines.all};
    row(DisplayPath(path, cwd), branches, functions, lines);
  }
  row("All files", all_branches, all_functions, all_lines);
  return text;
}

std::string CoverageLcov(const CoverageMap& files) {
  std::string text;
  for (const auto& [path, file] : files) {
    text += "SF:" + path + "\n";
    for (const auto& [key, function] : file.functions) {
      text += "FN:" + std::to_string(function.line) + "," + function.name + "\n";
    }
    for (const auto& [key, function] : file.functions) {
      text += "FNDA:" + std::to_string(function.count) + "," + function.name + "\n";
    }
    text += "FNF:" + std::to_string(file.functions.size()) +
            "\nFNH:" + std::to_string(file.FunctionsHit()) + "\n";
    int number = 0;
    for (const auto& [key, branch] : file.branches) {
      text += "BRDA:" + std::to_string(branch.line) + "," + std::to_string(++number) + ",0," +
              (branch.reached ? std::to_string(branch.count) : "-") + "\n";
    }
    text += "BRF:" + std::to_string(file.branches.size()) +
            "\nBRH:" + std::to_string(file.BranchesHit()) + "\n";
    for (const auto& [line, count] : file.lines) {
      text += "DA:" + std::to_string(line) + "," + std::to_string(count) + "\n";
    }
    text += "LH:" + std::to_string(file.LinesHit()) + "\nLF:" + std::to_string(file.lines.size()) +
            "\nend_of_record\n";
  }
  return text;
}

Result<void> WriteCoverageHtml(const CoverageMap& files, const std::string& cwd,
                               const std::string& folder) {
  if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return Error::FromErrno(errno, "mkdir", folder);
  }
  std::string rows;
  int number = 0;
  for (const auto& [path, file] : files) {
    const std::string page = std::to_string(++number) + ".html";
    const std::string name = DisplayPath(path, cwd);
    RT_TRY(const std::optional<std::string> source, ReadConfigText(path));
    RT_TRY_VOID(WriteFile(folder + "/" + page, Page(file, name, source.value_or(""))));
    const Share branches{file.BranchesHit(), file.branches.size()};
    const Share functions{file.FunctionsHit(), file.functions.size()};
    const Share lines{file.LinesHit(), file.lines.size()};
    rows += "<tr><td><a href=\"" + page + "\">" + Html(name) + "</a><td>" + PercentText(branches) +
            "<td>" + PercentText(functions) + "<td>" + PercentText(lines) + "\n";
  }
  std::string page;
  page.append(kHead).append("<title>Coverage</title>\n<h1>Coverage</h1>\n<table>\n");
  page.append("<tr><th>File<th>Branch %<th>Function %<th>Line %\n").append(rows);
  return WriteFile(folder + "/index.html", page.append("</table>\n"));
}

}  // namespace rt::cli
