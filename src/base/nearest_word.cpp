#include "base/nearest_word.h"

#include <algorithm>
#include <vector>

namespace dimout {
namespace {

/// Nobody mistypes more than that, and a file may hold anything.
constexpr std::size_t kLongestWord = 64;

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::size_t letters_apart(std::string_view one, std::string_view other) {
    using Row = std::vector<std::size_t>;
    Row before_last(other.size() + 1), last(other.size() + 1), row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::swap(before_last, last);
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const bool same = lower(one[i - 1]) == lower(other[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && lower(one[i - 1]) == lower(other[j - 2]) &&
                                 lower(one[i - 2]) == lower(other[j - 1]);
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row.back();
}

std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words) {
    if (typed.size() > kLongestWord) return {};
    std::string_view nearest;
    std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const std::string_view word : words) {
        const std::size_t apart = letters_apart(typed, word);
        if (apart >= least) continue;
        least = apart;
        nearest = word;
    }
    return nearest;
}

}  // namespace dimout
