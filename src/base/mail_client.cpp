#include "base/mail_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace dimout {
namespace {

std::size_t give_text(char* buffer, std::size_t size, std::size_t count, void* source) {
    std::string_view& left = *static_cast<std::string_view*>(source);
    const std::size_t length = std::min(size * count, left.size());
    std::memcpy(buffer, left.data(), length);
    left.remove_prefix(length);
    return length;
}

int ask_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const std::function<bool()>*>(stop))() ? 1 : 0;
}

class CurlMail final : public MailClient {
public:
    explicit CurlMail(const MailOptions& options) : options_(options) {
        static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
        DIMOUT_CHECK(started == CURLE_OK);
        curl_ = curl_easy_init();
        DIMOUT_CHECK(curl_ != nullptr);
    }
    CurlMail(const CurlMail&) = delete;
    CurlMail& operator=(const CurlMail&) = delete;
    ~CurlMail() override { curl_easy_cleanup(curl_); }

    Result<MailReply> send(const MailServer& server, const Mail& mail) override {
        curl_easy_reset(curl_);
        set_up(server);
        std::string_view left = mail.text;
        set(CURLOPT_READFUNCTION, &give_text);
        set(CURLOPT_READDATA, static_cast<void*>(&left));
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_MAIL_FROM, mail.from.c_str());
        curl_slist* to = nullptr;
        for (const std::string& address : mail.to) to = curl_slist_append(to, address.c_str());
        set(CURLOPT_MAIL_RCPT, to);
        char reason[CURL_ERROR_SIZE] = "";
        set(CURLOPT_ERRORBUFFER, static_cast<char*>(reason));
        const CURLcode done = curl_easy_perform(curl_);
        curl_slist_free_all(to);
        if (done == CURLE_OK) return MailReply{};
        const std::string why = reason[0] != '\0' ? reason : curl_easy_strerror(done);
        long code = 0;
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &code);
        if (code >= 400) return MailReply{.code = static_cast<int>(code), .reason = why};
        return fail(fmt::format("{}: {}.", server.url, why));
    }

private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        DIMOUT_CHECK(curl_easy_setopt(curl_, option, value) == CURLE_OK);
    }

    void set_up(const MailServer& server) {
        set(CURLOPT_URL, server.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_within.count()));
        set(CURLOPT_TIMEOUT, static_cast<long>(options_.within.count()));
        if (server.encrypted) set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        if (!server.user.empty()) {
            set(CURLOPT_USERNAME, server.user.c_str());
            set(CURLOPT_PASSWORD, server.password.c_str());
        }
        if (options_.stop) {
            set(CURLOPT_NOPROGRESS, 0L);
            set(CURLOPT_XFERINFOFUNCTION, &ask_to_stop);
            set(CURLOPT_XFERINFODATA, const_cast<void*>(static_cast<const void*>(&options_.stop)));
        }
    }

    const MailOptions options_;
    CURL* curl_ = nullptr;
};

}  // namespace

std::unique_ptr<MailClient> make_mail_client(const MailOptions& options) {
    return std::make_unique<CurlMail>(options);
}

}  // namespace dimout
