// SHA-256 (FIPS 180-4), as text of 64 hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dimout::bundle {

[[nodiscard]] std::string sha256(std::string_view content);
/// Of a file of any size, read in pieces.
[[nodiscard]] Result<std::string> sha256_of_file(const std::string& path);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Empty when `text` is not an even number of lower-case digits.
[[nodiscard]] std::string from_hex(std::string_view text);

}  // namespace dimout::bundle
