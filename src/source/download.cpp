#include "source/download.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

#include "source/decompress.h"

namespace dimout::source {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestWait{60};
constexpr int kPartialContent = 206;
constexpr int kNotFound = 404;
constexpr int kGone = 410;
constexpr int kRangeNotSatisfiable = 416;
constexpr int kTooManyRequests = 429;

std::uint64_t size_of(const std::string& path) {
    std::error_code wrong;
    const auto size = std::filesystem::file_size(path, wrong);
    return wrong ? 0 : size;
}

Codec codec_named(const std::string& name) {
    return name.ends_with(".gz")    ? Codec::Gzip
           : name.ends_with(".bz2") ? Codec::Bzip2
                                    : Codec::Plain;
}

/// Whether a file is packed as `name` says, and can be unpacked to its end.
bool is_sound(const std::string& path, const std::string& name) {
    std::array<std::uint8_t, 1 << 16> piece{};
    auto head = open_file(path);
    if (!head) return false;
    if (codec_of(Bytes(piece).first((*head)->read(piece))) != codec_named(name)) return false;
    auto file = open_file(path);
    if (!file) return false;
    const auto content = decompress(std::move(*file));
    while (content->read(piece) > 0) {
    }
    return std::ranges::none_of(content->faults(), &StreamFault::lost);
}

seconds asked_for(const HttpReply& reply) {
    const std::string text = reply.header("retry-after");
    long value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    return wrong == std::errc() && value > 0 ? seconds(value) : seconds(0);
}

bool may_pass(int status) { return status == kTooManyRequests || status >= 500; }

/// One file on its way.
class Transfer {
public:
    Transfer(std::string url, std::string path, const DownloadTools& tools)
        : url_(std::move(url)), path_(std::move(path)), part_(part_of(path_)), tools_(tools) {}

    Result<Fetched> run() {
        seconds pause{1};
        for (int tries = 1;; ++tries) {
            const auto reply = ask();
            if (!file_fault_.message.empty()) return std::unexpected(file_fault_);
            if (reply && (reply->status == kNotFound || reply->status == kGone))
                return Fetched::Missing;
            if (reply && reply->succeeded()) {
                const auto done = finish();
                if (!done || *done)
                    return done ? Result<Fetched>(**done) : std::unexpected(done.error());
                continue;
            }
            if (reply && reply->status == kRangeNotSatisfiable && start_over()) continue;
            if (reply && !may_pass(reply->status))
                return fail(fmt::format("{}: the server says {}.", url_, reply->status));
            const seconds longest = std::max(pause, reply ? asked_for(*reply) : seconds(0));
            if (tries == kTries || longest > kLongestPatience || !tools_.wait(longest)) {
                return fail(reply ? fmt::format("{}: the server says {}, after {} tries.", url_,
                                                reply->status, tries)
                                  : reply.error().message);
            }
            pause = std::min(2 * pause, kLongestWait);
        }
    }

private:
    /// One request, from where the part ends.
    Result<HttpReply> ask() {
        resumed_ = size_of(part_);
        HttpRequest request{.url = url_};
        if (resumed_ > 0) request.headers.push_back(fmt::format("Range: bytes={}-", resumed_));
        std::unique_ptr<AppendFile> file;
        auto reply = tools_.client.send(request, [&](const HttpReply& head, Bytes piece) {
            if (!head.succeeded()) return true;
            if (!file && !open(head.status, file)) return false;
            tools_.count(piece.size());
            return keep(file->append({reinterpret_cast<const char*>(piece.data()), piece.size()}));
        });
        if (file && file_fault_.message.empty()) static_cast<void>(keep(file->sync()));
        return reply;
    }

    /// A server that does not know ranges sends it all anew.
    bool open(int status, std::unique_ptr<AppendFile>& file) {
        if (status != kPartialContent) resumed_ = 0;
        auto opened = tools_.disk.open_append(part_, resumed_);
        if (!opened) return file_fault_ = opened.error(), false;
        file = std::move(*opened);
        return true;
    }

    bool keep(const Result<void>& done) {
        if (!done) file_fault_ = done.error();
        return done.has_value();
    }

    /// A part that does not fit what the server has now.
    bool start_over() {
        if (resumed_ == 0) return false;
        return keep(tools_.disk.remove(part_));
    }

    /// Empty: it was put together of pieces that do not fit, and is to be fetched anew.
    Result<std::optional<Fetched>> finish() {
        if (!file_exists(part_)) return fail(url_ + ": the server sent an empty file.");
        const bool sound = is_sound(part_, path_);
        if (!sound && start_over()) return std::nullopt;
        if (auto done = tools_.disk.rename(part_, path_); !done)
            return std::unexpected(done.error());
        if (auto done = tools_.disk.sync_folder(folder_of(path_)); !done)
            return std::unexpected(done.error());
        return sound ? Fetched::New : Fetched::Damaged;
    }

    const std::string url_;
    const std::string path_;
    const std::string part_;
    const DownloadTools& tools_;
    std::uint64_t resumed_ = 0;
    Error file_fault_;
};

}  // namespace

std::string part_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(0, name) + "." + path.substr(name) + ".part";
}

Result<Fetched> download(const std::string& url, const std::string& path,
                         const DownloadTools& tools) {
    if (file_exists(path)) return Fetched::There;
    return Transfer(url, path, tools).run();
}

}  // namespace dimout::source
