#include "scenario/blocks.h"

#include <algorithm>

namespace dimout::scenario {
namespace {

/// The `number`-th prefix of `length` bits within `prefix`.
Prefix part(const Prefix& prefix, unsigned length, std::uint64_t number) {
    Address address = prefix.address();
    if (length <= 64)
        address.hi += number << (64 - length);
    else
        address.lo += number << (128 - length);
    return Prefix::make(address, length);
}

}  // namespace

std::vector<Prefix> cut(const Prefix& prefix, const std::vector<Pieces>& pieces) {
    if (pieces.empty()) return {prefix};
    std::vector<Prefix> parts;
    for (const Pieces& piece : pieces) {
        for (unsigned i = 0; i < piece.count; ++i) parts.push_back(part(prefix, piece.length, i));
    }
    return parts;
}

bool belongs(const Prefix& prefix, Asn origin, CountryCode country, const Entity& entity) {
    switch (entity.kind) {
        case Entity::Kind::Country: return country == entity.country;
        case Entity::Kind::Asn: return origin == entity.asn;
        case Entity::Kind::AsnCountry: return origin == entity.asn && country == entity.country;
        case Entity::Kind::Prefix: return entity.prefix.covers(prefix);
        case Entity::Kind::Continent:
        case Entity::Kind::Region:
        case Entity::Kind::Group: return false;
    }
    return false;
}

std::size_t count_prefixes(const Scenario& scenario, const Entity& entity) {
    std::size_t count = 0;
    for (const Block& block : scenario.blocks) {
        for (const Prefix& prefix : cut(block.prefix, block.pieces)) {
            count += belongs(prefix, block.origin, block.country, entity) ? 1 : 0;
        }
    }
    return count;
}

const Block* block_around(const Scenario& scenario, const Prefix& prefix) {
    const Block* best = nullptr;
    for (const Block& block : scenario.blocks) {
        if (!block.prefix.covers(prefix)) continue;
        if (best == nullptr || best->prefix.length < block.prefix.length) best = &block;
    }
    return best;
}

}  // namespace dimout::scenario
