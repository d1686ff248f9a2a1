// A server that answers as it is told to: what comes of it on the disk.
#include "source/download.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "source/made_files.h"

namespace dimout::source {
namespace {

using made::Buffer;
using made::Folder;
using std::chrono::seconds;

constexpr auto kUrl = "http://archive/rrc00/updates.20141222.1600.gz";

struct Answer {
    int status = 200;
    std::size_t bytes = SIZE_MAX;  ///< Sent before the connection breaks.
    bool knows_ranges = true;
    std::string retry_after{};
};

/// Has one file; each answer is one of the script, the last for ever.
class MadeServer final : public HttpClient {
public:
    explicit MadeServer(Buffer content, std::deque<Answer> script = {Answer{}})
        : content_(std::move(content)), script_(std::move(script)) {}

    Result<HttpReply> send(const HttpRequest& request, const Sink& sink) override {
        const Answer answer = script_.front();
        if (script_.size() > 1) script_.pop_front();
        std::size_t from = 0;
        for (const std::string& header : request.headers)
            from = std::stoul(header.substr(std::string("Range: bytes=").size()));
        asked.push_back(from);
        HttpReply reply{.status = answer.status, .headers = {}};
        if (!answer.retry_after.empty()) reply.headers["retry-after"] = answer.retry_after;
        if (answer.status != 200) return sink(reply, Bytes(content_).first(1)), reply;
        if (answer.knows_ranges && from > content_.size()) return reply.status = 416, reply;
        if (!answer.knows_ranges) from = 0;
        if (from > 0) reply.status = 206;
        const Bytes rest = Bytes(content_).subspan(from);
        const std::size_t sent = std::min(answer.bytes, rest.size());
        if (sent > 0 && !sink(reply, rest.first(sent))) return reply;
        if (sent < rest.size()) return fail("the connection broke.");
        return reply;
    }

    std::vector<std::size_t> asked;  ///< From which byte on.

private:
    const Buffer content_;
    std::deque<Answer> script_;
};

class Download : public testing::Test {
protected:
    Result<Fetched> fetch(MadeServer& server) {
        return download(kUrl, path,
                        {.client = server, .disk = real_disk(), .wait = [this](seconds time) {
                             waited.push_back(time.count());
                             return true;
                         }});
    }
    [[nodiscard]] bool whole() const {
        const auto text = read_file(path);
        return text && std::ranges::equal(*text, packed, {},
                                          [](char c) { return static_cast<std::uint8_t>(c); });
    }

    Folder folder;
    const std::string path = folder / "updates.20141222.1600.gz";
    const Buffer packed = made::gzip(made::records(made::every(1, 1'419'264'000, 1'419'264'300)));
    std::vector<long> waited;
};

TEST_F(Download, BringsAFileOnce) {
    MadeServer server(packed);
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_TRUE(whole());
    EXPECT_EQ(fetch(server), Fetched::There);
    EXPECT_EQ(server.asked, std::vector<std::size_t>{0});
}

TEST_F(Download, GoesOnWhereTheConnectionBroke) {
    MadeServer server(packed, {{.bytes = 100}, {.bytes = 50}, {}});
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_TRUE(whole());
    EXPECT_EQ(server.asked, (std::vector<std::size_t>{0, 100, 150}));
    EXPECT_EQ(waited, (std::vector<long>{1, 2}));
}

TEST_F(Download, BeginsAnewWhereTheServerKnowsNoRanges) {
    MadeServer server(packed, {{.bytes = 100}, {.knows_ranges = false}});
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_TRUE(whole());
}

TEST_F(Download, APartOfAnotherFileIsThrownAway) {
    auto part = real_disk().open_append(part_of(path), 0);
    ASSERT_TRUE(part && (*part)->append(std::string(50, 'x')));
    MadeServer server(packed);
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_TRUE(whole());
    EXPECT_EQ(server.asked, (std::vector<std::size_t>{50, 0}));
}

TEST_F(Download, APartThatIsTooLongIsThrownAway) {
    auto part = real_disk().open_append(part_of(path), 0);
    ASSERT_TRUE(part && (*part)->append(std::string(packed.size() + 1, 'x')));
    MadeServer server(packed);
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_TRUE(whole());
}

TEST_F(Download, WaitsAsLongAsABusyServerAsks) {
    MadeServer server(packed, {{.status = 503, .retry_after = "30"}, {.status = 429}, {}});
    EXPECT_EQ(fetch(server), Fetched::New);
    EXPECT_EQ(waited, (std::vector<long>{30, 2}));
}

TEST_F(Download, GivesUpInTheEnd) {
    MadeServer ill(packed, {{.status = 500}});
    const auto fetched = fetch(ill);
    ASSERT_FALSE(fetched);
    EXPECT_NE(fetched.error().message.find("500, after 6 tries"), std::string::npos)
        << fetched.error().message;
    EXPECT_EQ(waited, (std::vector<long>{1, 2, 4, 8, 16}));
    MadeServer busy(packed, {{.status = 503, .retry_after = "86400"}});
    EXPECT_FALSE(fetch(busy));
    EXPECT_EQ(busy.asked.size(), 1U);
    MadeServer refusing(packed, {{.status = 403}});
    EXPECT_FALSE(fetch(refusing));
    EXPECT_EQ(refusing.asked.size(), 1U);
}

TEST_F(Download, WhatIsNotThereIsMissing) {
    MadeServer server(packed, {{.status = 404}});
    EXPECT_EQ(fetch(server), Fetched::Missing);
    EXPECT_FALSE(file_exists(path) || file_exists(part_of(path)));
}

TEST_F(Download, WhatIsDamagedThereIsKeptAndTold) {
    Buffer cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(packed.size() / 2));
    MadeServer server(cut);
    EXPECT_EQ(fetch(server), Fetched::Damaged);
    EXPECT_TRUE(file_exists(path));
    const std::string page = "<html>Please log in to the wireless network</html>";
    MadeServer portal(Buffer(page.begin(), page.end()));
    ASSERT_TRUE(real_disk().remove(path));
    EXPECT_EQ(fetch(portal), Fetched::Damaged);
}

}  // namespace
}  // namespace dimout::source
