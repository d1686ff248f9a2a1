#include "app/evaluate_causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <numeric>

#include "app/cause_labels.h"
#include "app/evaluate_run.h"
#include "app/stop.h"
#include "base/files.h"
#include "base/json.h"
#include "base/random.h"
#include "evaluate/forecasts.h"

namespace dimout::app {
namespace {

using cause::Belief;
using cause::Feature;
using cause::FitOptions;
using cause::LabelledCase;

using evaluate::Chosen;
using evaluate::Figure;
using evaluate::Forecast;
using evaluate::Section;

constexpr std::string_view kList = "truth/ioda_investigated_outages_2018-2020.csv";
constexpr unsigned kShuffles = 20;
constexpr unsigned kTruths = 1000;
/// Which of the models the targets are for.
constexpr std::size_t kJudged = 1;
constexpr double kShuffleSlack = 0.05;

const std::vector<Feature> kClock{Feature::StartOnHalfHour, Feature::EndOnHalfHour,
                                  Feature::PartOfDay};
/// All that the list shows.
const std::vector<Feature> kAll{Feature::StartOnHalfHour,   Feature::EndOnHalfHour,
                                Feature::PartOfDay,         Feature::Duration,
                                Feature::SameTimeOtherDays, Feature::AllSignalsAgree};

struct Model {
    std::string name;
    std::vector<Forecast> forecasts;
};

struct Figures {
    Figure accuracy, log_loss, gain, brier, calibration, coverage, selective;
};

FitOptions fitting(std::vector<Feature> features) {
    return {.labels = cause_classes(), .features = std::move(features)};
}

/// The shipped table's ten causes as the list's four classes.
std::size_t class_of_shipped(std::string_view id) {
    if (id == "self_disconnection") return 0;
    if (id == "cable_cut") return 1;
    if (id == "power_outage") return 2;
    return 3;
}

class CauseContest {
public:
    CauseContest(const CauseLabels& labels, const EvaluateScale& scale, const CommonOptions& common)
        : labels_(labels), scale_(scale), common_(common) {
        draws_ = {.rounds = scale.quick ? 400U : 4000U, .seed = scale.seed};
    }

    Section run() {
        tell(common_, "causes: leaving out one country after the other");
        add("prior", fitting({}), {.rounds = 0});
        add("evidence model, where borne out", fitting(kAll), draws_, Belief::WhenBorneOut);
        FitOptions tempered = fitting(kAll);
        tempered.root_of_counts = true;
        add("evidence model, prior from roots of counts", tempered, draws_);
        FitOptions naive = fitting(kAll);
        naive.tempering = 1;
        naive.grouped = false;
        add("naive Bayes", naive, {.rounds = 0});
        add("clock alone", fitting(kClock), {.rounds = 0});
        add("duration alone", fitting({Feature::Duration}), {.rounds = 0});
        add_shipped();
        for (const Model& model : models_) figures_.push_back(figures_of(model));
        draw_truths();
        shuffle();
        tell(common_, "causes: the shipped table on outages without a cause");
        judge_unnamed();
        return section();
    }

    /// One line for the log.
    [[nodiscard]] std::string line(const std::string& commit) const {
        JsonWriter json;
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        json.begin_object();
        json.field("date", to_rfc3339(event_time(now.time_since_epoch().count())));
        json.field("commit", commit.empty() ? "not given" : commit);
        json.field("seed", scale_.seed).field("quick", scale_.quick);
        json.field("table", cause::shipped_table().version);
        json.field("rows", labels_.labelled.size());
        json.key("models").begin_array();
        for (std::size_t i = 0; i < models_.size(); ++i) {
            const Figures& of = figures_[i];
            json.begin_object().field("model", models_[i].name);
            write(json, "accuracy", of.accuracy);
            write(json, "log_loss", of.log_loss);
            write(json, "gain_over_prior", of.gain);
            write(json, "brier", of.brier);
            write(json, "ece", of.calibration);
            write(json, "coverage", of.coverage);
            write(json, "selective_accuracy", of.selective);
            json.end_object();
        }
        json.end_array();
        json.field("shuffled_gain", shuffled_gain_).field("unnamed", labels_.unnamed.size());
        json.field("unnamed_named", unnamed_named_).field("unnamed_overload", unnamed_overload_);
        json.end_object();
        return json.text();
    }

private:
    static void write(JsonWriter& json, std::string_view name, const Figure& figure) {
        const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
        json.key(name).begin_array();
        json.value(rounded(figure.value)).value(rounded(figure.lo)).value(rounded(figure.hi));
        json.end_array();
    }

    static std::vector<Forecast> judge(const std::vector<LabelledCase>& cases,
                                       const FitOptions& options, const cause::DrawOptions& draws,
                                       Belief belief = Belief::AtOnce) {
        const auto judged = cause::leave_one_group_out(cases, options, draws, belief);
        std::vector<Forecast> forecasts;
        for (std::size_t i = 0; i < cases.size(); ++i)
            forecasts.push_back({.cluster = cases[i].group,
                                 .chances = judged[i].shares,
                                 .truth = cases[i].label,
                                 .named = judged[i].named});
        return forecasts;
    }

    void add(std::string name, const FitOptions& options, const cause::DrawOptions& draws,
             Belief belief = Belief::AtOnce) {
        models_.push_back({std::move(name), judge(labels_.labelled, options, draws, belief)});
    }

    void add_shipped() {
        const cause::Table& table = cause::shipped_table();
        Model model{.name = "shipped table (knows this list)", .forecasts = {}};
        for (const LabelledCase& one : labels_.labelled) {
            const auto found = cause::assess(table, one.seen, {.draws = draws_});
            Forecast forecast{.cluster = one.group,
                              .chances = std::vector<double>(cause_classes().size()),
                              .truth = one.label,
                              .named = found.named.has_value()};
            for (const cause::Standing& standing : found.standings)
                forecast.chances[class_of_shipped(table.hypotheses[standing.cause].id)] +=
                    standing.posterior;
            model.forecasts.push_back(std::move(forecast));
        }
        models_.push_back(std::move(model));
    }

    Figures figures_of(const Model& model) const {
        const auto& mine = model.forecasts;
        const auto& prior = models_.front().forecasts;
        const auto figure = [&](auto statistic) {
            return over_clusters(
                mine, [&](Chosen chosen) { return statistic(mine, chosen); }, scale_.seed);
        };
        const auto gain = [&](Chosen chosen) {
            return log_loss(prior, chosen) - log_loss(mine, chosen);
        };
        return {.accuracy = figure(evaluate::accuracy),
                .log_loss = figure(evaluate::log_loss),
                .gain = over_clusters(mine, gain, scale_.seed),
                .brier = figure(evaluate::brier),
                .calibration = figure(evaluate::calibration_error),
                .coverage = figure(evaluate::coverage),
                .selective = figure(evaluate::selective_accuracy)};
    }

    /// What ECE would be if the truth were drawn from the chances themselves: 5 %, mean, 95 %.
    void draw_truths() {
        auto forecasts = models_[kJudged].forecasts;
        std::vector<std::uint32_t> all(forecasts.size());
        std::iota(all.begin(), all.end(), 0U);
        std::vector<double> errors;
        for (unsigned round = 0; round < kTruths; ++round) {
            Random random(mix(scale_.seed, round));
            for (Forecast& one : forecasts) {
                double left = static_cast<double>(random.next() >> 11) * 0x1p-53;
                one.truth = 0;
                while (one.truth + 1 < one.chances.size() && left >= one.chances[one.truth])
                    left -= one.chances[one.truth++];
            }
            errors.push_back(evaluate::calibration_error(forecasts, all));
        }
        std::ranges::sort(errors);
        const double mean =
            std::accumulate(errors.begin(), errors.end(), 0.0) / double(errors.size());
        chance_of_error_ = fmt::format("{:.3f} (5 to 95 %: {:.3f}–{:.3f})", mean,
                                       errors[kTruths / 20], errors[kTruths - kTruths / 20]);
    }

    void shuffle() {
        const auto loss = [](const std::vector<Forecast>& forecasts) {
            double sum = 0;
            for (std::uint32_t i = 0; i < forecasts.size(); ++i)
                sum += log_loss(forecasts, Chosen(&i, 1));
            return sum / double(forecasts.size());
        };
        for (unsigned i = 0; i < kShuffles; ++i) {
            const auto mixed = cause::shuffled(labels_.labelled, mix(scale_.seed, i));
            shuffled_gain_ +=
                (loss(judge(mixed, fitting({}), {.rounds = 0})) -
                 loss(judge(mixed, fitting(kAll), {.rounds = 0}, Belief::WhenBorneOut))) /
                kShuffles;
        }
    }

    void judge_unnamed() {
        const cause::Table& table = cause::shipped_table();
        const cause::DrawOptions draws{.rounds = scale_.quick ? 100U : 1000U, .seed = scale_.seed};
        for (const cause::Observations& seen : labels_.unnamed) {
            if (stop_requested()) return;
            const auto found = cause::assess(table, seen, {.draws = draws});
            unnamed_named_ += found.named.has_value();
            unnamed_overload_ += found.named && table.hypotheses[*found.named].id == "overload";
        }
    }

    Section section() const {
        Section section{
            .title = "Causes (real, labelled)",
            .what = fmt::format(
                "The {} outages of IODA's curated list of 2018 to 2020 that people gave a cause: "
                "ordered or for exams (SELF), CUT, POWER (with weather and an earthquake), TECH "
                "(all else). Each is judged by a table made of the other countries' alone. In "
                "brackets the 95 % interval over countries.",
                labels_.labelled.size())};
        evaluate::Table table{
            .columns = {"model", "accuracy", "log loss", "better than the prior by", "Brier", "ECE",
                        "named", "right of the named"},
            .rows = {}};
        for (std::size_t i = 0; i < models_.size(); ++i) {
            const Figures& of = figures_[i];
            const bool may_name = of.coverage.value > 0;
            table.rows.push_back({models_[i].name, figure_text(of.accuracy),
                                  figure_text(of.log_loss), i == 0 ? "" : figure_text(of.gain),
                                  figure_text(of.brier), figure_text(of.calibration),
                                  may_name ? figure_text(of.coverage) : "",
                                  may_name ? figure_text(of.selective) : ""});
        }
        section.tables = {table};
        const Figures& ours = figures_[kJudged];
        section.verdicts = {
            {"causes: better than the prior, in log loss", "interval above 0",
             figure_text(ours.gain), ours.gain.lo > 0},
            {"causes: log loss", "≤ 0.92", figure_text(ours.log_loss), ours.log_loss.value <= 0.92},
            {"causes: right when one is named", "≥ 0.85, of at least 0.40 of all",
             fmt::format("{}, of {}", figure_text(ours.selective), figure_text(ours.coverage)),
             ours.selective.value >= 0.85 && ours.coverage.value >= 0.40},
            {"causes: ECE, five bins", "≤ 0.08", figure_text(ours.calibration),
             ours.calibration.value <= 0.08},
            {"causes: shuffled labels, better than the prior by",
             fmt::format("0 ± {}", kShuffleSlack),
             fmt::format("{:.3f}, mean of {}", shuffled_gain_, kShuffles),
             std::abs(shuffled_gain_) <= kShuffleSlack},
            {"causes: overload named where nobody knows the cause", "≤ 5 %",
             fmt::format("{} of {}; {} named at all", unnamed_overload_, labels_.unnamed.size(),
                         unnamed_named_),
             double(unnamed_overload_) <= 0.05 * double(labels_.unnamed.size())}};
        section.notes = {
            fmt::format("Of the labelled, {} have no local clock (the country's zones did not "
                        "agree, or are not known) and {} an end before the start, which is left "
                        "out: those features are missing.",
                        labels_.without_zone, labels_.bad_end),
            "The evidence model believes its features only where they beat the prior on the other "
            "countries, each of those in turn left out: shuffled labels then leave the prior. "
            "Above "
            "it would be a leak.",
            fmt::format("A forecaster with the same chances that were exactly right, for outages "
                        "that know nothing of one another, would have an ECE of {}: so much is "
                        "chance.",
                        chance_of_error_),
            "The shipped table's row is no test: parts of it were measured on this list. Labels "
            "are people's, mostly from timing themselves, so a model of timing agrees with them."};
        return section;
    }

    const CauseLabels& labels_;
    EvaluateScale scale_;
    const CommonOptions& common_;
    cause::DrawOptions draws_;
    std::vector<Model> models_;
    std::vector<Figures> figures_;
    std::string chance_of_error_;
    double shuffled_gain_ = 0;
    std::size_t unnamed_named_ = 0;
    std::size_t unnamed_overload_ = 0;
};

Result<void> append_line(const std::filesystem::path& path, const std::string& line) {
    std::ofstream file(path, std::ios::binary | std::ios::app);
    file << line << '\n';
    file.close();
    if (!file) return fail(fmt::format("{}: cannot be written.", path.string()));
    return {};
}

}  // namespace

Result<std::optional<Section>> judge_causes(const EvaluateScale& scale,
                                            const std::filesystem::path& data, const CauseRun& run,
                                            const CommonOptions& common) {
    const auto path = data / kList;
    if (!std::filesystem::exists(path)) return std::nullopt;
    const auto csv = read_file(path.string());
    if (!csv) return std::unexpected(csv.error());
    const CauseLabels labels = read_cause_labels(*csv);
    if (labels.labelled.empty())
        return fail(fmt::format("{}: no outage in it has a cause.", path.string()));
    CauseContest contest(labels, scale, common);
    Section section = contest.run();
    if (run.log && !stop_requested()) {
        if (auto done = append_line(*run.log, contest.line(run.commit)); !done)
            return std::unexpected(done.error());
    }
    return section;
}

}  // namespace dimout::app
