#include "notify/channel.h"

namespace dimout::notify {

Result<std::unique_ptr<Channel>> make_channel(const Address& address, const Ways& ways) {
    std::string secret;
    for (const auto& [name, where] : address.secrets) {
        auto found = read_secret(where);
        if (!found) return std::unexpected(found.error());
        secret = std::move(*found);
    }
    switch (address.kind) {
        case Address::Kind::Webhook: return make_webhook(address, ways.http, std::move(secret));
        case Address::Kind::Slack:
        case Address::Kind::Telegram:
        case Address::Kind::Ntfy: return make_chat(address, ways.http, std::move(secret));
        case Address::Kind::Alertmanager:
            return make_alertmanager(address, ways.http, std::move(secret));
        case Address::Kind::Mail: return make_mail_channel(address, ways.mail, std::move(secret));
        case Address::Kind::Feed: return make_feed(address, ways.disk);
    }
    return fail("no such channel.");
}

}  // namespace dimout::notify
