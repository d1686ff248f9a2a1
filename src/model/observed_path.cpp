#include "model/observed_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dimout {
namespace {

void add_sequence(PlainPath& path, Bytes asns) {
    Cursor cursor(asns);
    while (!cursor.empty()) {
        const Asn asn{cursor.u32()};
        if (path.hops.empty() || path.hops.back() != asn) path.hops.push_back(asn);
    }
}

void add_set(PlainPath& path, Bytes asns) {
    std::vector<Asn> members;
    Cursor cursor(asns);
    while (!cursor.empty()) members.push_back(Asn{cursor.u32()});
    std::ranges::sort(members);
    const auto twice = std::ranges::unique(members);
    members.erase(twice.begin(), twice.end());
    // A set of one that repeats the aggregator is prepending by another name.
    if (members.size() == 1 && !path.hops.empty() && path.hops.back() == members.front()) return;
    path.hops.insert(path.hops.end(), members.begin(), members.end());
    path.origin_count = static_cast<std::uint32_t>(std::max<std::size_t>(members.size(), 1));
}

bool read_asn(std::string_view& text, Asn& asn) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), asn.value);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
    return true;
}

}  // namespace

PlainPath plain_path(AsPath wire) {
    PlainPath path;
    bool after_set = false;
    wire.for_each_segment([&](SegmentType type, unsigned count, Bytes asns) {
        if (count == 0 || (type != SegmentType::AsSequence && type != SegmentType::AsSet)) return;
        if (path.origin_count > 1) after_set = true;
        type == SegmentType::AsSet ? add_set(path, asns) : add_sequence(path, asns);
    });
    return after_set ? PlainPath{} : path;
}

std::string to_string(const PlainPath& path) {
    std::string text;
    const std::size_t set = path.origin_count > 1 ? path.hops.size() - path.origin_count : SIZE_MAX;
    for (std::size_t i = 0; i < path.hops.size(); ++i) {
        if (i > 0) text += ' ';
        if (i == set) text += '{';
        fmt::format_to(std::back_inserter(text), "{}", path.hops[i].value);
    }
    if (set != SIZE_MAX) text += '}';
    return text;
}

std::optional<PlainPath> parse_plain_path(std::string_view text) {
    PlainPath path;
    std::size_t set = SIZE_MAX;
    while (!text.empty() && text != "}") {
        if (text.starts_with('{')) {
            if (set != SIZE_MAX) return std::nullopt;
            set = path.hops.size();
            text.remove_prefix(1);
        }
        Asn asn;
        if (!read_asn(text, asn)) return std::nullopt;
        path.hops.push_back(asn);
    }
    if (text.empty() != (set == SIZE_MAX)) return std::nullopt;
    if (set != SIZE_MAX) path.origin_count = static_cast<std::uint32_t>(path.hops.size() - set);
    return path;
}

}  // namespace dimout
