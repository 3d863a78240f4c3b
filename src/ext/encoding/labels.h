// The labels of encodings (https://encoding.spec.whatwg.org/#names-and-labels): the same table as
// TextDecoder's, made from js/ext/web/encoding_labels.js. Pure.
#pragma once

#include <string_view>

namespace rt {

// The standard's name for a label, which is in lower case and without space around it; "": none.
std::string_view EncodingOfLabel(std::string_view label);

}  // namespace rt
