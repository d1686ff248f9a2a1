// The one set of facts that a report is printed from, in every format and every language.
//
// Shares are rounded here, once: a number that a text shows is a number of the JSON. Words are not
// here but in the catalogues (messages.h); what stays in English is what was said in English.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/outage.h"
#include "present/explanation.h"
#include "present/naming.h"

namespace dimout::present {

/// What the clocks of the place showed at one moment.
struct LocalClock {
    std::string zone;                ///< `Asia/Pyongyang`.
    std::chrono::seconds offset{0};  ///< Added to UTC gives the local time.
    std::optional<EventTime> since;  ///< These rules began then; empty: as far back as is known.
    std::optional<EventTime> until;
};

/// By the rules in force at `time`; empty when the zone is unknown here.
[[nodiscard]] std::optional<LocalClock> local_clock(EventTime time, const std::string& zone);

/// `UTC+08:30`, as it is written in every language.
[[nodiscard]] std::string offset_text(std::chrono::seconds offset);

/// One row of the table of clocks.
struct ReportClock {
    std::string what;  ///< `unstable`, `start`, `end`: a key of the catalogues, after "clock.".
    EventTime time;
    std::optional<LocalClock> there;
};

/// Length in whole units, rounded to the minute.
struct ShownDuration {
    long days = 0;
    long hours = 0;
    long minutes = 0;
    bool at_least = false;
};
[[nodiscard]] ShownDuration shown_duration(std::chrono::seconds seconds, bool at_least);

/// The lowest and highest value in one stretch of a series, so that nothing vanishes in a mean.
struct ChartColumn {
    EventTime from;
    EventTime until;
    std::optional<double> lowest;  ///< Empty: not measured, which is not zero.
    std::optional<double> highest;
};

struct ReportChart {
    std::string signal;  ///< `bgp.visible_addresses`.
    std::string kind;    ///< `addresses`, `churn`, `traffic`, `probe`: its words in the catalogues.
    std::string unit;    ///< `addresses`, `updates`; empty: as its source counted.
    std::vector<ChartColumn> columns;
};

/// Stretches that were not measured, however long each.
[[nodiscard]] long gaps_of(const ReportChart& chart);

struct ShownEvidence {
    std::string feature;
    std::string level;
    std::string text;
    double decibans = 0;  ///< Rounded to 0.1.
};

/// A cause in whole percent.
struct ShownCause {
    std::string code;
    std::string title;
    std::string inseparable;
    long percent = 0;
    long percent_lo = 0;
    long percent_hi = 0;
    std::vector<ShownEvidence> speaks_for;
    std::vector<ShownEvidence> speaks_against;
};

/// A stretch in which a collector gave nothing.
struct ReportGap {
    std::string collector;
    EventTime from;
    EventTime until;
    std::string reason;
};

/// On whom the entity depended when it began, from the paths of the store.
struct ReportDependence {
    struct Network {
        Asn asn;
        double hegemony = 0;  ///< Rounded to 0.01.
    };
    EventTime at;
    std::size_t observers = 0;
    std::optional<std::size_t> cut;  ///< Fewest networks whose failure cuts it off.
    std::vector<Asn> cut_networks;
    std::vector<Network> networks;  ///< Most depended on first.
};

/// What a report is made from; `app` fills it.
struct ReportInput {
    Outage outage;
    Explanation why;
    std::optional<EventTime> as_of;  ///< Asked for; else what its newest revision knows.
    std::vector<ReportChart> charts;
    std::vector<ReportGap> gaps;
    std::optional<ReportDependence> dependence;
    std::vector<std::string> collectors;
    std::vector<std::string> credits;   ///< A line a source of data.
    std::string synthetic;              ///< What synthetic data says of itself; else empty.
    std::vector<std::string> commands;  ///< That make this report and its data again.
    std::string version;                ///< Of dimout.
};

struct ReportFacts : ReportInput {
    std::string name;  ///< In English; the catalogue's language has its own for countries.
    std::string zone;  ///< Of the place; empty when there is none.
    /// `certain`, `likely`, `probable` or `possible`: that it took place, not why.
    std::string hedge;
    bool counts_only = false;            ///< Routes do not say so, only counts.
    std::pair<EventTime, EventTime> at;  ///< Of the headline; the second is as_of while it lasts.
    bool over = false;
    ShownDuration lasted;
    std::optional<EventTime> unstable_since;
    bool unstable_after = false;
    long depth_percent = 0;
    std::optional<long> observed_percent;  ///< Of the history that a rank rests on.
    std::string worsening_p;  ///< Of the rank test, two digits; empty when it was not worsening.
    std::vector<ReportClock> clocks;
    std::vector<ShownCause> causes;
    std::optional<ShownCause> named;     ///< Only what the verdict names.
    std::vector<MissingFeature> settle;  ///< As in the explanation, with bits rounded to 0.01.
};

[[nodiscard]] ReportFacts report_facts(ReportInput input, const Naming& naming);

}  // namespace dimout::present
