// The channels that a configuration or a command line names, with their ways into the network.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "notify/channel.h"

namespace dimout::app {

/// One channel, for one thread.
struct OpenChannel {
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<MailClient> mail;
    std::unique_ptr<notify::Channel> channel;
};

/// Reads secrets. `stop` as in HttpOptions.
[[nodiscard]] Result<OpenChannel> open_channel(const std::string& text,
                                               const std::function<bool()>& stop);
/// Fails with all that is wrong, one a line, each with the number of its address. An address that
/// is named twice is one channel.
[[nodiscard]] Result<std::vector<OpenChannel>> open_channels(const std::vector<std::string>& texts,
                                                             const std::function<bool()>& stop);

/// Sends a test to each and prints how it went; whether all took it.
bool try_channels(std::vector<OpenChannel>& channels);

}  // namespace dimout::app
