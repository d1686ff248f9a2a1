#include "signal/origins.h"

#include <algorithm>

namespace dimout::signal {

std::size_t OriginPool::Hash::operator()(const std::vector<Asn>& origins) const {
    std::size_t mixed = origins.size();
    for (const Asn asn : origins) mixed = (mixed ^ asn.value) * 0x9E3779B97F4A7C15ULL;
    return mixed ^ mixed >> 29;
}

OriginsId OriginPool::of(AsPath path) {
    scratch_.clear();
    path.for_each_origin([&](Asn asn) { scratch_.push_back(asn); });
    return intern(scratch_);
}

OriginsId OriginPool::intern(std::vector<Asn>& origins) {
    if (origins.empty()) return {};
    if (origins.size() > 1) {
        std::ranges::sort(origins);
        const auto doubles = std::ranges::unique(origins);
        origins.erase(doubles.begin(), doubles.end());
    }
    const OriginsId next{static_cast<std::uint32_t>(sets_.size())};
    if (origins.size() == 1) {
        const auto [place, is_new] = singles_.try_emplace(origins[0].value, next);
        if (is_new) sets_.push_back(origins);
        return place->second;
    }
    const auto [place, is_new] = several_.try_emplace(origins, next);
    if (is_new) sets_.push_back(origins);
    return place->second;
}

bool OriginPool::share_origin(OriginsId left, OriginsId right) const {
    if (left == right) return left != OriginsId{};
    return std::ranges::any_of(
        origins(left), [&](Asn asn) { return std::ranges::binary_search(origins(right), asn); });
}

}  // namespace dimout::signal
