// Which entities a piece of address space belongs to, as one small handle.
//
// A table of half a million prefixes has some 70,000 distinct sets {country, origins, origins
// within the country, groups}. Whatever happens to a prefix is counted once for its set, and each
// set's sums are given to its entities at the seal.
#pragma once

#include <span>
#include <vector>

#include "base/handle_table.h"
#include "signal/entity_key.h"

namespace dimout::signal {

enum class SetId : std::uint32_t {};
inline constexpr SetId kNoSet{0xFFFF'FFFF};

[[nodiscard]] constexpr std::uint32_t index(SetId id) { return static_cast<std::uint32_t>(id); }

class EntitySets {
public:
    explicit EntitySets(const EntityMap& map) : map_(map) {}

    /// The set of exactly these entities, in any order, with doubles.
    [[nodiscard]] SetId intern(std::vector<EntityKey>& keys);
    [[nodiscard]] std::span<const EntityKey> entities(SetId id) const {
        const Range range = ranges_[index(id)];
        return std::span(keys_).subspan(range.begin, range.count);
    }
    [[nodiscard]] std::size_t size() const { return ranges_.size(); }

    /// Groups and origins of `prefix`, without countries.
    [[nodiscard]] SetId without_country(const Prefix& prefix, std::span<const Asn> origins);
    /// The same with the country `code`, if it is one.
    [[nodiscard]] SetId in_country(const Prefix& prefix, std::span<const Asn> origins,
                                   CountryCode code);
    /// What a split prefix adds for the part in `code`: the country, and the origins within it.
    [[nodiscard]] SetId country_only(std::span<const Asn> origins, CountryCode code);
    [[nodiscard]] SetId followed_only(std::size_t place);
    /// All entities that a part of `prefix` belongs to, followed prefixes included.
    [[nodiscard]] SetId whole(const Prefix& prefix, std::span<const Asn> origins,
                              std::span<const CountryRun> runs);

    /// Appends the places of the followed prefixes that overlap `prefix`.
    void followed_by(const Prefix& prefix, std::vector<std::size_t>& places) const;

private:
    struct Range {
        std::uint32_t begin = 0;
        std::uint32_t count = 0;
    };

    void remember(std::uint64_t hash, SetId id);
    void add_origins(const Prefix& prefix, std::span<const Asn> origins);
    void add_country(std::span<const Asn> origins, CountryCode code);

    const EntityMap& map_;
    std::vector<EntityKey> keys_;
    std::vector<Range> ranges_;
    HandleTable table_;
    std::vector<EntityKey> scratch_;
    std::vector<std::uint32_t> groups_;
    std::vector<std::size_t> places_;
};

}  // namespace dimout::signal
