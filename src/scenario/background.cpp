// The part of Internet that is invented: edge networks, what they were given and what they
// announce.
#include <algorithm>
#include <numeric>

#include "scenario/internet.h"

namespace dimout::scenario {
namespace {

/// Lengths of allocations: most are small.
constexpr std::array<unsigned, 12> kAllocationLengths{16, 17, 18, 19, 19, 20,
                                                      20, 21, 21, 22, 22, 22};

const Country& draw_country(Random& random) {
    const auto all = countries();
    const unsigned total =
        std::accumulate(all.begin(), all.end(), 0U,
                        [](unsigned sum, const Country& country) { return sum + country.weight; });
    unsigned draw = random.below(total);
    std::size_t i = 0;
    while (draw >= all[i].weight) draw -= all[i++].weight;
    return all[i];
}

bool overlap(const Prefix& one, const Prefix& other) {
    return one.covers(other) || other.covers(one);
}

/// A more-specific of `block`: mostly a /24, at a random place.
Prefix draw_inside(const Prefix& block, Random& random) {
    const unsigned length = random.percent(70) ? 24 : random.between(block.length + 1U, 24);
    const unsigned bits = length - block.length;
    const std::uint32_t place = random.below(1U << bits) << (32 - length);
    return Prefix::make(Address::v4(block.address().v4_word() | place), length);
}

}  // namespace

bool Internet::is_taken(const Prefix& prefix) const {
    return std::ranges::any_of(taken_, [&](const Prefix& block) { return overlap(block, prefix); });
}

/// The next free block of a registry's space, in one of its /8s.
Prefix Internet::allocate(const Country& country, unsigned length) {
    const auto slash8s = slash8s_of(country.rir);
    const std::uint32_t size = 1U << (32 - length);
    while (true) {
        const std::uint32_t top =
            slash8s[random_.below(static_cast<std::uint32_t>(slash8s.size()))];
        // The first /16 of each /8 stays empty: some of them are special (RFC 6890).
        auto& next = next_free_.try_emplace(top, 1U << 16).first->second;
        const std::uint32_t start = (next + size - 1) & ~(size - 1);
        if (start + size > 1U << 24) continue;
        next = start + size;
        const Prefix prefix = Prefix::make(Address::v4(top << 24 | start), length);
        if (!is_taken(prefix)) return prefix;
    }
}

Prefix Internet::allocate_v6(const Country& country) {
    const std::uint32_t top = v6_top_of(country.rir);
    while (true) {
        const std::uint64_t number = next_free_v6_.try_emplace(top, 0x100U).first->second++;
        const Prefix prefix =
            Prefix::make(Address::v6(std::uint64_t{top} << 48 | number << 32, 0), 32);
        if (!is_taken(prefix)) return prefix;
    }
}

/// A customer of `provider`, or of one or two carriers when that is one of the top.
NetworkIndex Internet::add_edge_network(const Country& country, NetworkIndex provider) {
    std::vector<NetworkIndex> upstreams{provider};
    if (networks_[provider].upstreams.empty()) upstreams = some_of(transit_, random_.between(1, 2));
    while (by_asn_.contains({next_edge_asn_})) ++next_edge_asn_;
    return add_network({next_edge_asn_++}, country.code, std::move(upstreams));
}

/// An aggregate with more-specifics (some of them a customer's), equal parts, or the block as it
/// is.
void Internet::announce_allocation(const Prefix& allocation, NetworkIndex network,
                                   unsigned wanted) {
    const unsigned style = random_.below(100);
    const unsigned limit = count_v4_ + wanted;
    if (style >= 60 && style < 85) {
        const unsigned bits = std::min(random_.between(1, 3), 24U - allocation.length);
        for (std::uint32_t i = 0; i < 1U << bits && count_v4_ < limit; ++i) {
            const std::uint32_t word =
                allocation.address().v4_word() | i << (32 - allocation.length - bits);
            add_route(Prefix::make(Address::v4(word), allocation.length + bits), network, false,
                      true);
        }
        return;
    }
    add_route(allocation, network, false, true);
    if (style >= 85) return;
    std::vector<Prefix> inside;
    const Country& country = *find_country(networks_[network].country);
    const unsigned count = random_.between(1, 1U << std::min(24U - allocation.length, 3U));
    for (unsigned i = 0; i < count && count_v4_ < limit; ++i) {
        const Prefix prefix = draw_inside(allocation, random_);
        if (std::ranges::any_of(inside, [&](const Prefix& other) { return other == prefix; }))
            continue;
        inside.push_back(prefix);
        add_route(prefix, random_.percent(25) ? add_edge_network(country, network) : network, false,
                  true);
    }
}

void Internet::add_edge(unsigned wanted) {
    const Country& country = draw_country(random_);
    const NetworkIndex network = add_edge_network(country, top_.front());
    const unsigned limit = count_v4_ + wanted;
    for (unsigned blocks = random_.between(1, 3); blocks > 0 && count_v4_ < limit; --blocks) {
        const unsigned length = kAllocationLengths[random_.below(kAllocationLengths.size())];
        const Prefix allocation = allocate(country, length);
        delegations_.push_back({.country = country.code, .prefix = allocation});
        announce_allocation(allocation, network, limit - count_v4_);
    }
}

/// A /32 for a network of the edge, or for a new one, with some /48s of it.
void Internet::add_edge_v6(unsigned wanted) {
    const Country& country = draw_country(random_);
    const NetworkIndex network = add_edge_network(country, top_.front());
    const Prefix allocation = allocate_v6(country);
    const unsigned limit = count_v6_ + wanted;
    delegations_.push_back({.country = country.code, .prefix = allocation});
    add_route(allocation, network, false, true);
    for (std::uint64_t i = random_.below(4); i > 0 && count_v6_ < limit; --i) {
        add_route(Prefix::make(Address::v6(allocation.hi | i << 16, 0), 48), network, false, true);
    }
}

void Internet::add_background(const Background& background) {
    while (count_v4_ < background.prefixes) add_edge(background.prefixes - count_v4_);
    while (count_v6_ < background.prefixes_v6) add_edge_v6(background.prefixes_v6 - count_v6_);
}

}  // namespace dimout::scenario
