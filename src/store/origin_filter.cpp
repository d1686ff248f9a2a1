#include "store/origin_filter.h"

#include <fmt/format.h>

#include "base/error.h"

namespace dimout::store {
namespace {

/// All AS numbers given out so far are smaller, so that they do not meet.
constexpr std::uint32_t kBits = 1U << 19;

}  // namespace

std::string sql_may_be(std::string_view column, const Origins& origins) {
    DIMOUT_CHECK(!origins.empty());
    std::string bits(kBits, '0');
    for (const Asn origin : origins) bits[origin.value % kBits] = '1';
    return fmt::format("{0} BETWEEN {1} AND {2} AND get_bit('{3}'::BIT, ({0} % {4})::INTEGER) = 1",
                       column, origins.begin()->value, origins.rbegin()->value, bits, kBits);
}

}  // namespace dimout::store
