// HMAC-SHA256 (RFC 2104), as text of 64 hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace dimout::notify {

[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace dimout::notify
