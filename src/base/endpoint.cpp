#include "base/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

namespace dimout {
namespace {

bool is_address(const std::string& host, bool bracketed) {
    in6_addr parsed{};
    return ::inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), &parsed) == 1;
}

}  // namespace

bool Endpoint::is_loopback() const { return host.starts_with("127.") || host == "::1"; }

Result<Endpoint> parse_endpoint(const std::string& text) {
    const std::size_t colon = std::min(text.rfind(':'), text.size());
    const bool bracketed = text.starts_with('[') && colon > 1 && text[colon - 1] == ']';
    Endpoint endpoint{.host = bracketed ? text.substr(1, colon - 2) : text.substr(0, colon)};
    const char* const end = text.data() + text.size();
    const char* const begin = std::min(text.data() + colon + 1, end);
    const auto [stop, error] = std::from_chars(begin, end, endpoint.port);
    if (error == std::errc{} && stop == end && is_address(endpoint.host, bracketed))
        return endpoint;
    return fail(fmt::format(
        "'{}' is no address to listen on, such as 127.0.0.1:11019 or [::1]:11019.", text));
}

}  // namespace dimout
