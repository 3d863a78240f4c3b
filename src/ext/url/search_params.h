// application/x-www-form-urlencoded
// (https://url.spec.whatwg.org/#application/x-www-form-urlencoded), as URLSearchParams and form
// bodies use it. Pure functions on bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rt::url {

// Parses into name, value, name, value, ... The strings are bytes that may be ill-formed UTF-8
// (after decoding %XX); whoever makes them text decodes with replacement, as the standard asks.
std::vector<std::string> ParseForm(std::string_view input);

// Appends one name or value, encoded.
void AppendFormPart(std::string& out, std::string_view part);

// Serializes such a list of pairs; an odd last element is a name with an empty value.
std::string SerializeForm(const std::vector<std::string>& names_and_values);

}  // namespace rt::url
