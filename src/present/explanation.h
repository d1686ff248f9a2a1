// Why an outage may have come about, for people and for programs: every cause with what speaks for
// and against it, what may be named or excluded, and what would settle it.
//
// Shares are those of a model over a table of likelihoods, and are called so. A cause stands in the
// headline only when the assessment names it. Official words are quoted beside, and weigh nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/outage.h"
#include "present/naming.h"
#include "present/size_card.h"

namespace dimout::present {

/// One observation and what it says of a cause, in decibans (ten: ten times as likely).
struct CauseLine {
    std::string text;  ///< "it lasted 9 h 31 min".
    double decibans = 0;
    std::string feature;  ///< `duration`.
    std::string level;    ///< `6_to_12_h`.
};

struct CauseView {
    std::string code;         ///< `cable_cut`.
    std::string title;        ///< "a cut cable".
    std::string radar;        ///< The word of Cloudflare Radar.
    std::string keepiton;     ///< The word of KeepItOn; empty when it has none.
    std::string inseparable;  ///< What looks the same from outside; empty for nothing known.
    double prior = 0;
    double posterior = 0;
    double lo = 0;  ///< 5 % and 95 % of the posterior, given how little the table knows.
    double hi = 0;
    std::vector<CauseLine> speaks_for;      ///< Strongest first.
    std::vector<CauseLine> speaks_against;  ///< Strongest first.
};

/// A cause that is unlikely, and the observation that makes it so.
struct ExcludedCause {
    std::string code;
    std::string title;
    std::string because;
    std::string feature;  ///< That which `because` says in words, and its level.
    std::string level;
};

struct SeenFeature {
    std::string feature;  ///< `start_on_half_hour`.
    std::string level;    ///< `no`.
    std::string value;    ///< "it began at …".
    std::string source;
};

/// An observation that we do not have and that would move the answer most.
struct MissingFeature {
    std::string feature;
    std::string title;
    std::string holder;  ///< Who has it.
    double bits = 0;     ///< How far it moves the answer, on average over what it may show.
};

/// What somebody said or noted, with its source. `stance` is empty unless it is a statement.
struct QuotedRecord {
    UncertainTime when;
    std::string kind;
    std::string who;
    std::string stance;
    std::string text;
    std::string source;
    bool weighed = false;  ///< It set a feature; else it is only quoted.
};

struct Explanation {
    std::string verdict;               ///< "named", "insufficient evidence", "not observable".
    std::optional<std::string> named;  ///< The code of the cause; with "named" only.
    std::vector<std::string> unmet;    ///< What keeps a cause from being named.
    std::vector<CauseView> causes;     ///< Likeliest first; every cause of the table.
    std::vector<ExcludedCause> excluded;
    std::vector<SeenFeature> seen;
    std::vector<MissingFeature> missing;  ///< Most telling first.
    std::vector<QuotedRecord> records;
    /// Who withdrew, the first sentence first; empty when no paths are known.
    std::vector<std::string> withdrawal;
    std::string table;             ///< Version of the table of likelihoods.
    std::optional<SizeCard> size;  ///< Of the entity when it began.
};

/// "Insufficient evidence: no cause is named." or what is named, hedged; never a motive.
[[nodiscard]] std::string verdict_sentence(const Explanation& why);

/// For the terminal, about 60 lines.
[[nodiscard]] std::string explanation_text(const Outage& outage, const Explanation& why,
                                           const Naming& naming);

/// Appends `causes`, `verdict`, `excluded`, `would_settle`, … as fields of the object that is open.
void write_explanation(JsonWriter& json, const Explanation& why, const Naming& naming);

}  // namespace dimout::present
