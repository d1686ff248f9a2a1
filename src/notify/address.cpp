#include "notify/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/files.h"
#include "notify/hmac.h"

namespace dimout::notify {
namespace {

using Kind = Address::Kind;

struct Scheme {
    std::string_view word;  ///< Before the colon.
    Kind kind;
    std::string_view transport;  ///< What to speak with the host.
    std::string_view secret;     ///< Which it may have.
};
constexpr std::array<Scheme, 14> kSchemes{
    {{"webhook+https", Kind::Webhook, "https", "secret"},
     {"webhook+http", Kind::Webhook, "http", "secret"},
     {"slack+https", Kind::Slack, "https", ""},
     {"slack+http", Kind::Slack, "http", ""},
     {"telegram", Kind::Telegram, "https", "token"},
     {"telegram+https", Kind::Telegram, "https", "token"},
     {"telegram+http", Kind::Telegram, "http", "token"},
     {"ntfy", Kind::Ntfy, "https", "token"},
     {"ntfy+http", Kind::Ntfy, "http", "token"},
     {"alertmanager+https", Kind::Alertmanager, "https", "token"},
     {"alertmanager+http", Kind::Alertmanager, "http", "token"},
     {"smtp", Kind::Mail, "smtp", "password"},
     {"smtps", Kind::Mail, "smtps", "password"},
     {"atom", Kind::Feed, "", ""}}};

std::string_view word_of(Kind kind) {
    switch (kind) {
        case Kind::Webhook: return "webhook";
        case Kind::Slack: return "slack";
        case Kind::Telegram: return "telegram";
        case Kind::Ntfy: return "ntfy";
        case Kind::Alertmanager: return "alertmanager";
        case Kind::Mail: return "mail";
        case Kind::Feed: return "feed";
    }
    return {};
}

/// Cuts `text` at the first `letter`; what is behind it.
std::optional<std::string_view> cut(std::string_view& text, char letter) {
    const std::size_t at = text.find(letter);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

int digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    const char lower = static_cast<char>(letter | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `%40` is an @ (RFC 3986 §2.1).
std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
                            digit(text[i + 2]) >= 0;
        if (escape) {
            plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// A space or a control character could write lines of its own into a request or a mail.
bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_mail_address(const std::string& text) {
    const std::size_t at = text.find('@');
    return at != std::string::npos && at > 0 && at + 1 < text.size() && is_printable(text) &&
           text.find_first_of("<>,;\"") == std::string::npos;
}

Result<void> take_secrets(std::string_view text, const Scheme& scheme, Address& address) {
    std::string_view place = text;
    const auto where = cut(place, '=');
    if (!where || place != scheme.secret || scheme.secret.empty() || !is_secrets_place(*where)) {
        return fail(scheme.secret.empty() ? fmt::format("{} takes nothing behind #.", scheme.word)
                                          : fmt::format("{} takes #{}=file:PATH or #{}=env:NAME.",
                                                        scheme.word, scheme.secret, scheme.secret));
    }
    address.secrets.emplace(place, *where);
    return {};
}

Result<void> take_mail(std::string_view query, Address& address) {
    const auto wrong =
        fail("smtp needs sender and receivers: ?from=a@example.org&to=b@example.org.");
    std::optional<std::string_view> rest = query;
    while (rest) {
        std::string_view key = *rest;
        rest = cut(key, '&');
        const auto value = cut(key, '=');
        const std::string mail = decoded(value.value_or(""));
        if (!is_mail_address(mail)) return wrong;
        if (key == "from" && address.from.empty()) {
            address.from = mail;
        } else if (key == "to") {
            address.to.push_back(mail);
        } else {
            return wrong;
        }
    }
    if (address.from.empty() || address.to.empty()) return wrong;
    return {};
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `host`, `host:port`, `[v6]:port`.
bool is_host(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return false;
        const std::string_view rest = text.substr(end + 1);
        return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
    }
    const auto port = cut(text, ':');
    return !text.empty() && (!port || is_port(*port)) && text.find('@') == std::string_view::npos;
}

/// From behind `://`.
Result<void> take_place(std::string_view text, const Scheme& scheme, Address& address) {
    const std::size_t slash = std::min(text.find_first_of("/?"), text.size());
    std::string_view host = text.substr(0, slash);
    address.path = text.substr(slash);
    if (scheme.word == "telegram") {  // Its host is known: what stands there is the chat.
        address.path = fmt::format("/{}", text);
        host = "api.telegram.org";
    }
    const std::size_t at = host.rfind('@');
    if (address.kind == Kind::Mail && at != std::string_view::npos) {
        address.user = decoded(host.substr(0, at));
        host = host.substr(at + 1);
    }
    if (!is_host(host)) return fail(fmt::format("{} names no host.", scheme.word));
    address.url = fmt::format("{}://{}", scheme.transport, host);
    address.place = fmt::format("{} at {}", word_of(address.kind), host);
    return {};
}

Result<void> check_path(const Scheme& scheme, Address& address) {
    const bool needs_word = address.kind == Kind::Ntfy || address.kind == Kind::Telegram;
    if (address.kind == Kind::Mail) {
        const std::string_view path = address.path;
        const std::size_t query = path.find('?');
        if (query == std::string_view::npos) return take_mail("", address);
        const std::string given(path.substr(query + 1));
        address.path.clear();
        return take_mail(given, address);
    }
    while (address.path.ends_with('/')) address.path.pop_back();
    if (needs_word && address.path.size() < 2) {
        return fail(address.kind == Kind::Ntfy
                        ? fmt::format("{} needs a topic: ntfy://ntfy.sh/topic.", scheme.word)
                        : fmt::format("{} needs a chat: telegram://-1001234567890.", scheme.word));
    }
    return {};
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    const std::string_view whole = text.substr(0, text.find('#'));
    std::string_view word = text;
    auto rest = cut(word, ':');
    const auto* scheme = std::ranges::find(kSchemes, word, &Scheme::word);
    if (!rest || scheme == kSchemes.end()) {
        return fail(
            "expected an address such as ntfy://ntfy.sh/topic, webhook+https://…, slack+https://…, "
            "telegram://CHAT, alertmanager+http://…, smtp://… or atom:FILE.");
    }
    Address address{.kind = scheme->kind,
                    .url = {},
                    .path = {},
                    .user = {},
                    .from = {},
                    .name = {},
                    .place = {}};
    address.name = fmt::format("{}-{}", word_of(address.kind),
                               hmac_sha256("dimout channel", whole).substr(0, 8));
    if (address.kind == Kind::Feed) {
        if (rest->empty()) return fail("atom needs a file: atom:/var/www/outages.atom.");
        address.url = *rest;
        address.place = fmt::format("feed {}", *rest);
        return address;
    }
    if (!is_printable(*rest)) return fail("an address has no spaces or control characters.");
    if (!rest->starts_with("//")) return fail(fmt::format("{} needs a host behind ://.", word));
    const auto secrets = cut(*rest, '#');
    if (auto taken = take_place(rest->substr(2), *scheme, address); !taken)
        return std::unexpected(taken.error());
    if (auto checked = check_path(*scheme, address); !checked)
        return std::unexpected(checked.error());
    if (secrets) {
        if (auto taken = take_secrets(*secrets, *scheme, address); !taken)
            return std::unexpected(taken.error());
    }
    if (address.kind == Kind::Telegram && address.secrets.empty())
        return fail("telegram needs its bot's token: telegram://CHAT#token=file:PATH.");
    return address;
}

bool is_secrets_place(std::string_view text) {
    return (text.starts_with("file:") && text.size() > 5) ||
           (text.starts_with("env:") && text.size() > 4);
}

Result<std::string> read_secret(const std::string& where) {
    std::string secret;
    if (where.starts_with("env:")) {
        const char* value = std::getenv(where.substr(4).c_str());
        if (value == nullptr)
            return fail(fmt::format("the environment has no {}.", where.substr(4)));
        secret = value;
    } else {
        auto text = read_file(where.substr(std::min<std::size_t>(5, where.size())));
        if (!text) return std::unexpected(text.error());
        secret = text->substr(0, text->find('\n'));
        if (secret.ends_with('\r')) secret.pop_back();
    }
    if (secret.empty() || !is_printable(secret))
        return fail(fmt::format("{} has no secret of one word.", where));
    return secret;
}

}  // namespace dimout::notify
