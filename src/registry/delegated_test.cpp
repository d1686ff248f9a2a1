#include "registry/delegated.h"

#include <gtest/gtest.h>

#include "registry/files.h"
#include "registry/test_files.h"

namespace dimout::registry {
namespace {

constexpr std::string_view kFile =
    "# conditions of use\n"
    "2|apnic|20140701|4|19830613|20140630|+1000\n"
    "apnic|*|asn|*|1|summary\r\n"
    "apnic|*|ipv4|*|2|summary\n"
    "apnic|*|ipv6|*|1|summary\n"
    "apnic|KP|asn|131279|1|20091221|allocated\n"
    "apnic|KP|ipv4|175.45.176.0|1024|20091221|assigned\n"
    "apnic|AP|ipv4|192.0.2.0|192|20091221|allocated\n"
    "apnic|JP|ipv6|2001:200::|35|19990813|allocated\n";

TEST(Delegated, a_faultless_file_is_read_without_warnings) {
    const auto file = parse_delegated(kFile, "x");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->warnings.count, 0U) << file->warnings.first.front();
    ASSERT_EQ(file->ranges.size(), 3U);
    EXPECT_EQ(to_string(file->ranges[0].last), "175.45.179.255");
    EXPECT_EQ(file->ranges[0].country, code("KP"));
    EXPECT_EQ(to_string(file->ranges[1].last), "192.0.2.191") << "a count that is no power of two";
    EXPECT_EQ(to_string(file->ranges[2].last), "2001:200:1fff:ffff:ffff:ffff:ffff:ffff");
    ASSERT_EQ(file->asns.size(), 1U);
    EXPECT_EQ(file->asns[0].last, Asn{131279});
}

TEST(Delegated, the_serial_is_the_date_unless_it_is_none) {
    EXPECT_EQ(parse_delegated_header(kFile, "x")->date, parse_time("2014-07-01"));
    const auto epoch_serial =
        parse_delegated_header("2|ripencc|1404165599|85681|19830705|20140630|+0200\n", "x");
    EXPECT_EQ(epoch_serial->date, parse_time("2014-06-30"));
    EXPECT_FALSE(epoch_serial->extended);
}

TEST(Delegated, space_that_nobody_has_is_not_held_whatever_country_stands_there) {
    const auto file = parse_delegated(
        "2.3|lacnic|20190910|3|0|20190910|-0300\n"
        "lacnic||ipv4|24.152.0.0|32768||reserved|\n"
        "lacnic|BR|ipv4|24.152.128.0|256||available|\n"
        "lacnic||asn|64500|3||available|\n",
        "x");
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->header.extended);
    EXPECT_EQ(file->warnings.count, 0U);
    ASSERT_EQ(file->ranges.size(), 2U);
    for (const DelegatedRange& range : file->ranges) {
        EXPECT_FALSE(range.held);
        EXPECT_EQ(range.country, code("ZZ"));
    }
    EXPECT_TRUE(file->asns.empty());
}

TEST(Delegated, a_row_that_makes_no_sense_is_counted_and_left_out) {
    const std::string head = "2|apnic|20140701|1|0|20140701|+1000\n";
    for (const char* row :
         {"apnic|KP|ipv4|175.45.176.0|0|20091221|assigned",
          "apnic|KP|ipv4|255.255.255.0|257|0|assigned", "apnic|KP|ipv4|2001:200::|256|0|assigned",
          "apnic|kp|ipv4|10.0.0.0|256|0|assigned", "apnic|KP|ipv6|2001:201::|16|0|assigned",
          "apnic|KP|ipv6|2001:201::|129|0|assigned", "apnic|KP|asn|4294967295|2|0|assigned",
          "apnic|KP|ipv4|10.0.0.0|256|0|lost", "apnic|KP|ipv5|10.0.0.0|256|0|assigned",
          "arin|US|ipv4|10.0.0.0|256|0|assigned", "apnic|KP|ipv4|10.0.0.0", "|||||||||||",
          "apnic|KP|ipv4|10.0.0.0|-1|0|assigned"}) {
        const auto file = parse_delegated(head + row + "\n", "x");
        ASSERT_TRUE(file) << row;
        EXPECT_EQ(file->warnings.count, 1U) << row;
        EXPECT_TRUE(file->ranges.empty() && file->asns.empty()) << row;
    }
}

TEST(Delegated, the_combined_file_speaks_for_all_registries) {
    const auto file = parse_delegated(
        "2.3|nro|20190912|3|0|20190912|+0000\n"
        "arin|US|ipv4|3.0.0.0|256|0|assigned|x|e-stats\n"
        "apnic|KP|ipv4|175.45.176.0|1024|0|assigned|y|e-stats\n"
        "iana|ZZ|ipv4|0.0.0.0|256||ietf|ietf|iana\n",
        "x");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->header.registries, RirSet::all());
    EXPECT_EQ(file->warnings.count, 0U);
    EXPECT_EQ(file->ranges.size(), 2U);
    EXPECT_EQ(file->ranges[0].rir, Rir::Arin);
}

TEST(Delegated, other_files_are_refused_with_a_sentence) {
    for (const char* text :
         {"", "# nothing\n", "hello\n", "2|iana|20140701|1|0|0|0\n", "{\"byCountry\": {}}\n"}) {
        const auto file = parse_delegated(text, "x.txt");
        ASSERT_FALSE(file) << text;
        EXPECT_EQ(file.error().message, "x.txt: no delegated statistics: no header line.");
    }
}

TEST(Delegated, the_real_file_whose_header_is_wrong_is_a_warning_and_its_rows_are_believed) {
    const auto path = real_file("rir/delegated-lacnic-20190910.gz");
    DIMOUT_NEED(path);
    const auto text = read_text(path);
    ASSERT_TRUE(text) << text.error().message;
    const auto file = parse_delegated(*text, "lacnic");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->header.records, 35932U);
    EXPECT_EQ(file->ranges.size(), 25735U);
    EXPECT_EQ(file->asns.size(), 9984U);
    EXPECT_EQ(file->warnings.count, 2U) << "the number of records, and the summary of asn rows";
    EXPECT_EQ(file->warnings.first[0], "lacnic:1: header says 35932 records, found 35719");
    EXPECT_EQ(file->warnings.first[1], "lacnic:1: summary says 10197 asn rows, found 9984");
}

TEST(Delegated, every_other_real_file_is_read_without_a_warning) {
    const auto folder = real_file("rir");
    DIMOUT_NEED(folder);
    const auto files = find_files(folder);
    ASSERT_TRUE(files);
    for (const FoundFile& found : *files) {
        if (found.kind != FileKind::Delegated ||
            found.path.filename() == "delegated-lacnic-20190910.gz")
            continue;
        const auto file = parse_delegated(*read_text(found.path), found.path.filename().string());
        ASSERT_TRUE(file) << found.path;
        EXPECT_EQ(file->warnings.count, 0U) << file->warnings.first.front();
    }
}

}  // namespace
}  // namespace dimout::registry
