// A POST of JSON to a receiver, and what its answer means for the next try.
#pragma once

#include <string>
#include <vector>

#include "base/http_client.h"
#include "notify/outbox.h"

namespace dimout::notify {

class WebPost {
public:
    /// `name` stands for the URL in troubles; `secrets` never stand there.
    WebPost(HttpClient& http, std::string name, std::vector<std::string> secrets);

    /// Sent: an answer of 200 to 299. Refused: the receiver will never take it (400, 413, 422).
    /// Anything else may be better later, a wrong password too.
    [[nodiscard]] Outcome send(const std::string& url, std::vector<std::string> headers,
                               std::string json);

private:
    [[nodiscard]] std::string without_secrets(std::string text) const;

    HttpClient& http_;
    const std::string name_;
    const std::vector<std::string> secrets_;
};

}  // namespace dimout::notify
