#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/catalogue.h"
#include "catalogue/csv.h"
#include "catalogue/match.h"
#include "catalogue/moment.h"

namespace dimout::catalogue {
namespace {

std::optional<CountryCode> country(std::string_view name) {
    if (name == "Iraq") return CountryCode::of('I', 'Q');
    if (name == "Turkey") return CountryCode::of('T', 'R');
    return std::nullopt;
}

std::string window(std::string_view text) {
    const auto moment = parse_moment(text);
    return moment ? to_rfc3339(moment->lo) + "/" + std::to_string((moment->hi - moment->lo).count())
                  : "none";
}

TEST(Moment, is_as_wide_as_it_was_written) {
    EXPECT_EQ(window("2020-07-28"), "2020-07-28T00:00:00Z/86400");
    EXPECT_EQ(window("2020-07-28 11:10"), "2020-07-28T11:10:00Z/60");
    EXPECT_EQ(window("2020-07-28T11:10:30Z"), "2020-07-28T11:10:30Z/1");
    EXPECT_EQ(window("2020-07-28T11:10:30+02:00"), "2020-07-28T09:10:30Z/1");
}

TEST(Moment, reads_the_two_ways_of_the_curated_list) {
    EXPECT_EQ(window("Tuesday, July 28, 2020, 11:10:00 AM"), "2020-07-28T11:10:00Z/60");
    EXPECT_EQ(window("Monday, May 28, 2018, 9:00 PM"), "2018-05-28T21:00:00Z/60");
    EXPECT_EQ(window("Saturday June 2, 2018, 12:05 AM"), "2018-06-02T00:05:00Z/60");
    EXPECT_EQ(window("7/28/2020  17:00:00 PM"), "2020-07-28T17:00:00Z/60");
    EXPECT_EQ(window("4/3/2020  21:3:00 PM"), "2020-04-03T21:03:00Z/60");
}

TEST(Moment, refuses_what_is_no_time) {
    for (const char* text : {"", "N/A", "Friday", "2020-13-01", "2/30/2020 10:00:00 AM",
                             "July 28, 2020, 25:10:00", "soon after noon"})
        EXPECT_EQ(window(text), "none") << text;
}

TEST(Csv, quotes_may_hold_commas_quotes_and_line_ends) {
    CsvReader csv(
        "\xEF\xBB\xBF"
        "a,\"b,\"\"c\"\"\n2\",d\r\n\r\ne,f\n");
    std::vector<std::string> fields;
    ASSERT_TRUE(csv.next(fields));
    EXPECT_EQ(fields, (std::vector<std::string>{"a", "b,\"c\"\n2", "d"}));
    ASSERT_TRUE(csv.next(fields));
    EXPECT_EQ(fields, (std::vector<std::string>{"e", "f"}));
    EXPECT_EQ(csv.line(), 4U);
    EXPECT_FALSE(csv.next(fields));
}

TEST(Read, no_row_vanishes) {
    const auto read_it = read(
        "entity,start,end,cause\n"
        "country/KP,2014-12-22T16:15Z,2014-12-23T01:46Z,unknown to us\n"
        "Atlantis,2014-12-22,,\n"
        "Iraq,2023-08-21,2023-08-20,exams\n"
        "Iraq,one evening,,\n"
        ",2014-12-22,,\n",
        country);
    ASSERT_TRUE(read_it);
    EXPECT_EQ(read_it->format, "plain");
    ASSERT_EQ(read_it->rows.size(), 1U);
    EXPECT_EQ(read_it->rows[0].cause, "unknown to us");
    ASSERT_EQ(read_it->refused.size(), 4U);
    EXPECT_EQ(read_it->refused[0].line, 3U);
    EXPECT_EQ(read_it->refused[0].reason, "'Atlantis' is no country that we know");
    EXPECT_EQ(read_it->refused[1].reason, "it ends before it begins; one of the two is mistyped");
    EXPECT_EQ(read_it->refused[2].reason, "its start 'one evening' is no time that we can read");
}

TEST(Read, an_event_in_several_countries_is_a_row_for_each) {
    const auto found = read(
        "country,start_date,end_date,area_name,shutdown_extent\n"
        "Iraq; Turkey,2019-11-16,,Nationwide,Full network\n",
        country);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->format, "keepiton");
    ASSERT_EQ(found->rows.size(), 2U);
    EXPECT_EQ(to_string(found->rows[1].entity), "country/TR");
    EXPECT_TRUE(found->rows[1].whole);
    EXPECT_FALSE(found->rows[1].end);
}

TEST(Read, a_head_that_is_none_says_what_it_should_be) {
    const auto found = read("when,where\n1,2\n", country);
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("`entity,start,end`"), std::string::npos);
}

TEST(Read, every_row_of_the_real_lists_is_used_or_refused) {
    const std::filesystem::path file =
        std::filesystem::path(DIMOUT_SOURCE_DIR) /
        "../shared/data/truth/ioda_investigated_outages_2018-2020.csv";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "real data is missing: " << file;
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const auto found = read(text.str(), [](std::string_view) { return CountryCode::of('X', 'X'); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->format, "ioda");
    EXPECT_EQ(found->rows.size() + found->refused.size(), 1253U);
    EXPECT_GT(found->rows.size(), 1150U);
    const auto mistyped = [](const Refused& row) { return row.reason.starts_with("it ends"); };
    EXPECT_GT(std::ranges::count_if(found->refused, mistyped), 0);
}

Outage ours(const char* from, const char* until) {
    Outage outage;
    outage.entity = *parse_entity("country/IQ");
    const EventTime start = *parse_time(from);
    const EventTime end = *parse_time(until);
    outage.id = outage_id(outage.entity, Bin::of(start));
    outage.start = {.best = start, .lo = start, .hi = start};
    outage.end = UncertainTime{.best = end, .lo = end, .hi = end};
    return outage;
}

Row theirs(const char* entity, const char* from, const char* until) {
    return {.line = 2,
            .entity = *parse_entity(entity),
            .start = *parse_moment(from),
            .end = parse_moment(until),
            .scope = "",
            .cause = "",
            .title = ""};
}

const Observed kAugust{.range = {*parse_time("2023-08-01"), *parse_time("2023-09-01")},
                       .gaps = {{*parse_time("2023-08-10"), *parse_time("2023-08-11")}}};

Verdict verdict(const Row& row) {
    const std::vector<Outage> outages{ours("2023-08-21T01:02:00Z", "2023-08-21T05:00:00Z"),
                                      ours("2023-08-22T01:00:00Z", "2023-08-22T05:00:00Z")};
    return match({row}, outages, kAugust).front();
}

TEST(Match, the_outage_that_overlaps_is_the_one) {
    const Verdict found = verdict(theirs("country/IQ", "2023-08-22T01:10", "2023-08-22T05:00"));
    EXPECT_EQ(found.kind, Verdict::Kind::Matched);
    EXPECT_EQ(found.outage, "country-IQ-20230822T0100Z");
    EXPECT_EQ(found.onset_error.count(), -600);
    EXPECT_EQ(found.reason, "ours began 600 s earlier");
}

TEST(Match, a_day_matches_what_lies_in_it_and_says_no_seconds) {
    const Verdict found = verdict(theirs("country/IQ", "2023-08-21", "2023-08-21"));
    EXPECT_EQ(found.outage, "country-IQ-20230821T0100Z");
    EXPECT_EQ(found.onset_error.count(), 0);
    EXPECT_EQ(found.reason, "ours began on that day");
}

TEST(Match, each_way_of_not_matching_has_its_reason) {
    EXPECT_EQ(verdict(theirs("country/IQ", "2023-08-21T08:00", "2023-08-21T09:00")).kind,
              Verdict::Kind::Elsewhen);
    EXPECT_EQ(verdict(theirs("country/TR", "2023-08-21T01:00", "2023-08-21T05:00")).kind,
              Verdict::Kind::Quiet);
    EXPECT_EQ(verdict(theirs("country/IQ", "2023-10-01T01:00", "2023-10-01T05:00")).kind,
              Verdict::Kind::NotWatched);
    EXPECT_EQ(verdict(theirs("country/IQ", "2023-08-10T01:00", "2023-08-10T05:00")).kind,
              Verdict::Kind::NotWatched)
        << "a gap is not a quiet day";
    Row part = theirs("country/TR", "2023-08-21T01:00", "2023-08-21T05:00");
    part.whole = false;
    part.scope = "Region (Zonguldak)";
    EXPECT_EQ(verdict(part).reason, "it was about a part only (Region (Zonguldak))");
}

}  // namespace
}  // namespace dimout::catalogue
