// The url extension: URL and URLSearchParams in JavaScript (js/ext/url/url.js), and the URL parser
// for the rest of rt's C++ (parser.h, url_record.h). Needs no permission: it only looks at text.
#pragma once

#include "src/ext/url/data_url.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/url_record.h"
#include "src/op/op_host.h"

namespace rt {

Extension UrlExtension();

}  // namespace rt
