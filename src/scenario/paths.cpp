#include "scenario/paths.h"

#include <algorithm>

namespace dimout::scenario {
namespace {

constexpr unsigned kPreferredPercent = 75;  ///< How often the first provider is taken.
constexpr unsigned kShortcutPercent = 15;  ///< How often a peer is connected to a carrier directly.
constexpr std::size_t kClimbMax = 5;
constexpr std::uint32_t kTopCount = 10;  ///< The top networks have the first numbers.

}  // namespace

NetworkIndex Paths::choose(NetworkIndex from, std::uint64_t word) const {
    const auto& upstreams = internet_.networks()[from].upstreams;
    if (upstreams.size() == 1 || chance(word, kPreferredPercent)) return upstreams.front();
    return upstreams[scaled(mix(word), static_cast<std::uint32_t>(upstreams.size()))];
}

void Paths::climb(const Session& session, NetworkIndex network, Cell cell) {
    const unsigned salt = cell & 0xFFU;
    const PathOption option = options_[cell >> 8];
    NetworkIndex at = option.kind == PathOption::Kind::Origin ? option.network : network;
    chain_.assign(1, at);
    meets_peer_ = at == session.network;
    while (!meets_peer_ && !internet_.networks()[at].upstreams.empty() &&
           chain_.size() < kClimbMax) {
        const bool forced = chain_.size() == 1 && option.kind == PathOption::Kind::Upstream;
        at = forced ? option.network : choose(at, mix(session.network, at, salt));
        chain_.push_back(at);
        if (at == session.network)
            meets_peer_ = true;
        else if (chance(mix(session.network, at), kShortcutPercent) && salt < kFirstDetour)
            return;
    }
}

/// From the peer to the last network of the chain.
void Paths::descend(const Session& session, NetworkIndex network, unsigned salt) {
    path_.assign(1, session.asn.value);
    const NetworkIndex last = chain_.back();
    if (meets_peer_ || !internet_.networks()[last].upstreams.empty()) return;
    if (internet_.networks()[session.network].upstreams.empty()) return;
    const NetworkIndex up = choose(session.network, mix(session.network, network, salt));
    if (up == last) return;
    path_.push_back(asn(up));
    for (unsigned i = 0; salt >= kFirstDetour && i <= (salt - kFirstDetour) % 3; ++i) {
        const NetworkIndex detour = scaled(mix(session.network, network, salt, i), kTopCount);
        const std::uint32_t number = asn(detour);
        if (detour != last && std::ranges::find(path_, number) == path_.end())
            path_.push_back(number);
    }
}

std::span<const std::uint32_t> Paths::path(const Session& session, NetworkIndex network,
                                           Cell cell) {
    climb(session, network, cell);
    descend(session, network, cell & 0xFFU);
    const auto skip = static_cast<std::ptrdiff_t>(meets_peer_ ? 1 : 0);
    for (auto hop = chain_.rbegin() + skip; hop != chain_.rend(); ++hop) path_.push_back(asn(*hop));
    // One network in twenty repeats its number, as people do to make a path less attractive.
    if (mix(chain_.front(), 7) % 20 == 0) path_.insert(path_.end(), 2, path_.back());
    return path_;
}

}  // namespace dimout::scenario
