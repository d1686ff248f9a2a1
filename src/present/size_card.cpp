#include "present/size_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "present/clock_text.h"

namespace dimout::present {
namespace {

/// From here on one is said to have several times as much as the other.
constexpr double kClearlyMore = 1.5;

struct Told {
    const SizeCount* count = nullptr;
    std::string_view adjective;
};

Told best_known(const SizeCard& card) {
    if (card.registered.addresses) return {&card.registered, "registered"};
    if (card.routed.addresses) return {&card.routed, "routed"};
    return {&card.geolocated, "geolocated"};
}

/// How many times the smaller goes into the larger: one digit behind the point below ten.
std::string times(double ratio) {
    return ratio < 10 ? fmt::format("{:.1f}", ratio)
                      : thousands(static_cast<std::uint64_t>(std::llround(ratio)));
}

std::string_view kind_of(const Entity& entity) {
    return entity.kind == Entity::Kind::Country ? "country" : "network";
}

std::string beside_the_typical(const SizeCard& card, const SizeCount& count) {
    if (!count.median || !count.rank_of || *count.addresses == 0) return {};
    const double ratio = static_cast<double>(*count.median) / static_cast<double>(*count.addresses);
    std::string how = "about as many";
    if (ratio >= kClearlyMore) how = times(ratio) + " times as many";
    if (ratio <= 1 / kClearlyMore) how = times(1 / ratio) + " times fewer";
    return fmt::format("; the typical {} (median of {}) has {}, {}", kind_of(card.entity),
                       *count.rank_of, thousands(*count.median), how);
}

std::string line_of(std::string_view name, const SizeCount& count) {
    if (!count.addresses) return fmt::format("  {:<10}  not known: {}\n", name, count.why_not);
    std::string text = fmt::format("  {:<10}  {} addresses", name, thousands(*count.addresses));
    if (count.slash48s.value_or(0) > 0)
        text += fmt::format(" and {} IPv6 /48s", thousands(*count.slash48s));
    if (count.rank)
        text += fmt::format(", rank {} of {} {}", *count.rank, *count.rank_of, count.among);
    text += fmt::format(" [{}", count.source);
    if (count.date) text += ", " + to_rfc3339(*count.date).substr(0, 10);
    return text + "]\n";
}

void write_or_null(JsonWriter& json, std::string_view key, const std::string& text) {
    json.key(key);
    text.empty() ? json.null() : json.value(text);
}

void write_count(JsonWriter& json, std::string_view key, const SizeCount& count) {
    json.key(key).begin_object();
    json.field("addresses", count.addresses).field("slash48s", count.slash48s);
    json.key("date");
    count.date ? json.value(to_rfc3339(*count.date)) : json.null();
    write_or_null(json, "source", count.source);
    write_or_null(json, "why_not", count.why_not);
    json.field("rank", count.rank).field("rank_of", count.rank_of).field("median", count.median);
    write_or_null(json, "among", count.among);
    json.end_object();
}

}  // namespace

unsigned smallest_prefix(std::uint64_t addresses) {
    return 32U - static_cast<unsigned>(std::bit_width(std::max<std::uint64_t>(addresses, 1) - 1));
}

std::string size_sentence(const SizeCard& card, const Naming& naming) {
    const auto [count, adjective] = best_known(card);
    if (!count->addresses) return {};
    const std::uint64_t number = *count->addresses;
    const std::string name = naming.name(card.entity);
    if (number == 0) return fmt::format("{} has no {} IPv4 addresses.", name, adjective);
    const unsigned length = smallest_prefix(number);
    return fmt::format("{}'s {} {} addresses are {} one /{}{}.", name, thousands(number), adjective,
                       std::has_single_bit(number) ? "as many as" : "fewer than", length,
                       beside_the_typical(card, *count));
}

std::string size_text(const SizeCard& card, const Naming& naming) {
    std::string text = line_of("registered", card.registered) + line_of("routed", card.routed) +
                       line_of("geolocated", card.geolocated);
    if (const std::string sentence = size_sentence(card, naming); !sentence.empty())
        text += "  " + sentence + '\n';
    return text;
}

void write_size(JsonWriter& json, const SizeCard& card, const Naming& naming) {
    json.begin_object().field("entity", to_string(card.entity)).field("at", to_rfc3339(card.at));
    write_count(json, "registered", card.registered);
    write_count(json, "routed", card.routed);
    write_count(json, "geolocated", card.geolocated);
    const SizeCount* const told = best_known(card).count;
    json.key("smallest_prefix");
    told->addresses ? json.value(smallest_prefix(*told->addresses)) : json.null();
    json.key("times_typical");
    if (told->addresses && told->median && *told->median > 0) {
        json.value(static_cast<double>(*told->addresses) / static_cast<double>(*told->median));
    } else {
        json.null();
    }
    write_or_null(json, "sentence", size_sentence(card, naming));
    json.end_object();
}

}  // namespace dimout::present
