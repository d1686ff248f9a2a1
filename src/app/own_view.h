// Whether one's own networks are there, and who says so: what a person wants to see who has just
// started a daemon.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/entity.h"
#include "model/visibility_bin.h"
#include "store/rows.h"

namespace dimout::app {

class OwnView {
public:
    /// Groups are always one's own.
    OwnView(std::vector<Prefix> followed, std::optional<CountryCode> country)
        : followed_(std::move(followed)), country_(country) {}

    /// Bins in their order; `facts` name the peers.
    void add(const VisibilityBin& bin, const store::RunFacts& facts);
    /// Whether anybody with a whole table is heard.
    [[nodiscard]] bool is_watched() const { return v4_.live > 0 || v6_.live > 0; }
    /// "group/mine: all 1,024 IPv4 addresses are seen", and who looks on; lines of the newest bin.
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    struct Levels {
        VisibilityLevel v4;
        VisibilityLevel v6;
    };
    [[nodiscard]] bool is_own(const Entity& entity) const;
    [[nodiscard]] std::string line_of(const Entity& entity, const Levels& levels) const;
    [[nodiscard]] std::string observers() const;

    std::vector<Prefix> followed_;
    std::optional<CountryCode> country_;
    std::map<Entity, Levels> levels_;
    Bin bin_{};
    Coverage v4_;
    Coverage v6_;
    std::vector<Asn> whole_tables_;  ///< Who has one, sorted.
};

}  // namespace dimout::app
