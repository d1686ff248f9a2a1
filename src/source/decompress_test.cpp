#include "source/decompress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "source/made_files.h"

namespace dimout::source {
namespace {

using namespace made;

struct Unpacked {
    Buffer content;
    std::vector<StreamFault> faults;
};

Unpacked unpack(const Buffer& packed, std::size_t piece = 0, std::size_t out = 4096) {
    const auto stream = decompress(stream_of(packed, piece));
    Unpacked result;
    Buffer buffer(out);
    while (const std::size_t count = stream->read(buffer)) {
        result.content.insert(result.content.end(), buffer.begin(),
                              buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    result.faults = stream->faults();
    return result;
}

bool is_beginning(const Buffer& part, const Buffer& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

struct Packer {
    const char* name;
    std::function<Buffer(const Buffer&)> pack;
};

class EveryCodec : public testing::TestWithParam<Packer> {
protected:
    static Buffer pack(const Buffer& content) { return GetParam().pack(content); }
    static std::string code(const char* kind) { return std::string(GetParam().name) + '_' + kind; }
};

INSTANTIATE_TEST_SUITE_P(
    Codecs, EveryCodec,
    testing::Values(Packer{"gzip", gzip}, Packer{"zstd", zstd},
                    Packer{"bzip2", [](const Buffer& content) { return bzip2(content); }}),
    [](const auto& info) { return info.param.name; });

TEST_P(EveryCodec, GivesBackWhatWasPackedHoweverTheBytesArrive) {
    const Buffer content = noise(300'000);
    const Buffer packed = pack(content);
    for (const auto& [piece, out] : {std::pair{0, 1 << 18}, {1, 1000}, {7, 13}, {4096, 1}}) {
        const Unpacked result =
            unpack(packed, static_cast<std::size_t>(piece), static_cast<std::size_t>(out));
        EXPECT_EQ(result.content, content) << piece << ' ' << out;
        EXPECT_TRUE(result.faults.empty());
    }
}

TEST_P(EveryCodec, ReadsAllMembersAlsoEmptyOnes) {
    const Buffer one = noise(5000, 1);
    const Buffer two = noise(70'000, 2);
    const Buffer packed = pack(one) + pack({}) + pack(two) + pack({});
    for (const std::size_t piece : {0, 1, 3}) {
        const Unpacked result = unpack(packed, piece);
        EXPECT_EQ(result.content, one + two);
        EXPECT_TRUE(result.faults.empty());
    }
}

TEST_P(EveryCodec, AnEmptyMemberIsAnEmptyFile) {
    EXPECT_TRUE(unpack(pack({})).content.empty());
    EXPECT_TRUE(unpack(pack({})).faults.empty());
}

TEST_P(EveryCodec, ZerosAfterTheLastMemberAreCountedAndHarmless) {
    const Buffer content = noise(5000);
    const Unpacked result = unpack(pack(content) + Buffer(200'000, 0));
    EXPECT_EQ(result.content, content);
    ASSERT_EQ(result.faults.size(), 1U);
    EXPECT_EQ(result.faults[0].code, code("padding"));
    EXPECT_FALSE(result.faults[0].lost);
}

TEST_P(EveryCodec, OtherBytesAfterTheLastMemberAreCountedAndLeftOut) {
    const Buffer content = noise(5000);
    const Unpacked result =
        unpack(pack(content) + Buffer{'h', 'e', 'l', 'l', 'o', ' ', 't', 'h', 'e', 'r', 'e'});
    EXPECT_EQ(result.content, content);
    ASSERT_EQ(result.faults.size(), 1U);
    EXPECT_EQ(result.faults[0].code, code("trailing"));
    EXPECT_FALSE(result.faults[0].lost);
}

TEST_P(EveryCodec, ACutStreamGivesTheBeginningAndSaysSo) {
    const Buffer content = noise(250'000);
    const Buffer packed = pack(content);
    std::size_t before = 0;
    for (std::size_t cut = 12; cut < packed.size(); cut += packed.size() / 97 + 1) {
        const Unpacked result =
            unpack({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(cut)});
        EXPECT_TRUE(is_beginning(result.content, content)) << cut;
        EXPECT_GE(result.content.size(), before) << cut;
        ASSERT_EQ(result.faults.size(), 1U) << cut;
        EXPECT_EQ(result.faults[0].code, code("truncated"));
        EXPECT_TRUE(result.faults[0].lost);
        before = result.content.size();
    }
    EXPECT_GT(before, content.size() / 3);
}

TEST_P(EveryCodec, TheMemberBeforeACutOneIsWhole) {
    const Buffer one = noise(50'000, 1);
    const Buffer second = pack(noise(50'000, 2));
    for (std::size_t cut = 4; cut < second.size(); cut += second.size() / 31) {
        const Unpacked result = unpack(
            pack(one) + Buffer(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(cut)));
        EXPECT_TRUE(is_beginning(one, result.content)) << cut;
        ASSERT_EQ(result.faults.size(), 1U) << cut;
        EXPECT_EQ(result.faults[0].code, code("truncated")) << cut;
    }
}

TEST_P(EveryCodec, DamageNeverGoesUnnoticedNorDoesItHang) {
    const Buffer content = noise(60'000);
    const Buffer packed = pack(content);
    constexpr std::size_t kHeader = 10;  // of gzip; the time in it may be anything
    for (std::size_t at = kHeader; at < packed.size(); at += packed.size() / 61) {
        Buffer damaged = packed;
        damaged[at] ^= 0x10;
        const Unpacked result = unpack(damaged);
        EXPECT_TRUE(!result.faults.empty() || result.content == content) << at;
        const Buffer slowly = unpack(damaged, 5).content;
        EXPECT_TRUE(is_beginning(slowly, result.content) || is_beginning(result.content, slowly))
            << at;
    }
}

TEST(Decompress, NothingIsUnpackedWhenNothingIsPacked) {
    for (const std::size_t size : {0, 1, 2, 5, 100'000}) {
        const Buffer content = noise(size);
        EXPECT_EQ(unpack(content, 3).content, content);
        EXPECT_TRUE(unpack(content).faults.empty());
    }
}

TEST(Decompress, AWrongChecksumIsCountedAndTheNextMemberIsRead) {
    const Buffer one = noise(5000, 1);
    const Buffer two = noise(5000, 2);
    Buffer first = gzip(one);
    first[first.size() - 6] ^= 1;
    const Unpacked result = unpack(first + gzip(two));
    EXPECT_EQ(result.content, one + two);
    ASSERT_EQ(result.faults.size(), 1U);
    EXPECT_EQ(result.faults[0].code, "gzip_checksum");
    EXPECT_FALSE(result.faults[0].lost);
}

TEST(Decompress, BlocksBeforeADamagedBzip2BlockAreKept) {
    const Buffer content = noise(500'000);
    Buffer packed = bzip2(content);
    packed[packed.size() * 9 / 10] ^= 0xFF;
    const Unpacked result = unpack(packed);
    EXPECT_GE(result.content.size(), 300'000U);
    ASSERT_EQ(result.faults.size(), 1U);
    EXPECT_EQ(result.faults[0].code, "bzip2_damaged");
}

TEST(Decompress, TellsAStampOf2005FromABzip2File) {
    const Buffer mrt = record(0x425A6839);  // "BZh9" is 2005-04-11T12:06:33Z
    EXPECT_EQ(codec_of(mrt), Codec::Plain);
    EXPECT_EQ(codec_of(bzip2(mrt, 9)), Codec::Bzip2);
    const Buffer stamp_like_skippable = record(0x502A4D18);
    EXPECT_EQ(codec_of(stamp_like_skippable), Codec::Plain);
    EXPECT_EQ(
        codec_of(Buffer{0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4, 0x28, 0xB5, 0x2F, 0xFD}),
        Codec::Zstd);
}

TEST(Decompress, ReadsWhatTheArchivesPublish) {
    if (!std::filesystem::exists(kRealFiles))
        GTEST_SKIP() << "not there: " << kRealFiles << "; skipped real gz and bz2 files";
    const auto size_of = [](const char* name) {
        return unpack(read_whole(kRealFiles / name), 0, 1 << 18).content.size();
    };
    EXPECT_EQ(size_of("ris.updates.20190101.0000.gz"), 7'117'954U);
    EXPECT_EQ(size_of("routeviews2.updates.20131201.0000.bz2"), 5'228'191U);
    EXPECT_EQ(size_of("pch-decix-ham.updates.20190101.0000.mrt"), 23'601U);
}

}  // namespace
}  // namespace dimout::source
