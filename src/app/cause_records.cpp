#include "app/cause_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/csv.h"
#include "catalogue/moment.h"

namespace dimout::app {
namespace {

using Kind = CauseRecord::Kind;

constexpr std::array<std::string_view, 5> kKinds{"note", "attack", "power", "rpki", "statement"};
constexpr std::array<std::string_view, 3> kStances{"claim", "denial", "no comment"};

std::optional<Kind> kind_of(std::string_view text) {
    const auto found = std::ranges::find(kKinds, text);
    if (found == kKinds.end()) return std::nullopt;
    return static_cast<Kind>(found - kKinds.begin());
}

/// What a row of this kind says, unless it names a feature itself.
std::optional<cause::Feature> usual_feature(Kind kind) {
    switch (kind) {
        case Kind::Attack: return cause::Feature::AttackSeen;
        case Kind::Power: return cause::Feature::PowerLost;
        case Kind::Rpki: return cause::Feature::ForeignOrigin;
        case Kind::Note:
        case Kind::Statement: return std::nullopt;
    }
    return std::nullopt;
}

class RecordReader {
public:
    explicit RecordReader(std::string_view csv) : csv_(csv) {}

    Result<CauseRecords> read() {
        csv_.next(head_);
        for (const std::string_view needed : {"time", "kind", "source", "text"}) {
            if (std::ranges::find(head_, needed) == head_.end())
                return fail(
                    fmt::format("records: the first line must name a column '{}'; it has "
                                "time, kind, source, text and, where they apply, entity, "
                                "who, stance, feature, level.",
                                needed));
        }
        CauseRecords found;
        while (csv_.next(fields_)) {
            auto row = found.rows.size() < kRecordsMax
                           ? record()
                           : std::unexpected(fmt::format("more than {} rows", kRecordsMax));
            if (row)
                found.rows.push_back(std::move(*row));
            else
                found.refused.push_back({.line = csv_.line(), .reason = std::move(row.error())});
        }
        return found;
    }

private:
    [[nodiscard]] std::string field(std::string_view name) const {
        const auto place = static_cast<std::size_t>(std::ranges::find(head_, name) - head_.begin());
        return place < fields_.size() && place < head_.size() ? fields_[place] : std::string();
    }

    [[nodiscard]] std::expected<CauseRecord, std::string> record() const {
        const auto too_long = [](const std::string& one) { return one.size() > kRecordTextMax; };
        if (std::ranges::any_of(fields_, too_long))
            return std::unexpected(fmt::format("a field of more than {} bytes", kRecordTextMax));
        // They would reach a terminal, which obeys them.
        const auto has_control = [](const std::string& one) {
            return std::ranges::any_of(one, [](char c) {
                return static_cast<unsigned char>(c) < 0x20 ||
                       static_cast<unsigned char>(c) == 0x7F;
            });
        };
        if (std::ranges::any_of(fields_, has_control))
            return std::unexpected("it holds control characters");
        const auto kind = kind_of(field("kind"));
        if (!kind)
            return std::unexpected(fmt::format(
                "'{}' is no kind: note, attack, power, rpki or statement", field("kind")));
        const auto when = catalogue::parse_moment(field("time"));
        if (!when) return std::unexpected(fmt::format("'{}' is no time", field("time")));
        CauseRecord row{.kind = *kind,
                        .when = *when,
                        .entity = {},
                        .source = field("source"),
                        .text = field("text"),
                        .who = field("who"),
                        .stance = field("stance"),
                        .feature = usual_feature(*kind),
                        .level = 1};
        if (row.source.empty()) return std::unexpected("it names no source");
        if (row.text.empty()) return std::unexpected("it says nothing");
        if (const std::string text = field("entity"); !text.empty()) {
            row.entity = parse_entity(text);
            if (!row.entity) return std::unexpected(fmt::format("'{}' is no entity", text));
        }
        if (auto wrong = statement_fault(row); !wrong.empty()) return std::unexpected(wrong);
        if (auto wrong = take_feature(row); !wrong.empty()) return std::unexpected(wrong);
        return row;
    }

    [[nodiscard]] static std::string statement_fault(const CauseRecord& row) {
        if (row.kind != Kind::Statement)
            return row.stance.empty() ? "" : "only a statement has a stance";
        if (row.who.empty()) return "a statement names who made it";
        if (std::ranges::find(kStances, row.stance) == kStances.end())
            return fmt::format("'{}' is no stance: claim, denial or no comment", row.stance);
        return {};
    }

    /// The feature that the row names itself; why it may not, or nothing.
    [[nodiscard]] std::string take_feature(CauseRecord& row) const {
        const std::string name = field("feature");
        const std::string level = field("level");
        if (name.empty() && level.empty()) return {};
        if (row.kind == Kind::Statement) return "a statement weighs nothing and sets no feature";
        const auto feature = name.empty() ? row.feature : cause::feature_of(name);
        if (!feature) return fmt::format("'{}' is no feature", name);
        const auto levels = cause::levels_of(*feature);
        const auto place = std::ranges::find(levels, level.empty() ? "yes" : level);
        if (place == levels.end())
            return fmt::format("'{}' is no level of {}", level, cause::to_string(*feature));
        row.feature = feature;
        row.level = static_cast<std::uint8_t>(place - levels.begin());
        return {};
    }

    catalogue::CsvReader csv_;
    std::vector<std::string> head_;
    std::vector<std::string> fields_;
};

}  // namespace

std::string_view to_string(CauseRecord::Kind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

Result<CauseRecords> read_cause_records(std::string_view csv) { return RecordReader(csv).read(); }

}  // namespace dimout::app
