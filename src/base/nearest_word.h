// What somebody meant who typed something else.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dimout {

/// How many letters must be put in, taken out, replaced or swapped with their neighbour to make one
/// word of the other (optimal string alignment), whatever their case.
[[nodiscard]] std::size_t letters_apart(std::string_view one, std::string_view other);

/// The nearest of `words`, the first among equals; empty when even that is further off than a third
/// of the letters typed.
[[nodiscard]] std::string_view nearest_word(std::string_view typed,
                                            std::span<const std::string_view> words);

}  // namespace dimout
