#include "registry/names.h"

#include <gtest/gtest.h>

#include "registry/as_names.h"
#include "registry/test_files.h"

namespace dimout::registry {
namespace {

TEST(Names, countries_have_their_common_names) {
    EXPECT_EQ(country_name(code("KP")), "North Korea");
    EXPECT_EQ(country_name(code("KR")), "South Korea");
    EXPECT_EQ(country_name(code("IR")), "Iran");
    EXPECT_EQ(country_name(code("SY")), "Syria");
    EXPECT_EQ(country_name(code("CD")), "The Democratic Republic of the Congo");
    EXPECT_EQ(country_name(code("VG")), "British Virgin Islands");
    EXPECT_EQ(country_name(code("XK")), "Kosovo");
}

TEST(Names, countries_are_found_by_the_names_that_lists_of_outages_use) {
    const auto found = [](std::string_view name) {
        const auto code = country_by_name(name);
        return code ? code->text() : "none";
    };
    EXPECT_EQ(found("North Korea"), "KP");
    EXPECT_EQ(found("Iran (Islamic Republic of)"), "IR");
    EXPECT_EQ(found("Venezuela (Bolivarian Republic of)"), "VE");
    EXPECT_EQ(found("Tanzania, United Republic of"), "TZ");
    EXPECT_EQ(found("Congo (Democratic Republic of the)"), "CD");
    EXPECT_EQ(found("Congo"), "CG");
    EXPECT_EQ(found("Viet Nam"), "VN");
    EXPECT_EQ(found("Côte d'Ivoire"), "CI");
    EXPECT_EQ(found("Saint Kitts And Nevis"), "KN");
    EXPECT_EQ(found("Bosnia & Herzegovina"), "BA");
    EXPECT_EQ(found("Guinea"), "GN");
    EXPECT_EQ(found("Guinea-Bissau"), "GW");
    EXPECT_EQ(found("KP"), "KP");
    EXPECT_EQ(found("European Union"), "none");
    EXPECT_EQ(found(""), "none");
}

TEST(Names, a_code_of_nobody_is_its_own_name) {
    EXPECT_EQ(country_name(code("QQ")), "QQ");
    EXPECT_EQ(find_country(code("QQ")), nullptr);
}

TEST(Names, every_country_has_a_name_a_continent_and_a_registry) {
    EXPECT_GE(countries().size(), 249U);
    for (const CountryFacts& facts : countries()) {
        EXPECT_FALSE(facts.name.empty()) << facts.code.text();
        EXPECT_FALSE(continent_name(facts.continent).empty()) << facts.code.text();
        EXPECT_TRUE(facts.rir) << facts.code.text();
    }
}

TEST(Names, continents_are_those_that_people_count) {
    const auto continent = [](const char* letters) {
        return continent_name(find_country(code(letters))->continent);
    };
    EXPECT_EQ(continent("KP"), "Asia");
    EXPECT_EQ(continent("US"), "North America");
    EXPECT_EQ(continent("HT"), "North America");
    EXPECT_EQ(continent("BR"), "South America");
    EXPECT_EQ(continent("EG"), "Africa");
    EXPECT_EQ(continent("RU"), "Europe");
    EXPECT_EQ(continent("TO"), "Oceania");
    EXPECT_EQ(continent("AQ"), "Antarctica");
}

TEST(Names, zones_tell_the_local_time) {
    ASSERT_EQ(find_country(code("KP"))->zones.size(), 1U);
    EXPECT_EQ(find_country(code("KP"))->zones[0], "Asia/Pyongyang");
    EXPECT_GT(find_country(code("US"))->zones.size(), 10U);
}

TEST(Names, service_regions_are_the_registries) {
    EXPECT_EQ(find_country(code("US"))->rir, Rir::Arin);
    EXPECT_EQ(find_country(code("CA"))->rir, Rir::Arin);
    EXPECT_EQ(find_country(code("KP"))->rir, Rir::Apnic);
    EXPECT_EQ(find_country(code("BR"))->rir, Rir::Lacnic);
}

TEST(AsNames, both_forms_are_read_and_the_first_name_stays) {
    AsNames names;
    ASSERT_TRUE(names.add_json(R"({"131279": "STAR-KP Ryugyong-dong, KP", "x": "y", "5": 5})",
                               "names.json"));
    names.add_ranges(
        "1.0.0.0,1.0.0.255,13335,\"Cloudflare, "
        "\"\"Inc.\"\"\"\n1.0.4.0,1.0.7.255,131279,Other\nbad\n");
    names.finish();
    EXPECT_EQ(names.find(Asn{131279}), "STAR-KP Ryugyong-dong, KP");
    EXPECT_EQ(names.find(Asn{13335}), "Cloudflare, \"Inc.\"");
    EXPECT_EQ(names.find(Asn{1}), "");
    EXPECT_EQ(names.size(), 2U);
}

TEST(AsNames, a_file_that_is_no_object_is_refused) {
    AsNames names;
    EXPECT_FALSE(names.add_json("[1]", "names.json"));
    EXPECT_EQ(names.add_json("{", "names.json").error().message,
              "names.json: expected a JSON object of AS numbers and names.");
}

}  // namespace
}  // namespace dimout::registry
