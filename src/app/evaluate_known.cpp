#include "app/evaluate_known.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "assess/onset.h"
#include "decode/decoder.h"
#include "scenario/embedded.h"
#include "scenario/simulate.h"
#include "source/archive.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

using evaluate::Section;
using std::chrono::seconds;

constexpr seconds kEdge{120};
constexpr double kAddressHours = 9745;

/// The phases that belong to one expected darkness, from the reports of its entity.
struct Relapse {
    TimeRange due;
    const Outage* told = nullptr;
    seconds start_error{};
    seconds end_error{};
};

std::optional<Relapse> find_dark(const std::vector<Outage>& outages, const TimeRange& due) {
    for (const Outage& outage : outages) {
        for (const PhaseSpan& span : outage.phases) {
            if (span.phase != Phase::Dark || !span.until) continue;
            if (span.from > due.until || *span.until < due.from) continue;
            // A darkness that may be told in pieces begins and ends with the outage's own bounds.
            const auto nearer = [](EventTime wanted, EventTime one, EventTime other) {
                return std::min(std::chrono::abs(one - wanted), std::chrono::abs(other - wanted));
            };
            const EventTime end = outage.end ? outage.end->best : *span.until;
            return Relapse{.due = due,
                           .told = &outage,
                           .start_error = nearer(due.from, span.from, outage.start.best),
                           .end_error = nearer(due.until, *span.until, end)};
        }
    }
    return std::nullopt;
}

std::string phases_text(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
        text += fmt::format("{}{} {}–{}", text.empty() ? "" : ", ", to_string(span.phase),
                            to_rfc3339(span.from).substr(5, 11),
                            span.until ? to_rfc3339(*span.until).substr(5, 11) : "");
    }
    return text;
}

bool in_order(const Outage& outage) {
    return std::ranges::is_sorted(outage.phases, {}, &PhaseSpan::from);
}

Section kp_section(const scenario::Scenario& scenario, const std::vector<Outage>& outages) {
    Section section{.title = "North Korea, December 2014 (reconstruction)",
                    .what =
                        "The scenario kp-2014, simulated, replayed, and compared with its own "
                        "text. A reconstruction: no archive of those days is at hand."};
    std::vector<Relapse> found;
    std::size_t due = 0;
    bool within = true;
    seconds worst{};
    for (const scenario::Expectation& expected : scenario.expectations) {
        for (const PhaseSpan& span : expected.phases) {
            if (span.phase != Phase::Dark) continue;
            ++due;
            if (auto dark = find_dark(outages, {span.from, *span.until})) {
                worst = std::max({worst, dark->start_error, dark->end_error});
                found.push_back(*dark);
            }
        }
    }
    within = found.size() == due && worst <= kEdge;
    const std::size_t linked =
        found.empty()
            ? 0
            : static_cast<std::size_t>(std::ranges::count_if(found, [&](const Relapse& it) {
                  return it.told->episode == found.front().told->episode;
              }));
    const bool one = found.size() == due && due > 1 && linked == found.size();
    const double hours =
        found.empty() ? 0 : static_cast<double>(found.front().told->severity.address_hours);
    const bool order = !outages.empty() && std::ranges::all_of(outages, in_order);
    section.verdicts = {
        {"kp-2014: phases in order", "yes", order ? "yes" : "no", order},
        {"kp-2014: start and end of each darkness", "± 2 min",
         fmt::format("{} of {} found, at most {} s off", found.size(), due, worst.count()), within},
        {"kp-2014: relapses are the same episode", "yes",
         fmt::format("{} of {} in the episode of the blackout", linked, due), one},
        {"kp-2014: address-hours of the darkness", "9,745 ± 1 %", fmt::format("{:.0f}", hours),
         std::abs(hours - kAddressHours) <= kAddressHours / 100}};
    for (const Outage& outage : outages)
        section.notes.push_back(fmt::format("{} ({}): {}; {} address-hours", outage.id,
                                            to_string(outage.state), phases_text(outage),
                                            outage.severity.address_hours));
    return section;
}

/// 84.205.64.0/24 to 84.205.89.0/24, announced at 00, 04, 08, 12, 16 and 20 hours UTC.
bool is_beacon(const Prefix& prefix) {
    constexpr std::uint32_t kFirst = 84U << 24 | 205U << 16 | 64U << 8;
    const std::uint32_t word = prefix.address().v4_word();
    return prefix.family == Family::v4 && prefix.length == 24 && word >= kFirst &&
           word <= kFirst + (25U << 8);
}

/// First announcement of each beacon by each peer ASN after it was last withdrawn.
class BeaconSink final : public decode::RouteSink {
public:
    explicit BeaconSink(const decode::PeerTable& peers) : peers_(peers) {}

    void on_update(const decode::Update& update) override {
        const Asn asn = peers_.peer(update.peer).asn;
        update.for_each_withdrawn([&](const Prefix& prefix, std::uint32_t) {
            if (is_beacon(prefix)) first_[prefix].erase(asn);
        });
        update.for_each_announced([&](const Prefix& prefix, std::uint32_t) {
            if (is_beacon(prefix)) first_[prefix].try_emplace(asn, update.time);
        });
    }
    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_row(const decode::DumpRow&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}
    void on_state(const decode::StateChange&) override {}

    [[nodiscard]] const std::map<Prefix, std::map<Asn, EventTime>>& first() const { return first_; }

private:
    const decode::PeerTable& peers_;
    std::map<Prefix, std::map<Asn, EventTime>> first_;
};

struct BeaconFile {
    std::string_view name;
    std::int64_t due;
};

constexpr std::array<BeaconFile, 5> kBeaconFiles{{
    {"ris.updates.20190101.0000.gz", 1'546'300'800},
    {"updates.20160811.1600.gz", 1'470'931'200},
    {"routeviews.updates.20161101.0000.bz2", 1'477'958'400},
    {"route-views.jinx.updates.20150401.0000.bz2", 1'427'846'400},
    {"rrc06.updates.20150401.0000.gz", 1'427'846'400},
}};

Result<void> read_beacons(const std::filesystem::path& file, EventTime due,
                          const CommonOptions& common, std::vector<evaluate::Timed>& moments) {
    auto archive = source::Archive::open({file.string()}, {.collector = "beacons"});
    if (!archive) return std::unexpected(archive.error());
    decode::PeerTable peers;
    decode::Decoder decoder(peers);
    BeaconSink sink(peers);
    Frame frame;
    while (archive->next(frame)) decoder.decode(frame, sink);
    std::size_t heard = 0;
    for (const auto& [prefix, by_asn] : sink.first()) {
        if (by_asn.empty()) continue;
        ++heard;
        std::vector<EventTime> times;
        for (const auto& [asn, time] : by_asn) times.push_back(time);
        tell(common, fmt::format("  {}: {} ASNs, first {} s after the hour", to_string(prefix),
                                 times.size(), (*std::ranges::min_element(times) - due).count()));
        moments.push_back({.entity = Entity::of_prefix(prefix),
                           .due = due,
                           .told = assess::estimate(std::move(times), {due, due + seconds(300)},
                                                    assess::Change::Gain)});
    }
    tell(common, fmt::format("{}: {} beacons announced", file.filename().string(), heard));
    return {};
}

}  // namespace

Result<Section> judge_kp_2014(std::uint64_t seed, const WorkFolder& work,
                              const CommonOptions& common) {
    tell(common, "simulating and replaying kp-2014");
    const auto text = scenario::embedded("kp-2014");
    auto parsed = scenario::parse(*text, "kp-2014");
    if (!parsed) return std::unexpected(parsed.error());
    const auto folder = work.fresh("kp-2014");
    const auto made = scenario::simulate(*parsed, folder / "archive",
                                         {.seed = parsed->seed + seed - 1, .progress = {}});
    if (!made) return std::unexpected(made.error());
    const auto replayed = replay_for_claims({.archive = folder / "archive",
                                             .registry = {folder / "archive/registry"},
                                             .store = folder / "store"},
                                            common);
    if (!replayed) return std::unexpected(replayed.error());
    auto reader = store::Reader::open((folder / "store").string());
    if (!reader) return std::unexpected(reader.error());
    const auto outages = reader->outages(
        {.entity = Entity::of_country(CountryCode::of('K', 'P')), .during = {}, .as_of = {}});
    Section section = kp_section(*parsed, outages);
    work.drop(folder);
    return section;
}

Result<std::vector<evaluate::Timed>> time_real_beacons(const std::filesystem::path& data,
                                                       const CommonOptions& common) {
    std::vector<evaluate::Timed> moments;
    for (const BeaconFile& file : kBeaconFiles) {
        const auto path = data / "mrt" / file.name;
        if (!std::filesystem::exists(path)) continue;
        if (auto done = read_beacons(path, event_time(file.due), common, moments); !done)
            return std::unexpected(done.error());
    }
    return moments;
}

}  // namespace dimout::app
