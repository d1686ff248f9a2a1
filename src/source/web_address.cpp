#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "source/message_channel.h"

namespace dimout::source {
namespace {

struct Scheme {
    std::string_view name;
    bool tls;
    bool is_socket;
    std::string_view port;
};
constexpr Scheme kSchemes[] = {{"wss", true, true, "443"},
                               {"ws", false, true, "80"},
                               {"https", true, false, "443"},
                               {"http", false, false, "80"}};

bool is_port(std::string_view text) {
    unsigned number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size() && number > 0 &&
           number <= UINT16_MAX;
}

/// A space or control character would let the address write lines of its own into the request.
bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

Result<WebAddress> parse_web_address(std::string_view url) {
    const auto bad = [&](std::string_view why) {
        return fail(
            fmt::format("{}: {}. Expected wss://host[:port]/path, or ws, https, http.", url, why));
    };
    const std::size_t colon = url.find("://");
    if (!is_printable(url)) return bad("an address has no spaces or control characters");
    const auto* scheme = std::ranges::find(kSchemes, url.substr(0, colon), &Scheme::name);
    if (colon == std::string_view::npos || scheme == std::end(kSchemes))
        return bad("no such kind of address");
    url.remove_prefix(colon + 3);
    const std::size_t slash = std::min(url.find_first_of("/?#"), url.size());
    std::string_view place = url.substr(0, slash);
    std::string_view target = url.substr(slash);
    target = target.substr(0, target.find('#'));
    WebAddress address{
        .tls = scheme->tls,
        .is_socket = scheme->is_socket,
        .host = {},
        .port = std::string(scheme->port),
        .target = target.starts_with('/') ? std::string(target) : fmt::format("/{}", target)};
    const bool bracketed = place.starts_with('[') && place.contains(']');
    const std::size_t host_end =
        bracketed ? place.find(']') : std::min(place.find(':'), place.size());
    address.host = place.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
    place.remove_prefix(host_end + (bracketed ? 1 : 0));
    if (address.host.empty() || address.host.contains('@')) return bad("it names no host");
    if (!place.empty()) {
        if (!place.starts_with(':') || !is_port(place.substr(1))) return bad("it has no such port");
        address.port = place.substr(1);
    }
    return address;
}

}  // namespace dimout::source
