// Where to tell, as one word that stands in a configuration or behind `--notify`.
//
//   ntfy://ntfy.sh/topic                     #token=…
//   webhook+https://example.org/hook         #secret=…      signs what is sent
//   slack+https://hooks.slack.com/services/… Mattermost, Rocket.Chat and others take the same
//   telegram://-1001234567890                #token=…      the bot's; needed
//   alertmanager+http://127.0.0.1:9093       #token=…
//   smtp://user@mail.example.org:587?from=a@example.org&to=b@example.org#password=…
//   atom:/var/www/outages.atom
//
// ntfy+http://, webhook+http://, slack+http://, telegram+http://host/chat and smtps:// are the same
// over other ways. What stands behind # is a secret's place, never the secret: `file:PATH` or
// `env:NAME`. A whole address may be in such a place as well. As an address may itself be a secret,
// no message of ours repeats one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dimout::notify {

struct Address {
    enum class Kind { Webhook, Slack, Telegram, Ntfy, Alertmanager, Mail, Feed };

    Kind kind = Kind::Webhook;
    std::string url;  ///< http, https, smtp or smtps, with host and port; of a feed its path.
    std::string
        path;  ///< Behind it, query included: `/services/…`; begins with a slash or is empty.
    std::string user;  ///< Of a mail server.
    std::string from;  ///< Of a mail.
    std::vector<std::string> to{};
    std::map<std::string, std::string> secrets{};  ///< By name: where it is.
    std::string name;   ///< `ntfy-3f2a91c0`: the same for the same address, and no secret.
    std::string place;  ///< For people: "ntfy at ntfy.sh".
};

/// Fails with what is wrong and what was expected.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

/// What stands in `file:PATH` (its first line) or `env:NAME`.
[[nodiscard]] Result<std::string> read_secret(const std::string& where);
[[nodiscard]] bool is_secrets_place(std::string_view text);

}  // namespace dimout::notify
