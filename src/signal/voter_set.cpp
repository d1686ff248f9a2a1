#include "signal/voter_set.h"

#include <algorithm>

namespace dimout::signal {

std::uint32_t count_asns(const std::vector<Voter>& voters) {
    std::vector<Asn> asns;
    asns.reserve(voters.size());
    for (const Voter& voter : voters) asns.push_back(voter.asn);
    std::ranges::sort(asns);
    return static_cast<std::uint32_t>(std::ranges::unique(asns).begin() - asns.begin());
}

}  // namespace dimout::signal
