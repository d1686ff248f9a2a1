#include "app/own_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sort_distinct.h"
#include "present/clock_text.h"

namespace dimout::app {
namespace {

/// So many observers are named, and so many prefixes have a line.
constexpr std::size_t kNamed = 6;
constexpr std::size_t kMostLines = 20;

/// "all 1,024 IPv4 addresses", "3 of 4 IPv6 /48s"; empty when nobody ever announced any.
std::string seen(const VisibilityLevel& level, std::string_view units) {
    if (level.known == 0) return {};
    const std::uint64_t now = level.addresses[kHalfVisible];
    return now == level.known ? fmt::format("all {} {}", present::thousands(now), units)
                              : fmt::format("{} of {} {}", present::thousands(now),
                                            present::thousands(level.known), units);
}

/// On the average of its addresses.
std::string seen_by(const VisibilityLevel& level, const Coverage& coverage) {
    return fmt::format("seen by {} of {}", (level.votes + level.known / 2) / level.known,
                       coverage.live);
}

}  // namespace

bool OwnView::is_own(const Entity& entity) const {
    switch (entity.kind) {
        case Entity::Kind::Group: return true;
        case Entity::Kind::Prefix:
            return std::ranges::find(followed_, entity.prefix) != followed_.end();
        case Entity::Kind::Country: return entity.country == country_;
        default: return false;
    }
}

void OwnView::add(const VisibilityBin& bin, const store::RunFacts& facts) {
    bin_ = bin.bin;
    v4_ = bin.v4;
    v6_ = bin.v6;
    for (const EntityBin& row : bin.changed) {
        if (is_own(row.entity)) levels_[row.entity] = {row.v4, row.v6};
    }
    whole_tables_.clear();
    for (const store::PeerRow& peer : facts.peers) {
        if (peer.full_feed) whole_tables_.push_back(peer.asn);
    }
    sort_distinct(whole_tables_);
}

std::string OwnView::line_of(const Entity& entity, const Levels& levels) const {
    if (entity.kind == Entity::Kind::Prefix) {
        const bool v4 = entity.prefix.family == Family::v4;
        const VisibilityLevel& level = v4 ? levels.v4 : levels.v6;
        return fmt::format("{}: {}", to_string(entity.prefix),
                           level.known == 0 ? "not announced" : seen_by(level, v4 ? v4_ : v6_));
    }
    std::string text = seen(levels.v4, "IPv4 addresses");
    const std::string v6 = seen(levels.v6, "IPv6 /48s");
    if (!text.empty() && !v6.empty()) text += " and ";
    text += v6;
    return fmt::format("{}: {} seen", to_string(entity), text.empty() ? "nothing is" : text);
}

std::string OwnView::observers() const {
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamed, whole_tables_.size()); ++i)
        names += fmt::format("{}AS{}", i == 0 ? "" : ", ", whole_tables_[i].value);
    if (whole_tables_.size() > kNamed)
        names += fmt::format(" and {} more", whole_tables_.size() - kNamed);
    const Coverage& coverage = v4_.live >= v6_.live ? v4_ : v6_;
    return fmt::format(
        "{} of the usual {} networks with a whole table look on, at {} collector{}: "
        "{}",
        coverage.live, coverage.usual, coverage.collectors, coverage.collectors == 1 ? "" : "s",
        names);
}

std::vector<std::string> OwnView::lines() const {
    const std::string when = "at " + present::utc_text(bin_.end());
    if (!is_watched()) return {when + ": nobody with a whole table is heard, so nothing is known."};
    std::vector<std::string> lines{when + ": " + observers() + "."};
    std::size_t left_out = 0;
    for (const auto& [entity, levels] : levels_) {
        if (lines.size() > kMostLines)
            ++left_out;
        else
            lines.push_back("  " + line_of(entity, levels) + ".");
    }
    if (left_out > 0) lines.push_back(fmt::format("  and {} more.", left_out));
    return lines;
}

}  // namespace dimout::app
