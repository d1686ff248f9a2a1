#include "scenario/words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace dimout::scenario {
namespace {

constexpr std::string_view kSpaces = " \t\r";

struct Unit {
    char letter;
    std::int64_t seconds;
};

constexpr std::array<Unit, 4> kUnits{{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

std::optional<std::uint64_t> to_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<unsigned> to_small(std::string_view text) {
    const auto number = to_number(text);
    if (!number || *number > 100'000'000) return std::nullopt;
    return static_cast<unsigned>(*number);
}

std::optional<Asn> to_asn(std::string_view text) {
    const auto number = to_number(text);
    if (!number || *number == 0 || *number > UINT32_MAX) return std::nullopt;
    return Asn{static_cast<std::uint32_t>(*number)};
}

std::optional<seconds> to_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto* unit = std::ranges::find(kUnits, text.back(), &Unit::letter);
    const auto count = to_small(text.substr(0, text.size() - 1));
    if (unit == kUnits.end() || !count || *count == 0) return std::nullopt;
    return seconds{static_cast<std::int64_t>(*count) * unit->seconds};
}

std::optional<Pieces> to_pieces(std::string_view text) {
    const std::size_t cross = text.find('x');
    if (cross == std::string_view::npos) return std::nullopt;
    const auto count = to_small(text.substr(0, cross));
    const auto length = to_small(text.substr(cross + 1));
    if (!count || *count == 0 || !length || *length == 0 || *length > 128) return std::nullopt;
    return Pieces{.count = *count, .length = *length};
}

std::optional<unsigned> without_end(std::string_view text, std::string_view end) {
    if (!text.ends_with(end)) return std::nullopt;
    return to_small(text.substr(0, text.size() - end.size()));
}

}  // namespace

Words::Words(std::string_view line) {
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(kSpaces), line.size()));
        if (line.empty() || line.front() == '#') return;
        const bool quoted = line.front() == '"';
        if (quoted) line.remove_prefix(1);
        const std::size_t end = std::min(line.find_first_of(quoted ? "\"" : kSpaces), line.size());
        if (quoted && end == line.size()) {
            wrong("a quote is never closed");
            return;
        }
        words_.push_back(line.substr(0, end));
        line.remove_prefix(end + (quoted ? 1 : 0));
    }
}

bool Words::take(std::string_view word) {
    if (!error_.empty() || empty() || words_[next_] != word) return false;
    ++next_;
    return true;
}

void Words::want(std::string_view word) {
    if (!take(word)) expected(fmt::format("'{}'", word));
}

std::string_view Words::word(std::string_view what) {
    if (empty()) expected(what);
    return error_.empty() ? words_[next_++] : std::string_view{};
}

template <typename T>
T Words::parsed(const std::optional<T>& value, std::string_view what) {
    if (!value || empty()) expected(what);
    if (!error_.empty()) return T{};
    ++next_;
    return *value;
}

std::uint64_t Words::number(std::string_view what) { return parsed(to_number(peek()), what); }

unsigned Words::percent() {
    const auto share = without_end(peek(), "%");
    return parsed(share && *share <= 100 ? share : std::nullopt, "a share such as 40%");
}

unsigned Words::rate(char unit) {
    const char end[] = {'/', unit};
    return parsed(without_end(peek(), {end, 2}), fmt::format("a rate such as 12/{}", unit));
}

unsigned Words::factor() {
    const std::string_view text = peek();
    return parsed(text.starts_with('x') ? to_small(text.substr(1)) : std::nullopt,
                  "a factor such as x2");
}

EventTime Words::time() {
    return parsed(parse_time(peek()), "a time such as 2014-12-22T16:15:40Z");
}

seconds Words::duration() {
    return parsed(to_duration(peek()), "a duration such as 90s, 15m, 2h or 1d");
}

Asn Words::asn() { return parsed(to_asn(peek()), "an AS number such as 131279"); }

Prefix Words::prefix() { return parsed(parse_prefix(peek()), "a prefix such as 175.45.176.0/22"); }

Entity Words::entity() { return parsed(parse_entity(peek()), "an entity such as country/KP"); }

CountryCode Words::country() {
    return parsed(CountryCode::parse(peek()), "a country's two letters such as KP");
}

Pieces Words::pieces() { return parsed(to_pieces(peek()), "pieces such as 4x24"); }

bool Words::on_or_off() {
    if (take("on")) return true;
    want("off");
    return false;
}

void Words::expected(std::string_view what) {
    if (empty()) return wrong(fmt::format("expected {}, but the line ends", what));
    wrong(fmt::format("expected {}, not '{}'", what, peek()));
}

void Words::wrong(std::string sentence) {
    if (error_.empty()) error_ = std::move(sentence);
}

std::string print_duration(seconds duration) {
    const auto divides = [&](const Unit& unit) { return duration.count() % unit.seconds == 0; };
    const auto* unit = std::ranges::find_if(kUnits, divides);
    return fmt::format("{}{}", duration.count() / unit->seconds, unit->letter);
}

}  // namespace dimout::scenario
