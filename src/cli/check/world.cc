#include "src/cli/check/world.h"

#include "src/base/digest.h"
#include "src/config/json.h"
#include "src/typescript/files.h"

namespace rt::cli {
namespace {

constexpr size_t kMaxFile = size_t{64} << 20;
// What stands for the declarations of Node's modules where the project has none.
constexpr const char* kNodeTypes = "npm:@types/node@24.10.1";
constexpr const char* kNodeTypesIntegrity =
    "sha512-GNWcUTRBgIRJD5zj+Tq0fKOJ5XZajIiBroOF0yvj2bSU1WvNdYS/"
    "dn9UxwsujGW4JX06dnHyjV2y9rRaybH0iQ==";

// Short texts are their own fingerprint.
std::string Fingerprint(std::string text) {
  return text.size() <= 64 ? text : Sha256Hex(text);
}

std::string AnswerOf(const Result<std::string>& result) {
  return result.ok() ? "+" + *result : "-" + result.error().message;
}

std::string AnswerOf(const std::optional<std::string>& text) {
  return text ? "+" + *text : "-";
}

std::string AnswerOf(const std::vector<Result<SourceFinder::Source>>& sources) {
  std::string all;
  for (const auto& source : sources) {
    if (!source.ok()) {
      all += "-" + source.error().message + "\n";
      continue;
    }
    all += "+" + source->url + "\n" + source->types + "\n" +
           std::to_string(static_cast<int>(source->type)) +
           std::string(typescript::ExtensionOf(source->media)) + "\n";
    if (source->package) all += source->package->folder + source->package->subpath + "\n";
    all += Sha256Hex(source->text) + "\n";
  }
  return all;
}

}  // namespace

void CheckWorld::Note(const Question& question, std::string answer) {
  std::string asked = "[";
  for (const std::string& part : question) asked += QuoteJson(part) + ",";
  if (!noted_.insert(asked).second) return;
  record_ +=
      (record_.empty() ? "" : ",\n") + asked + QuoteJson(Fingerprint(std::move(answer))) + "]";
}

Result<std::string> CheckWorld::Resolve(const std::string& specifier, const std::string& referrer) {
  auto url = finder_.Resolve(specifier, referrer);
  Note({"resolve", specifier, referrer}, AnswerOf(url));
  return url;
}

std::vector<Result<SourceFinder::Source>> CheckWorld::Load(const std::vector<std::string>& urls) {
  auto sources = finder_.Load(urls);
  Question question = {"load"};
  question.insert(question.end(), urls.begin(), urls.end());
  Note(question, AnswerOf(sources));
  return sources;
}

std::optional<std::string> CheckWorld::Published(const std::string& path,
                                                 std::optional<std::string> text) {
  auto published = finder_.Published(path, std::move(text));
  if (published.ok()) return std::move(*published);
  if (!failure_) failure_ = published.TakeError();
  return std::nullopt;
}

std::optional<std::string> CheckWorld::ReadFile(const std::string& path) {
  auto text = Published(path, typescript::ReadWholeFile(path, kMaxFile));
  Note({"read", path}, AnswerOf(text));
  return text;
}

int CheckWorld::KindOf(const std::string& path) {
  int kind = static_cast<int>(files_.KindOf(path));
  // A file that is missing from a package is put back.
  if (kind == 0 && Published(path, std::nullopt)) kind = static_cast<int>(files_.KindOf(path));
  Note({"kind", path}, std::to_string(kind));
  return kind;
}

std::string CheckWorld::RealPath(const std::string& path) {
  std::string real = files_.RealPath(path);
  Note({"real", path}, real);
  return real;
}

std::optional<std::string> CheckWorld::PackageOf(const std::string& path) {
  auto folder = finder_.PackageOf(path);
  Note({"package", path}, AnswerOf(folder));
  return folder;
}

std::optional<std::string> CheckWorld::FolderOf(const std::string& name,
                                                const std::string& folder) {
  auto found = finder_.FolderOf(name, folder);
  Note({"folder", name, folder}, AnswerOf(found));
  return found;
}

Result<std::string> CheckWorld::NodeTypes() {
  auto folder = finder_.LoadTool(kNodeTypes, kNodeTypesIntegrity);
  Note({"node"}, AnswerOf(folder));
  return folder;
}

std::string CheckWorld::Record() const {
  return "[" + record_ + "]\n";
}

std::string CheckWorld::Ask(const Question& question) {
  const std::string& what = question[0];
  const auto is = [&](const char* name, size_t arguments) {
    return what == name && question.size() == arguments + 1;
  };
  if (is("resolve", 2)) return AnswerOf(finder_.Resolve(question[1], question[2]));
  if (what == "load") return AnswerOf(finder_.Load({question.begin() + 1, question.end()}));
  if (is("read", 1)) return AnswerOf(typescript::ReadWholeFile(question[1], kMaxFile));
  if (is("kind", 1)) return std::to_string(static_cast<int>(files_.KindOf(question[1])));
  if (is("real", 1)) return files_.RealPath(question[1]);
  if (is("package", 1)) return AnswerOf(finder_.PackageOf(question[1]));
  if (is("folder", 2)) return AnswerOf(finder_.FolderOf(question[1], question[2]));
  if (is("node", 0)) return AnswerOf(finder_.LoadTool(kNodeTypes, kNodeTypesIntegrity));
  return "no question";
}

bool CheckWorld::IsStillTrue(const std::string& record) {
  const auto json = ParseJson(record);
  const Json::Array* entries = json.ok() ? json->AsArray() : nullptr;
  if (!entries || entries->empty()) return false;
  for (const Json& entry : *entries) {
    const Json::Array* parts = entry.AsArray();
    if (!parts || parts->size() < 2) return false;
    Question question;
    for (const Json& part : *parts) {
      if (!part.AsString()) return false;
      question.push_back(*part.AsString());
    }
    const std::string answer = std::move(question.back());
    question.pop_back();
    if (Fingerprint(Ask(question)) != answer) return false;
  }
  return true;
}

}  // namespace rt::cli
