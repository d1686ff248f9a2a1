// Members that are packed: gzip (RFC 1952) that says nothing of when and where it was made.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dimout::bundle {

/// The same content gives the same bytes with the same zlib.
[[nodiscard]] std::string gzip(std::string_view content);

/// Fails on damage, on anything after the end, and beyond `max` bytes of content.
[[nodiscard]] Result<std::string> gunzip(std::string_view packed, std::size_t max);

}  // namespace dimout::bundle
