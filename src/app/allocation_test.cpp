// Nothing is allocated for a single route on its whole way: the records of a table dump go through
// decoder, feed and shard, once more out of a packed file on disk, and what that costs in
// allocations is counted. Neither is anything for a message of RIS Live.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

#include "app/route_feed.h"
#include "decode/made_records.h"
#include "source/ris_live.h"
#include "source/archive.h"
#include "source/made_files.h"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
/// simdjson's way: what it makes so is given back through the ones below, too.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace dimout::app {
namespace {

namespace made = decode::made;

constexpr unsigned kPeers = 20;

class NoEntities final : public EntityMap {
public:
    void countries_of(const Prefix&, std::vector<CountryRun>&) const override {}
    void groups_of(const Prefix&, Asn, std::vector<std::uint32_t>&) const override {}
    [[nodiscard]] const std::vector<std::string>& groups() const override { return groups_; }
    [[nodiscard]] const std::vector<Prefix>& followed() const override { return followed_; }
    [[nodiscard]] CountryCode continent_of(CountryCode) const override { return {}; }

private:
    std::vector<std::string> groups_;
    std::vector<Prefix> followed_;
};

/// The file of a dump: `prefixes` rows of twenty peers, each with a path of its own.
std::vector<made::Octets> dump_of(unsigned prefixes, std::uint32_t stamp) {
    std::vector<made::Octets> records{made::peer_index(kPeers, stamp)};
    for (unsigned number = 0; number < prefixes; ++number) {
        std::vector<made::Octets> entries;
        for (unsigned peer = 0; peer < kPeers; ++peer) {
            const auto path = made::path({64500 + peer, 3356, 100'000 + number / 8});
            entries.push_back(made::rib_entry(peer, made::usual_attributes(path)));
        }
        const auto prefix = fmt::format("16.{}.{}.0/24", number / 256, number % 256);
        records.push_back(made::rib(decode::DumpSubtype::Ipv4Unicast, prefix, entries, stamp));
    }
    return records;
}

std::vector<std::unique_ptr<ShardWorker>> one_shard(const EntityMap& map, const PathLookup& paths) {
    std::vector<std::unique_ptr<ShardWorker>> shards;
    shards.push_back(std::make_unique<ShardWorker>(map, paths));
    return shards;
}

/// All that stands between an archive and the tables, with one shard.
class Path {
public:
    explicit Path(KeptPaths kept) : feed_(peers_, paths_, shards_, kept) {}

    /// Returns what reading the file allocates.
    std::size_t read(const std::vector<made::Octets>& records, std::uint32_t file) {
        const std::size_t before = allocations;
        for (const made::Octets& record : records)
            feed_.apply(made::frame_of(record, file), decoder_);
        feed_.apply(made::file_end(true, file), decoder_);
        feed_.flush();
        // An answer comes after all that was sent before the question.
        static_cast<void>(shards_.front()->table_sizes());
        return allocations - before;
    }
    /// The same out of files, from their opening on.
    std::size_t read(const std::string& folder) {
        const std::size_t before = allocations;
        auto archive = source::Archive::open({folder}, {.collector = "made"});
        EXPECT_TRUE(archive);
        Frame frame;
        while (archive->next(frame)) feed_.apply(frame, decoder_);
        feed_.flush();
        static_cast<void>(shards_.front()->table_sizes());
        return allocations - before;
    }
    ShardFigures finish() { return shards_.front()->finish(); }

private:
    NoEntities map_;
    decode::PeerTable peers_;
    decode::Decoder decoder_{peers_};
    rib::PathPool paths_;
    std::vector<std::unique_ptr<ShardWorker>> shards_ = one_shard(map_, paths_);
    RouteFeed feed_;
};

class AllocationOfFiles : public testing::TestWithParam<KeptPaths> {};

TEST_P(AllocationOfFiles, ASecondDumpAllocatesNothingThatGrows) {
    // Batches go round between two threads: how many there are depends on who is faster, so there
    // is a bound and no number. 400 are those of 24 batches whose two lists grow by doubling.
    constexpr std::size_t kBatches = 400;
    std::size_t routes = 0;
    for (const unsigned prefixes : {1'000U, 8'000U}) {
        Path path(GetParam());
        static_cast<void>(path.read(dump_of(prefixes, made::kStamp), 0));
        const auto again = dump_of(prefixes, made::kStamp + 7'200);
        EXPECT_LE(path.read(again, 1), kBatches) << prefixes << " prefixes";
        routes += path.finish().routes;
    }
    EXPECT_EQ(routes, 9'000U * kPeers);
}

/// A folder with the dump as a gzip file.
void write_dump(const source::made::Folder& folder, unsigned prefixes) {
    source::made::Buffer content;
    for (made::Octets& record : dump_of(prefixes, made::kStamp))
        content.insert(content.end(), record.raw().begin(), record.raw().end());
    folder.write("rib.gz", source::made::gzip(content));
}

TEST(AllocationOfArchives, AFileReadAgainAllocatesNothingThatGrows) {
    std::array<std::size_t, 2> taken{};
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const unsigned prefixes = i == 0 ? 1'000 : 16'000;
        const source::made::Folder folder;
        write_dump(folder, prefixes);
        Path path(KeptPaths::Whole);
        static_cast<void>(path.read(folder.path()));
        taken[i] = path.read(folder.path());
        EXPECT_EQ(path.finish().routes, std::size_t{prefixes} * kPeers);
    }
    // 300,000 routes more; buffers that are read ahead, and batches, as many as threads happen to
    // need.
    EXPECT_LE(taken[1], taken[0] + 2'000) << taken[0];
}

INSTANTIATE_TEST_SUITE_P(Kept, AllocationOfFiles,
                         testing::Values(KeptPaths::Whole, KeptPaths::Origins));

TEST(AllocationOfRisLive, AMessageAllocatesNothingOnceAllKindsWereHeard) {
    const std::string front =
        R"({"type":"ris_message","data":{"timestamp":1568279796.63,"peer":"2001:db8:ffff::1",)"
        R"("peer_asn":"64496","host":"rrc21.ripe.net",)";
    const std::string raw = "\"raw\":\"" + std::string(32, 'F') + "001304\"";
    const std::vector<std::string> kinds{
        R"("type":"KEEPALIVE",)" + raw, R"("type":"RIS_PEER_STATE","state":"down")",
        R"("type":"UPDATE","path":[64496,3356,[1,2]],"origin":"igp","community":[[1,2]],)"
        R"("withdrawals":["2001:db8:aaaa:bbbb::/64","192.0.4.0/24"],"announcements":[)"
        R"({"next_hop":"2001:db8::1,fe80::1","prefixes":["2001:db8:3::/48","2001:db8:4::/48"]},)"
        R"({"next_hop":"192.0.2.1","prefixes":["192.0.3.0/24"]}])"};
    source::RisLiveTranslator translator;
    std::size_t records = 0;
    std::size_t taken = 0;
    for (int round = 0; round < 1'000; ++round) {
        for (const std::string& kind : kinds) {
            const std::string text = fmt::format("{}\"id\":\"{}\",{}}}}}", front, round, kind);
            const std::size_t before = allocations;
            records += translator.translate(text).records.size();
            if (round > 0) taken += allocations - before;
        }
    }
    EXPECT_EQ(records, 4'000U);
    EXPECT_EQ(taken, 0U);
}

}  // namespace
}  // namespace dimout::app
