#include "assess/artifact.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimout::assess {
namespace {

using Kind = HealthEvent::Kind;

/// A session's end shows in the number of observers at once; a new voter set two bins later.
constexpr std::chrono::seconds kFeltWithin = 3 * kBinWidth;
constexpr std::uint32_t kForgottenAfter = 72;
constexpr std::size_t kNamedPeers = 3;

const std::string kNobody;

bool suffers(const Coverage& coverage) {
    return coverage.unhealthy > 0 || coverage.live < coverage.usual;
}
bool halved(const Coverage& coverage) {
    return coverage.usual > 1 && coverage.live * 2 <= coverage.usual;
}

std::string few_left(const Coverage& coverage, std::string_view family) {
    return fmt::format("{} of the usual {} full-feed networks were heard ({})", coverage.live,
                       coverage.usual, family);
}

}  // namespace

void ArtifactWatch::add(const BinAlerts& bin, std::vector<Outage>& revisions) {
    for (auto& [who, trouble] : open_) ++trouble.quiet_bins;
    const bool felt = suffers(bin.v4) || suffers(bin.v6);
    recent_.insert(recent_.end(), bin.health.begin(), bin.health.end());
    std::erase_if(recent_, [&](const HealthEvent& event) {
        const bool of_collector =
            event.kind == Kind::CollectorSilent || event.kind == Kind::CollectorBack;
        if (felt || of_collector) apply(event, bin);
        return felt || of_collector || event.time + kFeltWithin < bin.bin.start();
    });
    count_observers(bin);

    for (auto& [who, trouble] : open_) {
        const bool over = !trouble.silent && trouble.quiet_bins > 0 &&
                          (!felt || trouble.quiet_bins >= kForgottenAfter);
        const std::string note = over ? trouble.told.note : describe(trouble, bin);
        if (!over && note == trouble.told.note) continue;
        trouble.told.note = note;
        ++trouble.told.revision;
        trouble.told.known_at = bin.known_at;
        if (over)
            trouble.told.end = {
                .best = bin.bin.start(), .lo = bin.bin.start(), .hi = bin.bin.end()};
        revisions.push_back(trouble.told);
    }
    std::erase_if(open_, [](const auto& entry) { return entry.second.told.end.has_value(); });
}

void ArtifactWatch::apply(const HealthEvent& event, const BinAlerts& bin) {
    const std::string who = names_->collector(event.collector);
    if (event.kind == Kind::CollectorBack) {
        const auto found = open_.find(who);
        if (found != open_.end()) found->second.silent = false;
        return;
    }
    open(who, event.collector, event.time, bin);
    Trouble& trouble = open_.at(who);
    trouble.quiet_bins = 0;
    if (event.kind == Kind::CollectorSilent) {
        trouble.silent = true;
    } else {
        trouble.peers.insert(event.peer);
    }
}

void ArtifactWatch::count_observers(const BinAlerts& bin) {
    if (!halved(bin.v4) && !halved(bin.v6)) return;
    const bool named = std::ranges::any_of(
        open_, [](const auto& entry) { return entry.second.collector.has_value(); });
    if (!named) open(kNobody, std::nullopt, bin.bin.start(), bin);
    for (auto& [who, trouble] : open_) trouble.quiet_bins = 0;
}

void ArtifactWatch::open(const std::string& who, std::optional<CollectorId> collector,
                         EventTime time, const BinAlerts& bin) {
    const auto [place, added] = open_.try_emplace(who);
    if (!added) return;
    Trouble& trouble = place->second;
    trouble.collector = collector;
    Outage& told = trouble.told;
    told.entity = Entity::of_group(who.empty() ? "observatory" : "observatory." + who);
    told.id = outage_id(told.entity, bin.bin);
    told.revision = 0;
    told.state = OutageState::Artifact;
    told.start = {.best = time, .lo = time, .hi = time + std::chrono::seconds(1)};
    told.observers = {
        .live_full_feed_asns = bin.v4.live, .usual = bin.v4.usual, .collectors = bin.v4.collectors};
    told.signals = {"bgp"};
    told.label = "unconfirmed";
}

std::string ArtifactWatch::describe(const Trouble& trouble, const BinAlerts& bin) const {
    if (!trouble.collector) {
        // Said once, of the bin in which it began.
        if (!trouble.told.note.empty()) return trouble.told.note;
        return halved(bin.v4) ? few_left(bin.v4, "IPv4") : few_left(bin.v6, "IPv6");
    }
    const std::string collector = names_->collector(*trouble.collector);
    std::string note = trouble.silent ? collector + " fell silent" : trouble.told.note;
    if (trouble.peers.empty() || trouble.silent) return note;
    note = collector + " lost, or had to rebuild, ";
    std::size_t named = 0;
    for (const PeerId peer : trouble.peers) {
        if (named == kNamedPeers) break;
        note += (named++ == 0 ? "" : ", ") + names_->peer(peer);
    }
    if (trouble.peers.size() > named)
        note += fmt::format(" and {} more", trouble.peers.size() - named);
    return note;
}

}  // namespace dimout::assess
