// What is written to a journal is read back, whole batches only, whatever the disk does in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/simulated_disk.h"
#include "source/journal_reader.h"
#include "source/journal_seed.h"
#include "source/journal_writer.h"
#include "source/made_files.h"
#include "source/mrt_file.h"

namespace dimout::source {
namespace {

using made::Folder;
using Kind = JournalItem::Kind;

constexpr WallTime kSecond = 1'000'000;
constexpr WallTime kNow = 1'700'000'000 * kSecond;

/// Every batch as text: "1700000000: rrc00 12@1699999999 | loss rrc00 (why)".
std::vector<std::string> texts_of(JournalReader& reader, const JournalEnd& end = kWholeJournal) {
    std::vector<std::string> texts;
    JournalBatch batch;
    while (reader.next(batch, end)) {
        std::string text = std::to_string(batch.heard / kSecond) + ":";
        for (const JournalItem& item : batch.items) {
            const bool named = item.kind != Kind::SeedBegin && item.kind != Kind::SeedEnd;
            const std::string who = named ? reader.collectors()[index(item.collector)] : "";
            switch (item.kind) {
                case Kind::Record:
                    text += " " + who + (item.lane == Lane::Archive ? " archived " : " ") +
                            std::to_string(item.bytes.size()) + "@" +
                            std::to_string(header_of(item.bytes).stamp);
                    break;
                case Kind::Loss:
                    text += " loss " + who + " (" +
                            std::string(item.bytes.begin(), item.bytes.end()) + ")";
                    break;
                case Kind::FileEnd:
                    text += " end of " +
                            reader.files()[static_cast<std::size_t>(item.position.file)] +
                            (item.complete ? "" : ", torn");
                    break;
                case Kind::SeedBegin: text += " seed"; break;
                case Kind::SeedEnd: text += " live"; break;
            }
        }
        texts.push_back(text);
    }
    return texts;
}

std::vector<std::string> texts_of(const std::string& folder) {
    auto reader = JournalReader::open(folder);
    EXPECT_TRUE(reader);
    return texts_of(*reader);
}

TEST(Journal, GivesBackWhatWasHeardInBatches) {
    const Folder folder;
    auto writer = JournalWriter::open(folder / "journal");
    ASSERT_TRUE(writer);
    JournalWriter& journal = **writer;
    journal.begin_seed();
    journal.add_archived("rrc00", "bview.gz", made::dump_record(5));
    journal.end_archive_file("rrc00", "bview.gz", true);
    journal.end_seed();
    journal.hear("rrc00", made::record(100, 8));
    ASSERT_TRUE(journal.flush(kNow));
    journal.hear("rrc01", made::record(101, 8));
    journal.hear("rrc00", made::record(102, 9));
    journal.lose("rrc01", "the connection closed");
    ASSERT_TRUE(journal.flush(kNow + kSecond));
    ASSERT_TRUE(journal.flush(kNow + 2 * kSecond));
    EXPECT_EQ(texts_of(folder / "journal"),
              (std::vector<std::string>{
                  "1700000000: seed rrc00 archived 42@5 end of bview.gz live rrc00 20@100",
                  "1700000001: rrc01 20@101 rrc00 21@102 loss rrc01 (the connection closed)",
                  "1700000002:"}));
}

TEST(Journal, FilesFollowEachOtherAndStandAlone) {
    const Folder folder;
    auto writer = JournalWriter::open(folder.path(), {.rotate_after = std::chrono::seconds(60)});
    ASSERT_TRUE(writer);
    for (int i = 0; i < 5; ++i) {
        (*writer)->hear(i < 4 ? "rrc00" : "rrc01", made::record(100 + static_cast<unsigned>(i), 8));
        ASSERT_TRUE((*writer)->flush(kNow + i * 40 * kSecond));
    }
    const auto names = list_folder(folder.path());
    ASSERT_TRUE(names);
    EXPECT_EQ(*names,
              (std::vector<std::string>{"20231114T221320Z.mrt.zst", "20231114T221440Z.mrt.zst",
                                        "20231114T221600Z.mrt.zst"}));
    EXPECT_EQ(texts_of(folder.path()).size(), 5U);
    std::filesystem::remove(folder / names->front());
    EXPECT_EQ(texts_of(folder.path()),
              (std::vector<std::string>{"1700000080: rrc00 20@102", "1700000120: rrc00 20@103",
                                        "1700000160: rrc01 20@104"}));
}

TEST(Journal, IsReadWhileItIsWritten) {
    const Folder folder;
    auto writer = JournalWriter::open(folder.path(), {.rotate_after = std::chrono::seconds(2)});
    auto reader = JournalReader::open(folder.path());
    ASSERT_TRUE(writer && reader);
    std::vector<std::string> read;
    for (int i = 0; i < 6; ++i) {
        (*writer)->hear("rrc00", made::record(100 + static_cast<unsigned>(i), 8));
        EXPECT_EQ(texts_of(*reader, (*writer)->end()).size(), 0U) << "not kept yet";
        ASSERT_TRUE((*writer)->flush(kNow + i * kSecond));
        for (std::string& text : texts_of(*reader, (*writer)->end())) read.push_back(text);
        EXPECT_EQ(read.size(), static_cast<std::size_t>(i + 1));
    }
    EXPECT_EQ(read, texts_of(folder.path()));
}

TEST(Journal, TheClockNeverGoesBack) {
    const Folder folder;
    for (int run = 0; run < 2; ++run) {
        auto writer = JournalWriter::open(folder.path());
        ASSERT_TRUE(writer);
        (*writer)->hear(run == 0 ? "first" : "second", made::record(100, 8));
        ASSERT_TRUE((*writer)->flush(kNow - run * 3600 * kSecond));
        ASSERT_TRUE((*writer)->flush(kNow - run * 3600 * kSecond - kSecond));
    }
    EXPECT_EQ(texts_of(folder.path()),
              (std::vector<std::string>{"1700000000: first 20@100", "1700000000:",
                                        "1700000000: second 20@100", "1700000000:"}));
}

TEST(Journal, ABatchThatWasCutIsLeftOut) {
    const Folder folder;
    auto writer = JournalWriter::open(folder.path());
    ASSERT_TRUE(writer);
    std::vector<std::uint64_t> ends;
    for (int i = 0; i < 4; ++i) {
        (*writer)->hear("rrc00", made::Buffer(made::record(100 + static_cast<unsigned>(i), 400)));
        ASSERT_TRUE((*writer)->flush(kNow + i * kSecond));
        ends.push_back((*writer)->end().bytes);
    }
    const std::string path = folder / (*writer)->end().file;
    const auto whole = read_file(path);
    ASSERT_TRUE(whole);
    for (std::size_t size = 0; size <= whole->size(); ++size) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << whole->substr(0, size);
        const auto kept = static_cast<std::size_t>(
            std::ranges::count_if(ends, [&](std::uint64_t end) { return end <= size; }));
        // zstd may give the end of a batch away before the last bytes of its block are there.
        const std::size_t found = texts_of(folder.path()).size();
        EXPECT_GE(found, kept) << size;
        EXPECT_LE(found, kept + 1) << size;
    }
}

/// Whatever call fails, and whether the process dies of it or not: nothing that was acknowledged is
/// missing, nothing comes twice, and the order stays.
TEST(Journal, ASeedThatWasCutShortIsSetAside) {
    const Folder folder;
    EXPECT_FALSE(has_unfinished_seed(folder / "journal"));
    {
        auto writer = JournalWriter::open(folder / "journal");
        ASSERT_TRUE(writer);
        (*writer)->begin_seed();
        ASSERT_TRUE((*writer)->flush(kNow));
        (*writer)->add_archived("rrc00", "bview.gz", made::dump_record(5));
        ASSERT_TRUE((*writer)->flush(kNow + kSecond));
    }
    EXPECT_TRUE(has_unfinished_seed(folder / "journal"));
    ASSERT_TRUE(set_journal_aside(folder / "journal"));
    EXPECT_EQ(texts_of(folder / "journal"), std::vector<std::string>{});
    auto writer = JournalWriter::open(folder / "journal");
    ASSERT_TRUE(writer);
    (*writer)->begin_seed();
    (*writer)->end_seed();
    (*writer)->hear("rrc00", made::record(100, 8));
    ASSERT_TRUE((*writer)->flush(kNow + 2 * kSecond));
    EXPECT_FALSE(has_unfinished_seed(folder / "journal"));
    EXPECT_EQ(texts_of(folder / "journal"),
              std::vector<std::string>{"1700000002: seed live rrc00 20@100"});
}

TEST(Journal, AJournalWithoutASeedHasNoUnfinishedOne) {
    const Folder folder;
    auto writer = JournalWriter::open(folder / "journal");
    ASSERT_TRUE(writer);
    (*writer)->hear("rrc00", made::record(100, 8));
    ASSERT_TRUE((*writer)->flush(kNow));
    EXPECT_FALSE(has_unfinished_seed(folder / "journal"));
}

TEST(Journal, SurvivesADiskThatFailsAndAPowerCut) {
    for (const auto fault : {SimulatedDisk::Fault::NoSpace, SimulatedDisk::Fault::Stop}) {
        for (std::uint64_t call = 1; call < 40; ++call) {
            const Folder folder;
            SimulatedDisk disk(folder.path());
            disk.fail_at(call, fault);
            const std::string journal = folder / "journal";
            std::vector<int> acknowledged;
            int heard = 0;
            {
                auto writer =
                    JournalWriter::open(journal, {.rotate_after = std::chrono::seconds(3)}, disk);
                if (!writer) continue;
                for (; heard < 9; ++heard) {
                    (*writer)->hear("rrc00", made::record(static_cast<unsigned>(heard), 8));
                    if ((*writer)->flush(kNow + heard * kSecond)) acknowledged.push_back(heard);
                }
                static_cast<void>((*writer)->flush(kNow + heard * kSecond));
            }
            disk.crash(fault == SimulatedDisk::Fault::Stop ? SimulatedDisk::Loss::Torn
                                                           : SimulatedDisk::Loss::Nothing);
            auto reader = JournalReader::open(journal);
            if (!reader) continue;
            std::vector<int> found;
            JournalBatch batch;
            while (reader->next(batch)) {
                for (const JournalItem& item : batch.items)
                    found.push_back(static_cast<int>(header_of(item.bytes).stamp));
            }
            EXPECT_TRUE(std::ranges::is_sorted(found)) << call;
            EXPECT_EQ(std::ranges::adjacent_find(found), found.end()) << call;
            EXPECT_TRUE(std::ranges::includes(found, acknowledged)) << call;
            if (fault == SimulatedDisk::Fault::NoSpace) {
                EXPECT_EQ(found.size(), 9U) << call << ": what failed is kept and written later";
            }
        }
    }
}

}  // namespace
}  // namespace dimout::source
