// One receiver: gives a message the form that it takes, sends it, and says how that went.
//
// A try that ends without a clear yes is made again later; every form carries the message's id, so
// that a receiver can tell a repetition. Troubles are told without the secrets of the address.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "base/http_client.h"
#include "base/mail_client.h"
#include "notify/address.h"
#include "notify/message.h"
#include "notify/outbox.h"

namespace dimout::notify {

/// What a channel may need to know beside the message.
struct Moment {
    EventTime now;                      ///< By the clock on the wall.
    std::span<const Message> recent{};  ///< The newest last; of a feed's content.
};

class Channel {
public:
    explicit Channel(const Address& address) : name_(address.name), place_(address.place) {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    virtual ~Channel() = default;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// "ntfy at ntfy.sh".
    [[nodiscard]] const std::string& place() const { return place_; }
    /// Read by people, not by programs.
    [[nodiscard]] virtual bool for_people() const { return true; }
    /// The receiver forgets what is not repeated every minute.
    [[nodiscard]] virtual bool wants_repeats() const { return false; }

    [[nodiscard]] virtual Outcome send(const Message& message, const Moment& moment) = 0;
    /// Repeats what is open.
    [[nodiscard]] virtual Outcome repeat(std::span<const Message>, EventTime) { return {}; }

protected:
    /// The same in every try, and in no other channel.
    [[nodiscard]] std::string id_of(const Message& message) const {
        return message.id + "." + name_;
    }

private:
    const std::string name_;
    const std::string place_;
};

/// All outlive the channel, and are its own as long as it sends.
struct Ways {
    HttpClient& http;
    MailClient& mail;
    Disk& disk;
};

/// Reads the secrets that the address names.
[[nodiscard]] Result<std::unique_ptr<Channel>> make_channel(const Address& address,
                                                            const Ways& ways);

/// Each kind in a file of its own.
[[nodiscard]] std::unique_ptr<Channel> make_alertmanager(const Address& address, HttpClient& http,
                                                         std::string token);
[[nodiscard]] std::unique_ptr<Channel> make_chat(const Address& address, HttpClient& http,
                                                 std::string token);
[[nodiscard]] std::unique_ptr<Channel> make_webhook(const Address& address, HttpClient& http,
                                                    std::string secret);
[[nodiscard]] std::unique_ptr<Channel> make_mail_channel(const Address& address, MailClient& mail,
                                                         std::string password);
[[nodiscard]] std::unique_ptr<Channel> make_feed(const Address& address, Disk& disk);

}  // namespace dimout::notify
