#include "store/made_up.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "store/canonical.h"

namespace dimout::store {
namespace {

constexpr std::size_t kEntities = 12;

/// This process's own folder, gone with it. In memory when there is such a place: thousands of
/// fsyncs to a real disk are minutes, and the simulated disk forgets as well in memory.
struct WorkFolder {
    std::filesystem::path path =
        std::filesystem::path(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") /
        ("dimout-store-" + std::to_string(::getpid()));
    WorkFolder() { std::filesystem::create_directories(path); }
    ~WorkFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

Entity entity_at(std::size_t i) {
    switch (i % 4) {
        case 0: return Entity::of_country(CountryCode::of('A', static_cast<char>('A' + i)));
        case 1: return Entity::of_asn(Asn{static_cast<std::uint32_t>(64500 + i)});
        case 2:
            return Entity::of_asn_country(Asn{static_cast<std::uint32_t>(64500 + i)},
                                          CountryCode::of('A', 'A'));
        default: return Entity::of_group("group-" + std::to_string(i));
    }
}

/// Dark from bin 6 to bin 12 when it is the first, else slowly wandering.
VisibilityLevel level_of(std::size_t entity, std::size_t bin) {
    VisibilityLevel level;
    if (entity == 0 && bin >= 6 && bin < 12) {
        level.known = 1024;
        return level;
    }
    for (std::size_t i = 0; i < 5; ++i) {
        level.addresses[i] = 1024 * (entity + 1) - i * (bin % (entity + 2));
        level.blocks[i] = level.addresses[i] / 256;
        level.addresses_any_cover[i] = level.addresses[i] + entity;
        level.blocks_any_cover[i] = level.blocks[i] + entity % 2;
    }
    level.votes = level.addresses[0] * 3;
    level.carried = level.addresses[1];
    level.known = 1024 * (entity + 1);
    return level;
}

EntityBin entity_bin(std::size_t entity, std::size_t bin) {
    EntityBin row{.entity = entity_at(entity),
                  .v4 = level_of(entity, bin),
                  .v6 = {},
                  .churn = {},
                  .transitions = {}};
    if (entity % 3 == 0) row.v6 = level_of(entity + 1, bin);
    row.churn.announcements = bin % 3;
    row.churn.flaps = entity == 0 && bin == 6 ? 4 : 0;
    return row;
}

/// An entity moves in its own rhythm; the last one came once and left for good.
bool changes(std::size_t entity, std::size_t bin) {
    if (entity == kEntities - 1) return bin == 2 || bin == 3;
    return bin == 0 || bin % (entity + 2) == 0 || (entity == 0 && (bin == 6 || bin == 12));
}

}  // namespace

std::string fresh_folder(const std::string& name) {
    static const WorkFolder work;
    const auto path = work.path / name;
    std::filesystem::remove_all(path);
    return path.string();
}

Bin MadeUpRun::bin_at(std::size_t i) {
    return {Bin::of(*parse_time("2014-12-22T22:30:00Z")).index + static_cast<std::int64_t>(i)};
}

VisibilityBin MadeUpRun::bin(std::size_t i) {
    VisibilityBin made{.bin = bin_at(i),
                       .keyframe = i == 0,
                       .unwatched_since = {},
                       .known_at = bin_at(i).end() + std::chrono::seconds{60},
                       .v4 = {3, 3, 2, 0},
                       .v6 = {1, 1, 1, 0},
                       .changed = {},
                       .health = {}};
    if (i == 20) made.v4 = {0, 3, 0, 0};
    for (std::size_t entity = 0; entity < kEntities; ++entity) {
        if (!changes(entity, i)) continue;
        EntityBin row = entity_bin(entity, i);
        if (entity == kEntities - 1 && i == 3) row.v4 = {};
        made.changed.push_back(row);
    }
    if (i == 20) {
        made.health.push_back(
            {HealthEvent::Kind::CollectorSilent, CollectorId{1}, PeerId{}, bin_at(i).start()});
        made.health.push_back(
            {HealthEvent::Kind::PeerReset, CollectorId{0}, PeerId{2}, bin_at(i).start()});
    }
    return made;
}

RunFacts MadeUpRun::facts() {
    const auto address = [](const char* text) { return *parse_address(text); };
    return {.collectors = {"rrc00", "route-views2"},
            .peers = {{"route-views2", address("192.0.2.9"), Asn{64511}, true, false},
                      {"route-views2", address("192.0.2.1"), Asn{64500}, false, true},
                      {"rrc00", address("2001:db8::1"), Asn{64501}, false, true}},
            .registry = {"apnic 2014-12-20, 2 days before", "country map \"fallback\", 2014"},
            .inputs = {"made-up"}};
}

std::vector<Sample> MadeUpRun::samples(std::size_t i) {
    std::vector<Sample> samples;
    const auto add = [&](const Entity& entity, const char* signal, std::int64_t width) {
        Sample one{.entity = entity,
                   .signal = signal,
                   .from = bin_at(i).end() - std::chrono::seconds{width},
                   .width = std::chrono::seconds{width},
                   .value = static_cast<double>(i % 7) + 0.1};
        if (i % 5 == 3) one.value.reset();
        samples.push_back(std::move(one));
    };
    if (i == 9) return {};  // Missing is not zero.
    add(entity_at(0), "traffic.requests", kBinWidth.count());
    if (i % 12 == 5) add(entity_at(1), "probe.replies", 3600);
    add(entity_at(1), "traffic.requests", kBinWidth.count());
    return samples;
}

std::vector<Outage> MadeUpRun::outages(std::size_t i) {
    if (i != 7 && i != 13) return {};
    Outage outage;
    outage.entity = entity_at(0);
    outage.id = outage_id(outage.entity, bin_at(6));
    outage.known_at = bin(i).known_at;
    outage.start = {bin_at(6).start(), bin_at(5).end(), bin_at(6).end()};
    outage.phases = {{Phase::Dark, bin_at(6).start(), std::nullopt}};
    outage.severity = {1.0, 3000, 512, 1024, 1024};
    outage.observers = {3, 3, 2};
    outage.signals = {"bgp"};
    outage.confidence = 2.0 / 3;
    outage.label = "unconfirmed";
    if (i == 13) {
        outage.revision = 2;
        outage.state = OutageState::Closed;
        outage.end = UncertainTime{bin_at(12).start(), bin_at(11).start(), bin_at(12).end()};
        outage.phases.back().until = bin_at(12).start();
    }
    return {outage};
}

PathBin MadeUpRun::paths(std::size_t i) {
    const auto path = [](const char* text) { return *parse_plain_path(text); };
    const auto session = [](std::size_t one) { return PeerId{static_cast<std::uint16_t>(one)}; };
    PathBin made{.bin = bin_at(i),
                 .paths = {path("64500 1 2"), path("64500 3 2"), path("64500 1 {7 8}")},
                 .tables = {},
                 .changes = {}};
    const bool opens_day = i == 0 || i == 18;
    for (std::size_t one = 0; one < 3; ++one) {
        if (!opens_day && !(i == 12 && one == 1)) continue;
        for (PathNumber number = 0; number < 3; ++number) {
            made.tables.push_back({.path = number,
                                   .session = session(one),
                                   .family = Family::v4,
                                   .full_feed = one > 0,
                                   .addresses = 1024 + 256 * one,
                                   .prefixes = 2 + number});
        }
    }
    if (i == 10) {
        made.changes.push_back({.time = bin_at(i).start() + std::chrono::seconds{7},
                                .prefix = {},
                                .session = session(1),
                                .session_ended = true});
    }
    if (i == 0 || i % 3 != 0) return made;
    const Prefix prefix = *parse_prefix("203.0.113.0/24");
    for (const auto& [before, after] : {std::pair{0U, 1U}, std::pair{1U, kNoPath}, {kNoPath, 0U}}) {
        made.changes.push_back({.time = bin_at(i).start() + std::chrono::seconds{before % 2},
                                .prefix = prefix,
                                .before = before,
                                .after = after,
                                .session = session(2),
                                .addresses = 256});
    }
    return made;
}

Result<void> MadeUpRun::replay(Writer& writer, const std::function<void(Bin)>& acknowledged) const {
    if (auto done = writer.describe(facts()); !done) return done;
    const Gap gap{CollectorId{1}, bin_at(20).start(), bin_at(21).end(),
                  "no file between 22:10 and 22:20"};
    for (std::size_t i = 0; i < bins_; ++i) {
        const auto with = with_samples_ ? samples(i) : std::vector<Sample>{};
        if (auto done = writer.append(bin(i), with); !done) return done;
        if (with_paths_) {
            if (auto done = writer.append(paths(i)); !done) return done;
        }
        for (const Outage& outage : outages(i)) {
            if (auto done = writer.append(outage); !done) return done;
        }
        if (i == 22) {
            if (auto done = writer.append(gap); !done) return done;
        }
        if (auto done = writer.commit(); !done) return done;
        acknowledged(bin_at(i));
    }
    return writer.close();
}

std::string exported(const std::string& folder) {
    auto reader = Reader::open(folder);
    if (!reader) return reader.error().message;
    std::string text;
    const auto done = export_all(*reader, [&](std::string_view part) { text += part; });
    return done ? text : done.error().message;
}

void fill(const std::string& folder, const MadeUpRun& run, const WriterOptions& options) {
    auto writer = Writer::open(folder, options);
    ASSERT_TRUE(writer) << writer.error().message;
    const auto done = run.replay(*writer);
    ASSERT_TRUE(done) << done.error().message;
}

}  // namespace dimout::store
