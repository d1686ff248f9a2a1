#include "app/evaluate_labelled.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "app/replay.h"
#include "app/stop.h"
#include "base/random.h"
#include "detect/median_rule.h"
#include "evaluate/truth.h"
#include "evaluate/seasonal_reference.h"

namespace dimout::app {
namespace {

using evaluate::Claim;
using evaluate::Injected;
using evaluate::Section;
using std::chrono::seconds;

constexpr std::string_view kLabel = "traffic.label";
constexpr unsigned kMissingPercent = 30;
/// Alarms of a reference that are nearer to each other are one, as pauses of ours are.
constexpr seconds kPause{1800};

struct Labelled {
    std::string title;
    std::string what;
    std::string file;
    std::string entity;
    std::string columns;
    bool decides = false;  ///< Its rows of the card must be met.
};

const std::vector<Labelled>& labelled_series() {
    static const std::vector<Labelled> all{
        {.title = "Iraq, August 2023 (real, labelled)",
         .what = "Ten days of IODA's series with eight nightly shutdowns, labelled by others; "
                 "Google's traffic, a telescope, visible /24s and probed /24s, replayed as "
                 "`replay --series` does. The first night comes after one day of history.",
         .file = "ioda_country_IQ_iraq.csv.gz",
         .entity = "country/IQ",
         .columns = "gtr:traffic.google_requests+merit-nt:traffic.telescope+"
                    "bgp:bgp.published_slash24+ping-slash24:probe.slash24",
         .decides = true},
        {.title = "Zhytomyr, March 2022 (real, labelled)",
         .what = "Three days of IODA's series of a region with two labelled outages; a telescope, "
                 "visible /24s and probed /24s. Two labels prove nothing: for information.",
         .file = "ioda_region_4369_zhytomyr.csv.gz",
         .entity = "region/UA-18",
         .columns = "merit-nt:traffic.telescope+bgp:bgp.published_slash24+"
                    "ping-slash24:probe.slash24"}};
    return all;
}

/// The samples and the labels, which go to nobody who judges.
struct Material {
    std::vector<Sample> samples{};
    std::vector<Injected> labels{};
    std::vector<std::string> signals{};
};

std::vector<Injected> spans_of(const std::vector<Sample>& label) {
    std::vector<Injected> spans;
    bool before = false;
    for (const Sample& sample : label) {
        const bool now = sample.value && *sample.value > 0;
        if (now && !before)
            spans.push_back({.entity = sample.entity, .span = {sample.from, sample.until()}});
        if (now) spans.back().span.until = sample.until();
        if (sample.value) before = now;
    }
    return spans;
}

Result<Material> read_material(const Labelled& labelled, const std::filesystem::path& path) {
    const auto spec = source::parse_series_spec(
        fmt::format("{},entity={},columns={}+LABEL:{},time=timestamp", path.string(),
                    labelled.entity, labelled.columns, kLabel));
    if (!spec) return std::unexpected(spec.error());
    auto files = source::SeriesFiles::open({*spec});
    if (!files) return std::unexpected(files.error());
    Material material;
    std::vector<Sample> label;
    std::set<std::string> signals;
    for (auto bin = files->next_bin(); bin; bin = files->next_bin()) {
        for (Sample& sample : files->take(*bin)) {
            if (sample.signal == kLabel) {
                label.push_back(std::move(sample));
            } else {
                signals.insert(sample.signal);
                material.samples.push_back(std::move(sample));
            }
        }
    }
    material.labels = spans_of(label);
    material.signals.assign(signals.begin(), signals.end());
    return material;
}

using Keep = std::function<bool(std::size_t, const Sample&)>;

/// The samples in the long form, some of them missing, some signals not there at all.
Result<void> write_series(const std::filesystem::path& file, const std::vector<Sample>& samples,
                          const std::set<std::string>& without, const Keep& keep) {
    std::ofstream out(file, std::ios::binary);
    out << "time,entity,signal,value,width\n";
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Sample& sample = samples[i];
        if (without.contains(sample.signal)) continue;
        const bool has = sample.value && keep(i, sample);
        out << fmt::format("{},{},{},{},{}\n", unix_seconds(sample.from), to_string(sample.entity),
                           sample.signal, has ? fmt::format("{}", *sample.value) : "",
                           sample.width.count());
    }
    out.close();
    if (!out) return fail(fmt::format("{}: cannot be written.", file.string()));
    return {};
}

/// As `replay --store none` judges it.
Result<std::vector<Claim>> replay_series(const std::filesystem::path& file,
                                         const CommonOptions& common) {
    ReplayOptions options;
    options.series = {file.string()};
    options.store = "none";
    CommonOptions quiet = common;
    quiet.quiet = true;
    auto replayed = replay(options, quiet);
    if (!replayed) return std::unexpected(replayed.error());
    if (stop_requested()) return fail("stopped before the card was whole; nothing written.");
    return claims_of(std::move(replayed->figures.judge.outages));
}

/// How claims stand to labels.
struct Tally {
    std::size_t labels = 0;
    std::size_t found = 0;
    std::size_t invented = 0;  ///< Overlap no label.
    std::size_t again = 0;     ///< Of a label that another claim tells of.
    seconds worst_onset{};
    std::vector<std::string> missed{};
    std::vector<std::string> inventions{};
};

bool overlap(const Claim& claim, const Injected& label) {
    return claim.start.best < label.span.until && (!claim.end || claim.end->best > label.span.from);
}

/// Of the claims that overlap the label and are nobody's yet the one whose onset is nearest. How
/// far off it is, is told apart: a series of half hours cannot tell better.
std::optional<std::size_t> nearest(const Injected& label, const std::vector<Claim>& claims,
                                   const std::set<std::size_t>& used) {
    std::optional<std::size_t> best;
    const auto off = [&](std::size_t i) {
        return std::chrono::abs(claims[i].start.best - label.span.from);
    };
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (used.contains(i) || !overlap(claims[i], label)) continue;
        if (!best || off(i) < off(*best)) best = i;
    }
    return best;
}

Tally tally(const std::vector<Injected>& labels, const std::vector<Claim>& claims) {
    Tally sum{.labels = labels.size()};
    std::set<std::size_t> used;
    for (const Injected& label : labels) {
        const auto claim = nearest(label, claims, used);
        if (!claim) {
            sum.missed.push_back(to_rfc3339(label.span.from));
            continue;
        }
        ++sum.found;
        used.insert(*claim);
        const auto off = std::chrono::abs(claims[*claim].start.best - label.span.from);
        sum.worst_onset = std::max(sum.worst_onset, std::chrono::duration_cast<seconds>(off));
    }
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (used.contains(i)) continue;
        const bool of_label = std::ranges::any_of(
            labels, [&](const Injected& label) { return overlap(claims[i], label); });
        ++(of_label ? sum.again : sum.invented);
        if (!of_label)
            sum.inventions.push_back(
                fmt::format("{} ({})", to_rfc3339(claims[i].start.best), claims[i].phases));
    }
    return sum;
}

/// Alarms of a reference, one after the other, as claims.
class ReferenceClaims {
public:
    explicit ReferenceClaims(Entity entity) : entity_(entity) {}

    void see(EventTime from, EventTime until, bool alarm) {
        if (!alarm) return;
        if (claims_.empty() || from - claims_.back().end->best >= kPause) {
            claims_.push_back({.entity = entity_,
                               .start = {from, from, until},
                               .end = UncertainTime{until, until, until},
                               .told = until});
        }
        claims_.back().end = UncertainTime{until, until, until};
    }
    [[nodiscard]] const std::vector<Claim>& claims() const { return claims_; }

private:
    Entity entity_;
    std::vector<Claim> claims_;
};

struct References {
    std::vector<Claim> median;
    std::vector<Claim> seasonal;
};

/// Both references over all signals: an alarm of any one is an alarm.
References judge_by_references(const Material& material) {
    std::map<std::string, detect::MedianRule> median;
    std::map<std::string, evaluate::SeasonalReference> seasonal;
    ReferenceClaims by_median(material.samples.front().entity);
    ReferenceClaims by_seasonal(material.samples.front().entity);
    std::vector<Sample> samples = material.samples;
    std::ranges::stable_sort(samples, {}, [](const Sample& sample) { return sample.until(); });
    for (const Sample& sample : samples) {
        const SignalKind kind = kind_of_signal(sample.signal).value_or(SignalKind::Traffic);
        auto& rule =
            median.try_emplace(sample.signal, detect::MedianRuleOptions::of(kind)).first->second;
        auto& forecast = seasonal
                             .try_emplace(sample.signal,
                                          evaluate::SeasonalReferenceOptions{.width = sample.width})
                             .first->second;
        by_median.see(sample.from, sample.until(),
                      rule.judge(sample.from, sample.width, sample.value).alarm);
        by_seasonal.see(sample.from, sample.until(), forecast.judge(sample.value).alarm);
    }
    return {by_median.claims(), by_seasonal.claims()};
}

/// One labelled series, in all ways in which it is judged.
class LabelledRun {
public:
    LabelledRun(const Labelled& labelled, Material material, const EvaluateScale& scale,
                const WorkFolder& work, const CommonOptions& common)
        : labelled_(labelled),
          material_(std::move(material)),
          scale_(scale),
          work_(work),
          common_(common) {}

    Result<Section> run() {
        section_ = {.title = labelled_.title, .what = labelled_.what};
        table_.columns = {"input",      "found",       "invented",
                          "told again", "worst onset", "missed, invented"};
        if (auto done = whole(); !done) return std::unexpected(done.error());
        if (auto done = without_signals(); !done) return std::unexpected(done.error());
        if (auto done = with_missing(); !done) return std::unexpected(done.error());
        const References references = judge_by_references(material_);
        add_row("IODA's median rule, any signal", tally(material_.labels, references.median));
        add_row("seasonal ARIMA, any signal", tally(material_.labels, references.seasonal));
        section_.tables = {table_};
        section_.notes.push_back(
            "Found: an outage of ours overlaps the label, each for one label alone; how far its "
            "onset is off stands beside it. Google's series has a value every half hour.");
        return section_;
    }

private:
    Result<Tally> judge(const std::set<std::string>& without, const Keep& keep) {
        const auto folder = work_.fresh("labelled");
        if (auto done = write_series(folder / "series.csv", material_.samples, without, keep);
            !done)
            return std::unexpected(done.error());
        const auto claims = replay_series(folder / "series.csv", common_);
        if (!claims) return std::unexpected(claims.error());
        work_.drop(folder);
        return tally(material_.labels, *claims);
    }

    void add_row(const std::string& input, const Tally& found) {
        std::string remarks;
        for (const std::string& missed : found.missed)
            remarks += fmt::format("{}missed {}", remarks.empty() ? "" : "; ", missed);
        const std::size_t told = std::min<std::size_t>(found.inventions.size(), 3);
        for (std::size_t i = 0; i < told; ++i)
            remarks +=
                fmt::format("{}invented {}", remarks.empty() ? "" : "; ", found.inventions[i]);
        if (told < found.inventions.size()) remarks += "; …";
        table_.rows.push_back({input, fmt::format("{} of {}", found.found, found.labels),
                               fmt::format("{}", found.invented), fmt::format("{}", found.again),
                               fmt::format("{} s", found.worst_onset.count()), remarks});
    }

    void verdict(const std::string& measure, const std::string& must, const std::string& is,
                 bool met) {
        section_.verdicts.push_back({fmt::format("{}: {}", labelled_.entity, measure),
                                     labelled_.decides ? must : "–", is,
                                     labelled_.decides ? std::optional(met) : std::nullopt});
    }

    Result<void> whole() {
        const auto all = judge({}, [](std::size_t, const Sample&) { return true; });
        if (!all) return std::unexpected(all.error());
        add_row("all signals", *all);
        verdict("labelled outages found, all signals", "all",
                fmt::format("{} of {}", all->found, all->labels), all->found == all->labels);
        verdict("outages that no label knows", "0", fmt::format("{}", all->invented),
                all->invented == 0);
        verdict("worst error of the onset", "≤ 300 s",
                fmt::format("{} s", all->worst_onset.count()), all->worst_onset <= kBinWidth);
        return {};
    }

    Result<void> without_signals() {
        const auto& signals = material_.signals;
        std::size_t runs = 0;
        std::size_t whole = 0;
        std::size_t invented = 0;
        for (std::size_t i = 0; i < signals.size(); ++i) {
            for (std::size_t j = i; j < signals.size(); ++j) {
                const std::set<std::string> without{signals[i], signals[j]};
                if (without.size() >= signals.size()) continue;
                const auto found = judge(without, [](std::size_t, const Sample&) { return true; });
                if (!found) return std::unexpected(found.error());
                add_row(i == j ? fmt::format("without {}", signals[i])
                               : fmt::format("without {} and {}", signals[i], signals[j]),
                        *found);
                ++runs;
                whole += found->found == found->labels;
                invented += found->invented;
            }
        }
        verdict("all found with any one or two signals removed", "always",
                fmt::format("{} of {} ways; {} invented in all", whole, runs, invented),
                whole == runs);
        return {};
    }

    Result<void> with_missing() {
        const unsigned seeds = scale_.quick ? 3 : 20;
        std::size_t whole = 0;
        std::size_t invented = 0;
        for (unsigned i = 0; i < seeds; ++i) {
            const std::uint64_t seed = mix(scale_.seed, 30, i);
            const auto found = judge({}, [&](std::size_t index, const Sample&) {
                return !chance(mix(seed, index), kMissingPercent);
            });
            if (!found) return std::unexpected(found.error());
            add_row(fmt::format("{} % missing, {}", kMissingPercent, i + 1), *found);
            whole += found->found == found->labels;
            invented += found->invented;
        }
        verdict("all found with 30 % of the samples missing", "always",
                fmt::format("{} of {} draws; {} invented in all", whole, seeds, invented),
                whole == seeds);
        return {};
    }

    const Labelled& labelled_;
    Material material_;
    EvaluateScale scale_;
    const WorkFolder& work_;
    const CommonOptions& common_;
    Section section_;
    evaluate::Table table_;
};

}  // namespace

Result<std::vector<Section>> judge_labelled_series(const EvaluateScale& scale,
                                                   const std::filesystem::path& data,
                                                   const WorkFolder& work,
                                                   const CommonOptions& common) {
    std::vector<Section> sections;
    for (const Labelled& labelled : labelled_series()) {
        const auto path = data / "series" / labelled.file;
        if (!std::filesystem::exists(path)) continue;
        tell(common, labelled.title);
        auto material = read_material(labelled, path);
        if (!material) return std::unexpected(material.error());
        auto section = LabelledRun(labelled, std::move(*material), scale, work, common).run();
        if (!section) return std::unexpected(section.error());
        sections.push_back(std::move(*section));
    }
    return sections;
}

}  // namespace dimout::app
