// Who owns what on a date: all country sources, groups and names joined into one EntityMap.
//
// The registries' own files come first (per registry the nearest earlier one), range lists and mmdb
// fill what those leave open, and without any of them the table embedded at build time stands in
// and says so. A country whose registry is missing is unknown, which is not the same as having
// nothing. Loading the five registries of one date costs about 0.1 s and 10 MB.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/entity_map.h"
#include "registry/provenance.h"
#include "registry/ranges.h"

namespace dimout::registry {

struct Options {
    /// Files or folders, told apart by content: delegated statistics (plain or gz), `start,end,CC`
    /// range lists, mmdb, AS names. Empty: the cache folder, then the embedded table.
    std::vector<std::filesystem::path> paths;
    EventTime date;  ///< The event's date; decides among snapshots.
    std::optional<std::filesystem::path>
        groups_file;  ///< The user's groups and followed prefixes (TOML).
    std::span<const std::string_view> other_keys{};  ///< Of that file, which somebody else reads.
    std::vector<Prefix> followed;                    ///< Followed in addition to the file's.
    std::optional<std::filesystem::path> cache_dir;  ///< `$XDG_CACHE_HOME/dimout/registry`.
};

/// Immutable after `load`; any number of threads may ask.
class Registry final : public EntityMap {
public:
    [[nodiscard]] static Result<Registry> load(const Options& options);

    Registry(Registry&&) noexcept;
    Registry& operator=(Registry&&) noexcept;
    ~Registry() override;

    void countries_of(const Prefix& prefix, std::vector<CountryRun>& runs) const override;
    void groups_of(const Prefix& prefix, Asn origin,
                   std::vector<std::uint32_t>& groups) const override;
    [[nodiscard]] const std::vector<std::string>& groups() const override;
    [[nodiscard]] const std::vector<Prefix>& followed() const override;
    [[nodiscard]] CountryCode continent_of(CountryCode country) const override;

    /// False when the registry that serves `country` is missing: its counts are `null`, not 0.
    [[nodiscard]] bool known(CountryCode country) const;
    /// The countries for which `known` is false, by code. Their addresses are nobody's in
    /// `countries_of`.
    [[nodiscard]] std::vector<CountryCode> unknown_countries() const;
    /// Why `known` is false, for people: `no registry file of ARIN`. Empty when it is known.
    [[nodiscard]] std::string why_unknown(CountryCode country) const;
    /// What the registries' own files say that each country holds, by code, announced or not. Only
    /// countries that are served by a registry whose file was read.
    [[nodiscard]] std::span<const CountrySize> registered() const;
    /// What the first range list or mmdb says, the embedded one included, and which that is; empty
    /// without one.
    [[nodiscard]] std::span<const CountrySize> listed() const;
    /// Where the number was registered; none when no file says.
    [[nodiscard]] CountryCode country_of(Asn asn) const;
    /// Empty when no names were given or the number has none.
    [[nodiscard]] std::string_view as_name(Asn asn) const;
    /// For people: `North Korea`, `Asia`, `AS131279 STAR-KP`, `175.45.176.0/22`.
    [[nodiscard]] std::string display_name(const Entity& entity) const;
    /// Whether a group may be shown to others; groups are private unless their owner says
    /// otherwise.
    [[nodiscard]] bool is_public(std::uint32_t group) const;

    [[nodiscard]] const Provenance& provenance() const;

private:
    struct Tables;
    explicit Registry(std::unique_ptr<const Tables> tables);

    std::unique_ptr<const Tables> tables_;
};

}  // namespace dimout::registry
