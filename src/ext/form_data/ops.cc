// The ops of the form_data extension.
#include "src/ext/form_data/form_data.h"
#include "src/ext/form_data/multipart.h"
#include "src/op/op.h"

namespace rt {

RT_STRUCT(MultipartPart, RT_FIELD(name), RT_FIELD(filename), RT_FIELD(content_type),
          RT_FIELD(start), RT_FIELD(end))

namespace {

Result<std::vector<MultipartPart>> op_multipart_parse(OpContext&, std::span<uint8_t> body,
                                                      std::string boundary) {
  return ParseMultipart(body, boundary);
}

constexpr std::array kOps = {
    RT_OP(op_multipart_parse, NoPerm<"pure">),
};

}  // namespace

Extension FormDataExtension() {
  return {.name = "form_data", .ops = kOps};
}

}  // namespace rt
