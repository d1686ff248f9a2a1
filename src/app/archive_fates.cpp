#include "app/archive_fates.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>

#include "app/progress.h"
#include "app/route_ledger.h"
#include "app/stop.h"
#include "decode/decoder.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

/// Which routes a pass follows; `path` is kNone for what is withdrawn.
using Wanted = std::function<bool(const RouteKey&, HopsTable::Id path)>;

/// Writes what goes by into a ledger.
class Scribe final : public decode::RouteSink {
public:
    Scribe(RouteLedger& ledger, HopsTable& paths, Wanted wanted)
        : ledger_(ledger), paths_(paths), wanted_(std::move(wanted)) {}

private:
    void on_update(const decode::Update& update) override {
        update.for_each_withdrawn([&](const Prefix& prefix, std::uint32_t identifier) {
            ledger_.withdraw({prefix, identifier, update.peer}, update.time);
        });
        if (!update.announces()) return;
        const HopsTable::Id path = paths_.id_of(update.path());
        update.for_each_announced([&](const Prefix& prefix, std::uint32_t identifier) {
            const RouteKey key{prefix, identifier, update.peer};
            if (ledger_.knows(key) || wanted_(key, path)) ledger_.announce(key, update.time, path);
        });
    }

    void on_dump_row(const decode::DumpRow& row) override {
        const RouteKey key{row.prefix, row.path_identifier, row.peer};
        const HopsTable::Id path = paths_.id_of(row.path());
        if (ledger_.knows(key) || wanted_(key, path)) ledger_.dump(key, row.time, path);
    }

    void on_state(const decode::StateChange& change) override {
        if (change.new_state != decode::kEstablished) ledger_.peer_down(change.peer, change.time);
    }

    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}

    RouteLedger& ledger_;
    HopsTable& paths_;
    Wanted wanted_;
};

class FateReader {
public:
    FateReader(const FateQuestion& question, const EntityMap& map)
        : question_(question), belonging_(question.entity, map) {}

    Result<Fates> read() {
        RouteLedger asked(question_.window);
        auto first = pass(asked, [&](const RouteKey& key, HopsTable::Id path) {
            if (!belonging_.has(key.prefix, origin_of(path))) return false;
            asked_prefixes_.insert(key.prefix);
            return true;
        });
        if (!first) return std::unexpected(first.error());
        asked.for_each([&](const RouteKey& key, const RouteStory& story) { ask(key, story); });
        fates_.peers_gone = asked.gone().size();
        country_ = belonging_.home_of(asked_prefixes_);
        if (fates_.asked.empty()) return std::move(fates_);
        suspicion_ = Suspicion(fates_.asked);
        RouteLedger others(question_.window);
        auto second = pass(others, [&](const RouteKey& key, HopsTable::Id path) {
            return !asked_prefixes_.contains(key.prefix) &&
                   (concerns(path) || is_countryman(key.prefix, path));
        });
        if (!second) return std::unexpected(second.error());
        gather_others(others);
        return std::move(fates_);
    }

private:
    /// Peers get the same numbers in each pass, since the records are the same.
    Result<void> pass(RouteLedger& ledger, Wanted wanted) {
        auto archive = source::Archive::open(question_.archive, {.collector = question_.collector,
                                                                 .from = question_.window.from,
                                                                 .until = question_.window.until});
        if (!archive) return std::unexpected(archive.error());
        peers_ = {};
        decode::Decoder decoder(peers_);
        Scribe scribe(ledger, paths_, std::move(wanted));
        Progress progress(++passes_ == 1 ? "routes asked about" : "routes beside them",
                          question_.quiet);
        Frame frame;
        while (archive->next(frame)) {
            if (stop_requested()) return fail("stopped before the archive was read.");
            decoder.decode(frame, scribe);
            const source::ArchiveProgress read = archive->progress();
            progress.show({.bytes_done = read.bytes_read,
                           .bytes_total = read.bytes_total,
                           .records = read.records,
                           .position = frame.time});
        }
        for (const InputError& error : decoder.errors().first()) archive->add_error(error);
        fates_.errors.clear();
        for (const auto& [code, entry] : archive->errors().by_code()) {
            for (const InputError& error : entry.first)
                fates_.errors.push_back(archive->describe(error));
        }
        return {};
    }

    [[nodiscard]] depend::RouteFate fate_of(const RouteKey& key, const RouteStory& story) const {
        const Peer& peer = peers_.peer(key.peer);
        return {.peer = peer.asn,
                .collector = peer.collector,
                .prefix = key.prefix,
                .before = paths_.hops(story.before),
                .after = paths_.hops(story.now),
                .changed = story.changed};
    }

    void ask(const RouteKey& key, RouteStory story) {
        if (story.before == HopsTable::kNone && story.now == HopsTable::kNone) {
            story.before = story.heard;
            ++fates_.heard_late;
        }
        fates_.asked.push_back(fate_of(key, story));
    }

    [[nodiscard]] Asn origin_of(HopsTable::Id path) const {
        const depend::Hops& hops = paths_.hops(path);
        return hops.empty() ? Asn{} : hops.back();
    }

    [[nodiscard]] bool concerns(HopsTable::Id path) {
        const auto known = concerns_.find(path);
        if (known != concerns_.end()) return known->second;
        return concerns_[path] = suspicion_.concerns(paths_.hops(path));
    }

    [[nodiscard]] bool is_countryman(const Prefix& prefix, HopsTable::Id path) {
        if (country_.none() || path == HopsTable::kNone) return false;
        const auto [at, is_new] = countrymen_.try_emplace(prefix, false);
        if (is_new) at->second = belonging_.in_country(prefix, country_);
        if (at->second) fates_.countrymen.insert(paths_.hops(path).back());
        return at->second;
    }

    /// Routes of one peer that went one way are one, with the first of their prefixes.
    void gather_others(const RouteLedger& ledger) {
        std::map<std::tuple<PeerId, HopsTable::Id, HopsTable::Id>, std::size_t> voices;
        ledger.for_each([&](const RouteKey& key, const RouteStory& story) {
            if (story.before == HopsTable::kNone && story.now == HopsTable::kNone) return;
            const auto [at, is_new] =
                voices.try_emplace({key.peer, story.before, story.now}, fates_.others.size());
            if (is_new) {
                fates_.others.push_back(fate_of(key, story));
            } else {
                auto& changed = fates_.others[at->second].changed;
                changed = std::min(changed, story.changed);
            }
        });
        for (const depend::RouteFate& fate : fates_.asked) {
            if (!fate.before.empty()) fates_.countrymen.erase(fate.before.back());
        }
    }

    const FateQuestion& question_;
    Belonging belonging_;
    decode::PeerTable peers_;
    HopsTable paths_;
    std::set<Prefix> asked_prefixes_;
    CountryCode country_{};
    Suspicion suspicion_;
    unsigned passes_ = 0;
    std::unordered_map<HopsTable::Id, bool> concerns_;
    std::unordered_map<Prefix, bool> countrymen_;
    Fates fates_;
};

}  // namespace

Result<Fates> read_fates(const FateQuestion& question, const EntityMap& map) {
    return FateReader(question, map).read();
}

}  // namespace dimout::app
