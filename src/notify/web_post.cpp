#include "notify/web_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dimout::notify {
namespace {

/// Of an answer; enough for what people are told.
constexpr std::size_t kLongestAnswer = 300;
/// A receiver may not ask for more patience than this.
constexpr std::chrono::seconds kLongestPatience{3600};
/// A shorter word may stand in an answer by chance, and hides nothing.
constexpr std::size_t kShortestSecret = 4;

std::chrono::seconds patience(const HttpReply& reply) {
    const std::string text = reply.header("retry-after");
    unsigned seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::min(std::chrono::seconds(seconds), kLongestPatience);
}

bool never(int status) { return status == 400 || status == 413 || status == 422; }

std::string printable(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c < 0x20 || c >= 0x7F; }, ' ');
    return text;
}

}  // namespace

WebPost::WebPost(HttpClient& http, std::string name, std::vector<std::string> secrets)
    : http_(http), name_(std::move(name)), secrets_(std::move(secrets)) {}

Outcome WebPost::send(const std::string& url, std::vector<std::string> headers, std::string json) {
    headers.emplace_back("Content-Type: application/json");
    std::string answer;
    bool endless = false;
    const auto reply =
        http_.send({.url = url,
                    .method = "POST",
                    .headers = std::move(headers),
                    .body = std::move(json),
                    .name = name_},
                   [&](const HttpReply&, Bytes piece) {
                       answer.append(reinterpret_cast<const char*>(piece.data()), piece.size());
                       endless = answer.size() > std::size_t{64} << 10;
                       return !endless;
                   });
    if (!reply)
        return {.kind = Outcome::Kind::Retry, .trouble = without_secrets(reply.error().message)};
    if (reply->succeeded()) return {};
    const std::string words = printable(without_secrets(answer)).substr(0, kLongestAnswer);
    return {.kind = never(reply->status) ? Outcome::Kind::Refused : Outcome::Kind::Retry,
            .trouble = fmt::format("{} answers {}{}{}", name_, reply->status,
                                   words.empty() ? "" : ": ", words + '.'),
            .not_before = patience(*reply)};
}

std::string WebPost::without_secrets(std::string text) const {
    for (const std::string& secret : secrets_) {
        if (secret.size() < kShortestSecret) continue;
        for (std::size_t at = text.find(secret); at != std::string::npos;
             at = text.find(secret, at))
            text.replace(at, secret.size(), "…");
    }
    return text;
}

}  // namespace dimout::notify
