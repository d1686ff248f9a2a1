// Series files: what becomes a sample, what is counted, and that neither depends on order or cuts.
#include "source/series_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <tuple>

#include "base/random.h"

namespace dimout::source {
namespace {

namespace fs = std::filesystem;

const std::string kHead = "time,entity,signal,value\n";

class SeriesFile : public testing::Test {
protected:
    SeriesFile()
        : folder_(fs::temp_directory_path() / ("dimout-series-" + std::to_string(::getpid()))) {
        fs::create_directories(folder_);
    }
    ~SeriesFile() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) {
        const fs::path path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }

    static SeriesFiles open(const std::vector<std::string>& specs,
                            const SeriesFilesOptions& options = {}) {
        std::vector<SeriesSpec> parsed;
        for (const std::string& spec : specs) parsed.push_back(*parse_series_spec(spec));
        auto files = SeriesFiles::open(parsed, options);
        EXPECT_TRUE(files) << (files ? "" : files.error().message);
        return std::move(*files);
    }

    SeriesFiles open_text(const std::string& text, const std::string& options = "") {
        return open({write("rows", text) + options});
    }

    static std::vector<Sample> all(SeriesFiles& files) {
        std::vector<Sample> samples;
        while (const auto bin = files.next_bin()) {
            for (Sample& sample : files.take(*bin)) {
                EXPECT_EQ(bin_of_end(sample.until()), *bin);
                samples.push_back(std::move(sample));
            }
        }
        return samples;
    }

    static std::uint64_t errors(const SeriesFiles& files, const std::string& code) {
        const auto found = files.errors().by_code().find(code);
        return found == files.errors().by_code().end() ? 0 : found->second.count;
    }

    fs::path folder_;
};

Sample made(const char* entity, const char* signal, std::int64_t from, std::int64_t width,
            std::optional<double> value) {
    return {.entity = *parse_entity(entity),
            .signal = signal,
            .from = event_time(from),
            .width = std::chrono::seconds{width},
            .value = value};
}

TEST_F(SeriesFile, RowsBecomeSamplesAsWideAsTheirOwnRhythm) {
    auto files = open_text(kHead +
                           "1419206400,country/KP,traffic.requests,3\n"
                           "2014-12-22T00:05:00Z,country/KP,traffic.requests,0\n"
                           "2014-12-22T00:10Z,country/KP,traffic.requests,\n"
                           "2014-12-22 00:00:00+00:00,region/IQ-BG,probe.replies,12.5\n"
                           "2014-12-22 01:00:00+00:00,region/IQ-BG,probe.replies,12\n");
    EXPECT_EQ(all(files), (std::vector{
                              made("country/KP", "traffic.requests", 1419206400, 300, 3),
                              made("country/KP", "traffic.requests", 1419206700, 300, 0),
                              made("country/KP", "traffic.requests", 1419207000, 300, {}),
                              made("region/IQ-BG", "probe.replies", 1419206400, 3600, 12.5),
                              made("region/IQ-BG", "probe.replies", 1419210000, 3600, 12),
                          }));
    EXPECT_EQ(files.errors().total(), 0U);
    EXPECT_EQ(files.figures().series, 2U);
}

TEST_F(SeriesFile, HeaderNamesComeInAnyOrderAndOtherColumnsAreNotRead) {
    auto files = open_text(
        "LABEL,Value,signal,\"entity\",width,Time\r\n"
        "1,7,traffic.requests,asn/131279,60,1419206400\r\n");
    EXPECT_EQ(all(files), std::vector{made("asn/131279", "traffic.requests", 1419206400, 60, 7)});
}

TEST_F(SeriesFile, NdjsonSaysTheSameAsCsv) {
    auto files = open_text(
        R"({"time":"2014-12-22T00:00Z","entity":"group/mine","signal":"traffic.requests","value":3,"label":[1]})"
        "\n"
        R"({"value":null,"time":1419206700,"signal":"traffic.requests","entity":"group/mine"})"
        "\n");
    EXPECT_EQ(all(files), (std::vector{
                              made("group/mine", "traffic.requests", 1419206400, 300, 3),
                              made("group/mine", "traffic.requests", 1419206700, 300, {}),
                          }));
}

TEST_F(SeriesFile, AWrongRowIsCountedWithItsPlaceAndStopsNothing) {
    auto files = open_text(kHead +
                           "noon,country/KP,traffic.requests,3\n"
                           "1419206400,country/Korea,traffic.requests,3\n"
                           "1419206400,country/KP,weather.rain,3\n"
                           "1419206400,country/KP,traffic.requests,-1\n"
                           "1419206400,country/KP,traffic.requests,inf\n"
                           "1419206400,country/KP\n"
                           "1419206400,\"country/KP,traffic.requests,1\n"
                           "99999999999,country/KP,traffic.requests,1\n" +
                           std::string(300000, 'x') +
                           "\n"
                           "1419206400,country/KP,traffic.requests,4\n");
    EXPECT_EQ(all(files), std::vector{made("country/KP", "traffic.requests", 1419206400, 300, 4)});
    EXPECT_EQ(files.errors().total(), 9U);
    EXPECT_EQ(errors(files, "series_time"), 2U);
    EXPECT_EQ(errors(files, "series_entity"), 1U);
    EXPECT_EQ(errors(files, "series_signal"), 1U);
    EXPECT_EQ(errors(files, "series_value"), 2U);
    EXPECT_EQ(errors(files, "series_row"), 2U);
    EXPECT_EQ(errors(files, "series_line"), 1U);
    const InputError& first = files.errors().by_code().at("series_entity").first.front();
    EXPECT_TRUE(files.describe(first).ends_with(
        "line 3 at byte 60: 'country/Korea' is no entity such as country/KP."))
        << files.describe(first);
}

TEST_F(SeriesFile, WrongJsonIsCountedLineByLine) {
    const std::string good =
        R"({"time":1419206400,"entity":"country/KP","signal":"traffic.requests","value":1})";
    auto files = open_text(good + "\n{\"time\":14192\n" + good + "trailing\n" +
                           R"({"time":1419206400,"entity":["country/KP"],"signal":"x","value":1})" +
                           "\n[]\n{}\n");
    EXPECT_EQ(all(files).size(), 1U);
    EXPECT_EQ(errors(files, "series_row"), 4U);
    EXPECT_EQ(errors(files, "series_time"), 1U);
}

TEST_F(SeriesFile, TheSameRowTwiceIsADuplicateAndAnotherValueAConflict) {
    auto files = open_text(kHead +
                           "1419206400,country/KP,traffic.requests,3\n"
                           "1419206700,country/KP,traffic.requests,5\n"
                           "1419206400,country/KP,traffic.requests,3\n"
                           "1419206700,country/KP,traffic.requests,9\n"
                           "1419206700,country/KP,traffic.requests,\n");
    EXPECT_EQ(all(files), (std::vector{
                              made("country/KP", "traffic.requests", 1419206400, 300, 3),
                              made("country/KP", "traffic.requests", 1419206700, 300, 9),
                          }));
    EXPECT_EQ(files.figures().duplicates, 2U);
    EXPECT_EQ(errors(files, "series_conflict"), 1U);
}

TEST_F(SeriesFile, EmptyCellsWithinAMeasuredIntervalAreNoSamples) {
    // A half-hourly column in a table of five-minute rows; 01:00 was not looked at.
    std::string text = "timestamp,slow,LABEL\n";
    for (int row = 0; row < 36; ++row) {
        const bool measured = row % 6 == 0 && row != 12;
        text += std::to_string(1419206400 + row * 300) + (measured ? ",7," : ",,") + "1\n";
    }
    auto files = open_text(text, ",entity=country/IQ,columns=slow:traffic.slow");
    std::vector<Sample> expected;
    for (int slot = 0; slot < 6; ++slot) {
        expected.push_back(made("country/IQ", "traffic.slow", 1419206400 + slot * 1800, 1800,
                                slot == 2 ? std::nullopt : std::optional(7.0)));
    }
    EXPECT_EQ(all(files), expected);
}

TEST_F(SeriesFile, ARowTooNearToTheOneBeforeIsLeftOutAndTold) {
    auto files = open_text(kHead +
                           "0,country/KP,traffic.requests,1\n300,country/KP,traffic.requests,1\n"
                           "400,country/KP,traffic.requests,1\n600,country/KP,traffic.requests,1\n"
                           "899,country/KP,traffic.requests,1\n1200,country/KP,traffic.requests,1\n"
                           "1500,country/KP,traffic.requests,1\n");
    EXPECT_EQ(all(files).size(), 6U);
    EXPECT_EQ(errors(files, "series_overlap"), 1U);
}

TEST_F(SeriesFile, AWideTableIsReadAsItsSpecSays) {
    auto files =
        open_text("name,time_e,index,LABEL\nTehran,0,90,1\nYazd,0,50,1\nTehran,3600,80,0\n",
                  ",entity=region/IR-23,where=name:Tehran,time=time_e,columns=index:probe.i");
    EXPECT_EQ(all(files), (std::vector{made("region/IR-23", "probe.i", 0, 3600, 90),
                                       made("region/IR-23", "probe.i", 3600, 3600, 80)}));
}

TEST_F(SeriesFile, AFirstLineThatNamesNoColumnsIsRefusedWithAHint) {
    const auto files = SeriesFiles::open({*parse_series_spec(write("x", "a,b\n1,2\n"))});
    ASSERT_FALSE(files);
    EXPECT_NE(files.error().message.find("names no column 'time'"), std::string::npos);
    EXPECT_FALSE(SeriesFiles::open({*parse_series_spec((folder_ / "none").string())}));
}

TEST_F(SeriesFile, FromAndUntilCutAfterTheRhythmIsKnown) {
    const std::string path = write("x", kHead +
                                            "0,country/KP,traffic.requests,1\n"
                                            "3600,country/KP,traffic.requests,2\n"
                                            "7200,country/KP,traffic.requests,3\n");
    auto files = open({path}, {.from = event_time(3600), .until = event_time(7200)});
    EXPECT_EQ(all(files), std::vector{made("country/KP", "traffic.requests", 3600, 3600, 2)});
}

/// Rows of three series with gaps, missing values and repetitions, each line with its end.
std::vector<std::string> random_rows(Random& random) {
    const std::vector<std::string> names{"country/KP,traffic.requests", "country/KP,probe.replies",
                                         "asn/131279,traffic.requests"};
    std::vector<std::string> rows;
    for (int i = 0; i < 200; ++i) {
        const auto time = 1419206400 + 300 * random.below(150);
        const std::string value = random.percent(10) ? "" : std::to_string(random.below(9));
        rows.push_back(std::to_string(time) + ',' + random.pick(names) + ',' + value + '\n');
    }
    return rows;
}

TEST_F(SeriesFile, SamplesDependNeitherOnTheOrderOfRowsNorOnTheFiles) {
    Random random(7);
    for (int round = 0; round < 20; ++round) {
        std::vector<std::string> rows = random_rows(random);
        std::vector<std::vector<Sample>> results;
        for (unsigned cuts = 1; cuts <= 4; ++cuts) {
            std::vector<std::string> texts(cuts, kHead);
            for (const std::string& row : rows) texts[random.below(cuts)] += row;
            std::vector<std::string> paths;
            for (unsigned i = 0; i < cuts; ++i)
                paths.push_back(write("part" + std::to_string(i), texts[i]));
            auto files = open(paths);
            results.push_back(all(files));
            for (std::size_t i = rows.size(); i-- > 1;)
                std::swap(rows[i], rows[random.below(static_cast<std::uint32_t>(i + 1))]);
        }
        for (const auto& result : results) ASSERT_EQ(result, results.front());
        ASSERT_TRUE(std::ranges::is_sorted(results.front(), {}, [](const Sample& one) {
            return std::tuple(bin_of_end(one.until()), one.entity, one.signal, one.from);
        }));
    }
}

TEST_F(SeriesFile, ATornCompressedFileGivesWhatCameBeforeAndIsTold) {
    const std::string real = DIMOUT_SOURCE_DIR "/../shared/data/series/ioda_country_IQ_iraq.csv.gz";
    if (!fs::exists(real)) GTEST_SKIP() << "SKIPPED: no " << real;
    std::ifstream in(real, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    bytes.resize(bytes.size() / 2);
    auto files = open_text(bytes, ",entity=country/IQ,columns=bgp:bgp.published_slash24");
    EXPECT_GT(all(files).size(), 1000U);
    EXPECT_EQ(errors(files, "gzip_truncated"), 1U);
}

TEST_F(SeriesFile, TheRealSeriesOfIraqIsReadWhole) {
    const std::string real = DIMOUT_SOURCE_DIR "/../shared/data/series/ioda_country_IQ_iraq.csv.gz";
    if (!fs::exists(real)) GTEST_SKIP() << "SKIPPED: no " << real;
    auto files =
        open({real + ",entity=country/IQ,columns=gtr:traffic.google_requests+merit-nt:traffic."
                     "telescope+bgp:bgp.published_slash24+ping-slash24:probe.slash24"});
    std::map<std::string, std::set<std::int64_t>> widths;
    std::map<std::string, std::size_t> measured;
    for (const Sample& one : all(files)) {
        widths[one.signal].insert(one.width.count());
        measured[one.signal] += one.value.has_value();
    }
    EXPECT_EQ(files.errors().total(), 0U);
    EXPECT_EQ(widths["bgp.published_slash24"], std::set<std::int64_t>{300});
    EXPECT_TRUE(widths["traffic.google_requests"].contains(1800));
    EXPECT_EQ(measured["bgp.published_slash24"], 2928U);
    EXPECT_GT(measured["traffic.google_requests"], 400U);
}

TEST(SeriesSpec, SaysWhatIsWrongWithIt) {
    EXPECT_EQ(parse_series_spec("a,b.csv")->path, "a,b.csv");
    const auto wide =
        parse_series_spec("x.csv,entity=country/IQ,columns=a b:traffic.x+c:d:probe.y");
    ASSERT_TRUE(wide) << wide.error().message;
    EXPECT_EQ(wide->columns,
              (std::vector<SeriesSpec::Column>{{"a b", "traffic.x"}, {"c:d", "probe.y"}}));
    for (const char* bad :
         {"", "x.csv,entity=country/IQ", "x.csv,columns=a:traffic.x",
          "x.csv,entity=IQ,columns=a:traffic.x", "x.csv,time=t",
          "x.csv,entity=country/IQ,columns=a:weather.x", "x.csv,entity=country/IQ,columns=a"}) {
        EXPECT_FALSE(parse_series_spec(bad)) << bad;
    }
}

}  // namespace
}  // namespace dimout::source
