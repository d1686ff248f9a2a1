// Reading JSON: fields by name over simdjson, with one flag for anything that is not as expected.
//
// Include in .cpp files only: simdjson is a heavy header.
#pragma once

#include <simdjson.h>

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace dimout {

/// A value of a parsed document. Asking for what is not there sets `failed` of the whole document
/// and yields an empty value, so that a reader asks for everything and checks once.
class JsonValue {
public:
    JsonValue(simdjson::dom::element element, bool& failed) : element_(element), failed_(failed) {}

    [[nodiscard]] JsonValue at(std::string_view name) const {
        simdjson::dom::element child;
        if (!failed_ && element_[name].get(child) == simdjson::SUCCESS) return {child, failed_};
        failed_ = true;
        return *this;
    }
    /// Whether there is such a field, for those that came later than the format.
    [[nodiscard]] bool has(std::string_view name) const {
        return element_[name].error() == simdjson::SUCCESS;
    }
    [[nodiscard]] bool is_null() const { return element_.is_null(); }
    [[nodiscard]] std::string text() const { return std::string(value_of(element_.get_string())); }
    [[nodiscard]] std::uint64_t number() const { return value_of(element_.get_uint64()); }
    [[nodiscard]] std::int64_t integer() const { return value_of(element_.get_int64()); }
    /// null is "not a number", which JSON cannot say.
    [[nodiscard]] double real() const {
        return is_null() ? std::numeric_limits<double>::quiet_NaN()
                         : value_of(element_.get_double());
    }
    [[nodiscard]] bool truth() const { return value_of(element_.get_bool()); }
    [[nodiscard]] EventTime time() const { return known(parse_time(text())); }

    /// `maybe`, or an empty value and a failure.
    template <typename T>
    T known(const std::optional<T>& maybe) const {
        if (!maybe) failed_ = true;
        return maybe.value_or(T{});
    }

    template <typename Visit>
    void for_each(Visit visit) const {
        simdjson::dom::array items;
        if (element_.get_array().get(items) != simdjson::SUCCESS) {
            failed_ = true;
            return;
        }
        for (const simdjson::dom::element item : items) visit(JsonValue(item, failed_));
    }

private:
    template <typename T>
    T value_of(simdjson::simdjson_result<T> result) const {
        T value{};
        if (std::move(result).get(value) != simdjson::SUCCESS) failed_ = true;
        return failed_ ? T{} : value;
    }

    simdjson::dom::element element_;
    bool& failed_;
};

/// JSON is UTF-8; a name that somebody's router sent may not be.
inline std::string clean(std::string text) {
    if (simdjson::validate_utf8(text)) return text;
    for (char& c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
    return text;
}

/// Parses `text`, hands the root to `read`, and says whether all that was asked for was there.
template <typename Read>
bool read_json(std::string_view text, Read read) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    bool failed = false;
    if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return false;
    read(JsonValue(root, failed));
    return !failed;
}

}  // namespace dimout
