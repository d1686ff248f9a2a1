// `evaluate`: runs the detector over known truth and writes the score card.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>

#include "app/commands.h"
#include "app/evaluate_causes.h"
#include "app/evaluate_counts.h"
#include "app/evaluate_known.h"
#include "app/evaluate_labelled.h"
#include "app/evaluate_real.h"
#include "app/evaluate_simulated.h"
#include "app/evaluate_weak.h"
#include "app/evaluate_withdrawals.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/stop.h"
#include "app/version.h"
#include "evaluate/score_card.h"

namespace dimout::app {
namespace {

using evaluate::Section;

/// What the detector is made of, as its headers have it; the page repeats it so that a change
/// shows.
std::vector<std::string> frozen_parameters() {
    return {
        "full feed: 0.8 of the median table; one vote an ASN",
        "dark: 90 % of the votes lost, no prefix seen by more than max(1, 10 %) ASNs, for 2 min",
        "degraded: max(5 %, one unit) for 2 bins; over below max(5 %, half a unit)",
        "unstable: 3 falls of a quarter of the addresses within 6 h",
        "an episode closes after 6 quiet hours; pauses under 30 min are one outage",
        fmt::format("bins of {} s; archives are late by {} s, which delays do not count",
                    kBinWidth.count(), kArchiveLateness.count())};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// One section after the other; the first failure ends the run.
class CardMaker {
public:
    CardMaker(const EvaluateOptions& options, const CommonOptions& common)
        : options_(options),
          common_(common),
          work_(options.keep, "evaluate"),
          scale_{.quick = options.quick, .seed = options.seed} {}

    Result<std::vector<Section>> run() {
        using Step = Result<void> (CardMaker::*)();
        const std::pair<std::string_view, Step> steps[] = {
            {"outages", &CardMaker::add_outages},   {"real", &CardMaker::add_real},
            {"harmless", &CardMaker::add_harmless}, {"beacons", &CardMaker::add_beacons},
            {"null", &CardMaker::add_null},         {"kp", &CardMaker::add_kp},
            {"traffic", &CardMaker::add_traffic},   {"labelled", &CardMaker::add_labelled},
            {"weak", &CardMaker::add_weak},         {"pvalues", &CardMaker::add_p_values},
            {"causes", &CardMaker::add_causes},     {"withdrawals", &CardMaker::add_withdrawals}};
        for (const auto& [name, step] : steps) {
            if (!options_.only.empty() && options_.only != name) continue;
            tell(common_, fmt::format("== {}", name));
            if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
            if (stop_requested())
                return fail("stopped before the card was whole; nothing written.");
        }
        return std::move(sections_);
    }

private:
    [[nodiscard]] evaluate::SectionOptions section(std::string title, std::string what) const {
        return {.title = std::move(title),
                .what = std::move(what),
                .seed = options_.seed,
                .lateness = kArchiveLateness};
    }

    Result<void> add_outages() {
        const auto scores = score_simulated_outages(scale_, work_, common_);
        if (!scores) return std::unexpected(scores.error());
        sections_.push_back(outage_section(
            section("Injected into simulated streams",
                    "Networks and countries of 1 to 10,000 prefixes, and two continents, in "
                    "invented Internets with 20 full-feed ASNs at three collectors, path changes, "
                    "local losses, flaps and resets all the time. Simulated throughout."),
            scores->ours, &scores->reference));
        return {};
    }

    Result<void> add_real() {
        const auto scores = score_real_tables(scale_, options_.data, work_, common_);
        if (!scores) return std::unexpected(scores.error());
        if (scores->outages.ours.outcomes.empty())
            return skip("injections into real tables",
                        "no real tables in " + options_.data.string());
        sections_.push_back(outage_section(
            section("Injected into real tables",
                    "A real RIB (RouteViews2 2014-05-23, 35 peers; route-views6 2015-09-22, 27 "
                    "peers; jinx 2014-05-30, one full feed), then updates that we wrote: real "
                    "routes of real networks, countries and groups withdrawn and announced again. "
                    "The tables are real, the outages are not."),
            scores->outages.ours, &scores->outages.reference));
        if (!scores->harmless.ours.harmless.empty())
            sections_.push_back(harmless_section(
                section("Injected into real tables, taking nothing",
                        "The same tables; sessions are reset, with and without STATE, and prefixes "
                        "cut and joined, by updates that we wrote."),
                scores->harmless.ours, &scores->harmless.reference));
        return {};
    }

    Result<void> add_harmless() {
        const auto scores = score_simulated_harmless(scale_, work_, common_);
        if (!scores) return std::unexpected(scores.error());
        sections_.push_back(harmless_section(
            section("Injected into simulated streams, taking nothing",
                    "Resets of sessions and of collectors, missing files, silence, renumberings, "
                    "de-aggregations. Simulated."),
            scores->ours, &scores->reference));
        return {};
    }

    Result<void> add_beacons() {
        const auto made = time_simulated_beacons(scale_, work_, common_);
        if (!made) return std::unexpected(made.error());
        sections_.push_back(schedule_section(
            section("Beacons that are withdrawn (simulated)",
                    "Single prefixes withdrawn on the hour, twice a day, by invented networks."),
            *made));
        const auto real = time_real_beacons(options_.data, common_);
        if (!real) return std::unexpected(real.error());
        if (real->empty())
            return skip("real RIS beacons", "no update files in " + options_.data.string());
        sections_.push_back(schedule_section(
            section("RIS beacons (real)",
                    "84.205.64.0/24 to 84.205.89.0/24 in five real update files, announced on the "
                    "even hour. These windows hold announcements only, and no table, so the "
                    "estimator of times is measured and not the detector."),
            *real));
        return {};
    }

    Result<void> add_null() {
        const auto null = run_null_days(scale_, work_, common_);
        if (!null) return std::unexpected(null.error());
        sections_.push_back(null_section(
            section("Null days (simulated)",
                    "Invented Internets in which nobody goes out: path changes, local losses, "
                    "flaps of one prefix of many, six resets a day. What real noise adds is not "
                    "in them."),
            null->ours, &null->reference));
        return {};
    }

    Result<void> add_kp() {
        auto kp = judge_kp_2014(options_.seed, work_, common_);
        if (!kp) return std::unexpected(kp.error());
        sections_.push_back(std::move(*kp));
        return {};
    }

    Result<void> add_traffic() {
        sections_.push_back(judge_traffic(scale_, common_));
        return {};
    }

    Result<void> add_labelled() {
        auto labelled = judge_labelled_series(scale_, options_.data, work_, common_);
        if (!labelled) return std::unexpected(labelled.error());
        if (labelled->empty())
            return skip("labelled series", "no series in " + options_.data.string());
        std::ranges::move(*labelled, std::back_inserter(sections_));
        return {};
    }

    Result<void> add_weak() {
        sections_.push_back(judge_weak_drops(scale_, common_));
        return {};
    }

    Result<void> add_p_values() {
        sections_.push_back(judge_p_values(scale_, common_));
        return {};
    }

    Result<void> add_causes() {
        auto judged = judge_causes(scale_, options_.data,
                                   {.commit = options_.commit, .log = options_.log}, common_);
        if (!judged) return std::unexpected(judged.error());
        if (!*judged)
            return skip("causes of labelled outages", "no list in " + options_.data.string());
        sections_.push_back(std::move(**judged));
        return {};
    }

    Result<void> add_withdrawals() {
        sections_.push_back(judge_withdrawals(scale_, common_));
        return {};
    }

    Result<void> skip(const std::string& what, const std::string& why) {
        complain(fmt::format("skipped: {}: {}.", what, why));
        sections_.push_back({.title = what,
                             .what = "Not run.",
                             .verdicts = {{.measure = what, .must_be = "–", .measured = why}}});
        return {};
    }

    const EvaluateOptions& options_;
    const CommonOptions& common_;
    WorkFolder work_;
    EvaluateScale scale_;
    std::vector<Section> sections_;
};

Result<void> write_page(const std::filesystem::path& path, const std::string& text) {
    std::error_code ignored;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) return fail(fmt::format("{}: cannot be written.", path.string()));
    return {};
}

}  // namespace

int run_evaluate(const EvaluateOptions& options, const CommonOptions& common) {
    const auto sections = CardMaker(options, common).run();
    if (!sections) return complain(sections.error().message), kFailed;
    const evaluate::CardHead head{
        .version = first_line(version_text()),
        .commit = options.commit.empty() ? "not given" : options.commit,
        .command = fmt::format("dimout evaluate{} --seed {} --commit $(git rev-parse --short HEAD) "
                               "--out docs/explanation/score-card.md",
                               options.quick ? " --quick" : "", options.seed),
        .seed = options.seed,
        .parameters = frozen_parameters()};
    const std::string page = to_markdown(head, *sections);
    if (options.out) {
        if (auto done = write_page(*options.out, page); !done)
            return complain(done.error().message), kFailed;
    }
    if (options.format == "json") {
        write_out(to_json(head, *sections));
    } else if (!options.out) {
        write_out(page);
    }
    return exit_code_after_output(kDone);
}

}  // namespace dimout::app
