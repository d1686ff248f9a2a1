#include "source/series_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "source/decompress.h"
#include "source/line_reader.h"
#include "source/row_fields.h"

namespace dimout::source {
namespace {

/// What a stamp can be: 1970 to 2199. Anything else is damage, and bins up to it would be made.
constexpr std::int64_t kTimeEnd = 7'258'118'400;
constexpr std::uint32_t kWidthMax = 366 * 86'400;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kShown = 60;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// What to look for, in the order of the long form.
enum LongField : std::size_t { kTime, kEntity, kSignal, kValue, kWidth };
constexpr std::array<std::string_view, 4> kTimeNames{"time", "timestamp", "datetime", "date"};

/// A part of the input that can be shown: short, and without what a terminal takes for orders.
std::string shown(std::string_view text) {
    std::string clean(text.substr(0, kShown));
    for (char& c : clean) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return clean + (text.size() > kShown ? "…" : "");
}

std::optional<std::int64_t> to_time(std::string_view text) {
    // Epoch seconds as tools with floating point write them: 1692493200.0.
    if (text.ends_with(".0")) text.remove_suffix(2);
    const auto time = parse_time(text);
    if (!time || unix_seconds(*time) < 0 || unix_seconds(*time) >= kTimeEnd) return std::nullopt;
    return unix_seconds(*time);
}

std::optional<double> to_value(std::string_view text) {
    if (says_nothing(text)) return kMissing;
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && stop == text.data() + text.size();
    if (!whole || !std::isfinite(value) || value < 0) return std::nullopt;
    return value + 0.0;  // Minus zero is zero.
}

std::optional<std::uint32_t> to_width(std::string_view text) {
    if (says_nothing(text)) return 0;
    std::uint32_t width = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), width);
    const bool whole = error == std::errc{} && stop == text.data() + text.size();
    if (!whole || width == 0 || width > kWidthMax) return std::nullopt;
    return width;
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

}  // namespace

/// One file: finds out what its lines are, then turns each into rows.
class SeriesRows::Reading {
public:
    Reading(SeriesRows& rows, const SeriesSpec& spec, std::uint32_t file)
        : rows_(rows), spec_(spec), file_(file) {}

    Result<void> run(std::unique_ptr<ByteStream> stream) {
        LineReader lines(std::move(stream));
        Line line;
        while (lines.next(line)) {
            if (line.number == 1 && line.text.starts_with(kMark))
                line.text.remove_prefix(kMark.size());
            if (line.text.empty() && !line.too_long) continue;
            if (fields_ == nullptr) {
                if (auto done = begin(line); !done) return done;
                if (!is_json_) continue;
            }
            read_row(line);
        }
        for (const StreamFault& fault : lines.faults()) {
            // What is only padding behind the content loses nothing.
            if (fault.lost) add_error(fault.code, {}, fault.reason);
        }
        if (fields_ == nullptr) add_error("series_empty", {}, "the file holds no row");
        return {};
    }

private:
    void add_error(std::string code, const Line& line, std::string reason) {
        rows_.errors_.add(
            {.code = std::move(code),
             .position = {.file = FileId{file_}, .offset = line.offset, .record = line.number},
             .reason = std::move(reason)});
    }

    [[nodiscard]] std::vector<std::string> wanted(const std::string& time) const {
        if (!spec_.is_wide()) return {time, "entity", "signal", "value", "width"};
        std::vector<std::string> names{time};
        for (const SeriesSpec::Column& column : spec_.columns) names.push_back(column.name);
        if (spec_.where) names.push_back(spec_.where->column);
        return names;
    }

    /// The first line: a JSON object, or the names of columns.
    Result<void> begin(const Line& line) {
        is_json_ = line.text.starts_with('{');
        if (is_json_) {
            fields_ = json_fields(wanted(spec_.time_column.empty() ? "time" : spec_.time_column));
            return {};
        }
        std::vector<std::string> names = csv_names(line.text);
        if (!spec_.is_wide()) std::ranges::transform(names, names.begin(), lower);
        std::vector<std::size_t> places;
        for (const std::string& name : wanted(time_name(names))) {
            const auto found = std::ranges::find(names, name);
            if (found == names.end() && !spec_.is_wide() && name == "width") continue;
            if (found == names.end()) return no_column(name);
            places.push_back(static_cast<std::size_t>(found - names.begin()));
        }
        fields_ = csv_fields(std::move(places));
        return {};
    }

    [[nodiscard]] std::string time_name(const std::vector<std::string>& names) const {
        if (!spec_.time_column.empty()) return spec_.time_column;
        for (const std::string_view name : kTimeNames) {
            if (std::ranges::find(names, name) != names.end()) return std::string(name);
        }
        return "time";
    }

    [[nodiscard]] Result<void> no_column(const std::string& name) const {
        return fail(fmt::format(
            "{}: its first line names no column '{}'. Expected time,entity,signal,value, or say "
            "which columns to read: {},entity=country/IQ,columns=NAME:traffic.requests.",
            spec_.path, name, spec_.path));
    }

    void read_row(const Line& line) {
        ++rows_.lines_;
        if (line.too_long) {
            return add_error("series_line", line,
                             fmt::format("the line is longer than {} bytes", kLineMax));
        }
        if (auto reason = fields_->read(line.text, found_); !reason.empty())
            return add_error("series_row", line, std::move(reason));
        if (spec_.where && found_.back() != spec_.where->value) return;
        const auto time = to_time(found_[kTime]);
        if (!time) {
            return add_error("series_time", line,
                             fmt::format("'{}' is no time", shown(found_[kTime])));
        }
        spec_.is_wide() ? read_wide(line, *time) : read_long(line, *time);
    }

    void read_wide(const Line& line, std::int64_t time) {
        for (std::size_t i = 0; i < spec_.columns.size(); ++i) {
            const std::string& signal = spec_.columns[i].signal;
            add(line, time, found_[i + 1], 0, rows_.key_of(*spec_.entity, signal));
        }
    }

    void read_long(const Line& line, std::int64_t time) {
        const auto key = long_key(line);
        if (!key) return;
        const auto width = to_width(found_.size() > kWidth ? found_[kWidth] : std::string_view{});
        if (!width) {
            return add_error("series_width", line,
                             fmt::format("'{}' is no width in seconds, of a year at most",
                                         shown(found_[kWidth])));
        }
        add(line, time, found_[kValue], *width, *key);
    }

    /// Files mostly say a few names over and over.
    std::optional<std::uint32_t> long_key(const Line& line) {
        std::string text(found_[kEntity]);
        text += '\n';
        text += found_[kSignal];
        if (const auto known = names_.find(text); known != names_.end()) return known->second;
        const auto entity = parse_entity(found_[kEntity]);
        if (!entity) {
            add_error("series_entity", line,
                      fmt::format("'{}' is no entity such as country/KP", shown(found_[kEntity])));
            return std::nullopt;
        }
        if (!is_signal_name(found_[kSignal])) {
            add_error(
                "series_signal", line,
                fmt::format("'{}' is no signal such as traffic.requests", shown(found_[kSignal])));
            return std::nullopt;
        }
        return names_[std::move(text)] = rows_.key_of(*entity, found_[kSignal]);
    }

    void add(const Line& line, std::int64_t time, std::string_view field, std::uint32_t width,
             std::uint32_t key) {
        const auto value = to_value(field);
        if (!value) {
            return add_error("series_value", line,
                             fmt::format("'{}' is no number of 0 or more", shown(field)));
        }
        rows_.rows_.push_back({.time = time,
                               .value = *value,
                               .width = width,
                               .key = key,
                               .file = file_,
                               .line = static_cast<std::uint32_t>(line.number)});
    }

    SeriesRows& rows_;
    const SeriesSpec& spec_;
    std::uint32_t file_;
    std::unique_ptr<RowFields> fields_;
    bool is_json_ = false;
    std::vector<std::string_view> found_;
    std::unordered_map<std::string, std::uint32_t> names_;
};

Result<void> SeriesRows::read(const SeriesSpec& spec, std::uint32_t file) {
    auto stream = open_file(spec.path);
    if (!stream) return std::unexpected(stream.error());
    return Reading(*this, spec, file).run(decompress(std::move(*stream)));
}

std::uint32_t SeriesRows::key_of(const Entity& entity, std::string_view signal) {
    SeriesKey key{.entity = entity, .signal = std::string(signal)};
    const auto [found, is_new] =
        numbers_.try_emplace(key, static_cast<std::uint32_t>(keys_.size()));
    if (is_new) keys_.push_back(std::move(key));
    return found->second;
}

}  // namespace dimout::source
