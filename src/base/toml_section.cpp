#include "base/toml_section.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest_word.h"

namespace dimout {
namespace {

bool is_replaced(char letter) {
    return letter == '?' || static_cast<unsigned char>(letter) >= 0x80;
}

/// The part of `text` from line and column to line and column, counted from 1, the end left out.
std::string_view part_of(std::string_view text, const toml::source_region& region) {
    const auto place = [&](const toml::source_position& position) {
        std::size_t at = 0;
        for (std::uint32_t line = 1; line < position.line; ++line) at = text.find('\n', at) + 1;
        return std::min(text.size(), at + position.column - 1);
    };
    const std::size_t begin = place(region.begin);
    return text.substr(begin, place(region.end) - begin);
}

}  // namespace

void TomlFaults::add(std::uint32_t line, std::string what) {
    const auto place = std::ranges::upper_bound(faults_, line, {}, &Fault::line);
    faults_.insert(place, {line, std::move(what)});
}

std::string TomlFaults::text() const {
    std::string text;
    for (const Fault& fault : faults_) {
        text += fmt::format("{}{}:{}: {}{}", text.empty() ? "" : "\n", file_, fault.line,
                            fault.what, fault.what.ends_with('?') ? "" : ".");
    }
    return text;
}

TomlDocument::TomlDocument(std::string_view text, std::string file)
    : text_(text), faults_(std::move(file)) {
    toml::parse_result parsed = parse_toml(text);
    if (parsed) {
        table_ = std::move(parsed).table();
        return;
    }
    readable_ = false;
    const toml::parse_error& error = parsed.error();
    faults_.add(error.source().begin.line,
                fmt::format("{}; what comes after was not read", error.description()));
}

/// The parser was given question marks for letters beyond ASCII (toml.h): they are put back, in
/// their order. An escape that means a question mark breaks that order, and then they stay.
std::string TomlDocument::text_of(const toml::node& node) const {
    std::string value(*node.value_exact<std::string_view>());
    const std::string_view written = part_of(text_, node.source());
    if (std::ranges::count(value, '?') != std::ranges::count_if(written, is_replaced)) return value;
    auto next = written.begin();
    for (char& letter : value) {
        if (letter != '?') continue;
        next = std::find_if(next, written.end(), is_replaced);
        letter = *next++;
    }
    return value;
}

const toml::node* TomlSection::node(std::string_view key) {
    known_.push_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
}

void TomlSection::fault(const toml::node& node, std::string_view key, std::string_view what) {
    document_.faults_.add(node.source().begin.line, fmt::format("{}{}: {}", path_, key, what));
}

void TomlSection::text(std::string_view key, std::optional<std::string>& target,
                       const TomlCheck& check) {
    const toml::node* found = node(key);
    if (found == nullptr) return;
    if (!found->is_string()) return fault(*found, key, "expected a text in quotes");
    std::string value = document_.text_of(*found);
    const std::string wrong = check ? check(value) : "";
    if (!wrong.empty()) return fault(*found, key, wrong);
    target = std::move(value);
}

void TomlSection::texts(std::string_view key, std::optional<std::vector<std::string>>& target,
                        const TomlCheck& check) {
    const toml::node* found = node(key);
    if (found == nullptr) return;
    const toml::array* array = found->as_array();
    if (array == nullptr) return fault(*found, key, "expected a list of texts: [\"…\", \"…\"]");
    std::vector<std::string> values;
    for (const toml::node& item : *array) {
        if (!item.is_string()) {
            fault(item, key, "expected a text in quotes");
            continue;
        }
        values.push_back(document_.text_of(item));
        const std::string wrong = check ? check(values.back()) : "";
        if (!wrong.empty()) fault(item, key, wrong);
    }
    target = std::move(values);
}

void TomlSection::number(std::string_view key, std::optional<std::int64_t>& target,
                         std::int64_t least, std::int64_t most) {
    const toml::node* found = node(key);
    if (found == nullptr) return;
    const auto value = found->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most)
        return fault(*found, key, fmt::format("expected a number from {} to {}", least, most));
    target = value;
}

void TomlSection::truth(std::string_view key, std::optional<bool>& target) {
    const toml::node* found = node(key);
    if (found == nullptr) return;
    const auto value = found->value_exact<bool>();
    if (!value) return fault(*found, key, "expected true or false");
    target = value;
}

TomlSection TomlSection::section(std::string_view key) {
    const toml::node* found = node(key);
    const toml::table* table = found == nullptr ? nullptr : found->as_table();
    if (found != nullptr && table == nullptr)
        fault(*found, key, fmt::format("expected a table: [{}{}]", path_, key));
    return {document_, table, fmt::format("{}{}.", path_, key)};
}

void TomlSection::leave(std::initializer_list<std::string_view> keys) {
    known_.insert(known_.end(), keys);
}

std::uint32_t TomlSection::line_of(std::string_view key) const {
    const toml::node* found = table_ == nullptr ? nullptr : table_->get(key);
    return found == nullptr ? 0 : found->source().begin.line;
}

std::vector<std::string_view> TomlSection::present() const {
    std::vector<std::string_view> keys;
    if (table_ == nullptr) return keys;
    for (const auto& [key, value] : *table_) keys.push_back(key.str());
    return keys;
}

void TomlSection::finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_) {
        if (std::ranges::find(known_, key.str()) != known_.end()) continue;
        const std::string_view meant = nearest_word(key.str(), known_);
        document_.faults_.add(
            key.source().begin.line,
            fmt::format("{}{}: there is no such key{}", path_, key.str(),
                        meant.empty() ? "" : fmt::format("; did you mean `{}`?", meant)));
    }
}

}  // namespace dimout
