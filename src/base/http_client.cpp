#include "base/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace dimout {
namespace {

constexpr long kStalledBytes = 100;

void start_curl_once() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    DIMOUT_CHECK(started == CURLE_OK);
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// What one request's callbacks write to.
struct Transfer {
    HttpReply reply;
    const HttpClient::Sink& sink;
    bool refused = false;
};

/// A status line begins the headers anew: an answer may come after redirections.
std::size_t take_header(const char* data, std::size_t, std::size_t size, void* target) {
    HttpReply& reply = static_cast<Transfer*>(target)->reply;
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) {
        reply = {};
        const std::size_t blank = line.find(' ');
        if (blank != std::string_view::npos)
            reply.status = std::atoi(std::string(line.substr(blank + 1)).c_str());
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    std::string name(trimmed(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    reply.headers[name] = trimmed(line.substr(colon + 1));
    return size;
}

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* target) {
    Transfer& transfer = *static_cast<Transfer*>(target);
    const bool redirection = transfer.reply.status >= 300 && transfer.reply.status < 400;
    if (redirection) return size;
    const Bytes piece(reinterpret_cast<const std::uint8_t*>(data), size);
    if (transfer.sink(transfer.reply, piece)) return size;
    transfer.refused = true;
    return 0;
}

/// Not zero ends the transfer.
int ask_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const std::function<bool()>*>(stop))() ? 1 : 0;
}

class CurlClient final : public HttpClient {
public:
    explicit CurlClient(const HttpOptions& options) : options_(options) {
        start_curl_once();
        curl_ = curl_easy_init();
        DIMOUT_CHECK(curl_ != nullptr);
    }
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;
    ~CurlClient() override { curl_easy_cleanup(curl_); }

    Result<HttpReply> send(const HttpRequest& request, const Sink& sink) override {
        curl_easy_reset(curl_);  // Connections stay.
        Transfer transfer{.reply = {}, .sink = sink};
        set_up(request, transfer);
        curl_slist* headers = nullptr;
        for (const std::string& header : request.headers)
            headers = curl_slist_append(headers, header.c_str());
        set(CURLOPT_HTTPHEADER, headers);
        char reason[CURL_ERROR_SIZE] = "";
        set(CURLOPT_ERRORBUFFER, static_cast<char*>(reason));
        const CURLcode code = curl_easy_perform(curl_);
        curl_slist_free_all(headers);
        if (code == CURLE_OK || transfer.refused) return std::move(transfer.reply);
        return fail(fmt::format("{}: {}.", request.name.empty() ? request.url : request.name,
                                reason[0] != '\0' ? reason : curl_easy_strerror(code)));
    }

private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        DIMOUT_CHECK(curl_easy_setopt(curl_, option, value) == CURLE_OK);
    }

    void set_up(const HttpRequest& request, Transfer& transfer) {
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        const bool secure = request.url.starts_with("https:");
        set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
        set(CURLOPT_FOLLOWLOCATION, options_.redirects > 0 ? 1L : 0L);
        set(CURLOPT_MAXREDIRS, static_cast<long>(options_.redirects));
        set(CURLOPT_USERAGENT, options_.user_agent.c_str());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_within.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytes);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stalled_after.count()));
        set(CURLOPT_TIMEOUT, static_cast<long>(options_.within.count()));
        if (options_.stop) {
            set(CURLOPT_NOPROGRESS, 0L);
            set(CURLOPT_XFERINFOFUNCTION, &ask_to_stop);
            set(CURLOPT_XFERINFODATA, const_cast<void*>(static_cast<const void*>(&options_.stop)));
        }
        set(CURLOPT_HEADERFUNCTION, &take_header);
        set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
        set(CURLOPT_WRITEFUNCTION, &take_body);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
        if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
        if (!request.body.empty()) {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            set(CURLOPT_POSTFIELDS, request.body.data());
        }
        if (request.method != "HEAD") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }

    const HttpOptions options_;
    CURL* curl_ = nullptr;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options) {
    return std::make_unique<CurlClient>(options);
}

}  // namespace dimout
