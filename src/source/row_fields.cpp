#include "source/row_fields.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace dimout::source {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::size_t end = text.find_last_not_of(kBlanks);
    return end == std::string_view::npos ? std::string_view{} : text.substr(begin, end + 1 - begin);
}

/// Takes one field off the front of `line`; false when a quote is never closed.
bool take_field(std::string_view& line, std::string& field) {
    field.clear();
    if (!line.starts_with('"')) {
        const std::size_t end = std::min(line.find(','), line.size());
        field = trimmed(line.substr(0, end));
        line.remove_prefix(end);
        return true;
    }
    line.remove_prefix(1);
    while (true) {
        const std::size_t quote = line.find('"');
        if (quote == std::string_view::npos) return false;
        field += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (!line.starts_with('"')) return line.empty() || line.front() == ',';
        field += '"';
        line.remove_prefix(1);
    }
}

class CsvFields final : public RowFields {
public:
    explicit CsvFields(std::vector<std::size_t> places)
        : places_(std::move(places)), needed_(std::ranges::max(places_) + 1) {}

    std::string read(std::string_view line, std::vector<std::string_view>& fields) override {
        std::size_t count = 0;
        for (bool more = true; more; ++count) {
            if (count == found_.size()) found_.emplace_back();
            if (!take_field(line, found_[count]))
                return fmt::format("field {} has a quote that is never closed", count + 1);
            more = !line.empty();
            if (more) line.remove_prefix(1);
        }
        if (count < needed_)
            return fmt::format("the row has {} fields, and the header {} at least", count, needed_);
        fields.clear();
        for (const std::size_t place : places_) fields.emplace_back(found_[place]);
        return {};
    }

private:
    std::vector<std::size_t> places_;
    std::size_t needed_;
    std::vector<std::string> found_;
};

class JsonFields final : public RowFields {
public:
    explicit JsonFields(std::vector<std::string> names)
        : names_(std::move(names)), found_(names_.size()) {}

    std::string read(std::string_view line, std::vector<std::string_view>& fields) override {
        buffer_.assign(line);
        buffer_.append(simdjson::SIMDJSON_PADDING, '\0');
        for (std::string& one : found_) one.clear();
        if (const auto error = read_object(line.size()); error != simdjson::SUCCESS)
            return fmt::format("no JSON object of texts and numbers: {}", error_message(error));
        fields.assign(found_.begin(), found_.end());
        return {};
    }

private:
    simdjson::error_code read_object(std::size_t size) {
        simdjson::dom::object object;
        if (auto error = parser_.parse(buffer_.data(), size, false).get(object)) return error;
        for (const auto& [name, value] : object) {
            const auto wanted = std::ranges::find(names_, name);
            if (wanted == names_.end()) continue;
            std::string& text = found_[static_cast<std::size_t>(wanted - names_.begin())];
            if (auto error = read_value(value, text)) return error;
        }
        return simdjson::SUCCESS;
    }

    /// Numbers as text again, so that all forms are judged by one rule; nothing is lost by it.
    static simdjson::error_code read_value(simdjson::dom::element value, std::string& text) {
        using simdjson::dom::element_type;
        switch (value.type()) {
            case element_type::STRING: text = value.get_string().value_unsafe(); break;
            case element_type::INT64:
                text = fmt::to_string(value.get_int64().value_unsafe());
                break;
            case element_type::UINT64:
                text = fmt::to_string(value.get_uint64().value_unsafe());
                break;
            case element_type::DOUBLE:
                text = fmt::to_string(value.get_double().value_unsafe());
                break;
            case element_type::NULL_VALUE: text.clear(); break;
            default: return simdjson::INCORRECT_TYPE;
        }
        return simdjson::SUCCESS;
    }

    std::vector<std::string> names_;
    std::vector<std::string> found_;
    std::string buffer_;
    simdjson::dom::parser parser_;
};

}  // namespace

bool says_nothing(std::string_view field) {
    constexpr std::array<std::string_view, 7> kWords{"", "NA", "N/A", "NaN", "nan", "null", "None"};
    return std::ranges::find(kWords, field) != kWords.end();
}

std::vector<std::string> csv_names(std::string_view line) {
    std::vector<std::string> names;
    for (bool more = true; more;) {
        if (!take_field(line, names.emplace_back())) return {};
        more = !line.empty();
        if (more) line.remove_prefix(1);
    }
    return names;
}

std::unique_ptr<RowFields> csv_fields(std::vector<std::size_t> places) {
    return std::make_unique<CsvFields>(std::move(places));
}

std::unique_ptr<RowFields> json_fields(std::vector<std::string> names) {
    return std::make_unique<JsonFields>(std::move(names));
}

}  // namespace dimout::source
