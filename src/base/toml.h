// toml++ as this project uses it: no exceptions, and fit for files from strangers.
//
// Version 3.3 has two holes that a hostile file can reach. In a release build it turns its internal
// assertions into promises to the compiler, and `[?` breaks one: undefined behaviour. Here they are
// compiled away instead; the checks behind them stay and report the error. The other is in its
// question whether a letter beyond ASCII is white space; such letters are taken out beforehand.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(condition) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace dimout {

/// Letters beyond ASCII arrive as question marks, which are refused wherever those letters are.
inline toml::parse_result parse_toml(std::string_view text) {
    std::string ascii(text);
    std::ranges::replace_if(
        ascii, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return toml::parse(std::string_view(ascii));
}

}  // namespace dimout
