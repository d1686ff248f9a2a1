#include "app/config_text.h"

#include <gtest/gtest.h>

#include "app/config.h"
#include "app/forecast.h"
#include "registry/groups.h"

namespace dimout::app {
namespace {

ConfigDraft some_draft() {
    ConfigDraft draft;
    draft.asns = {Asn{64500}, Asn{4200000000}};
    draft.bmp = {"127.0.0.1:11019"};
    return draft;
}

TEST(ConfigText, what_is_written_is_what_is_read) {
    ConfigDraft draft = some_draft();
    draft.country = "KP";
    draft.zone = "Asia/Pyongyang";
    draft.notify = {"ntfy://h/\"quoted\"\\back", "file:/é\n"};
    draft.archive = "archive";
    draft.registry = "archive/registry";
    draft.laboratory = true;
    draft.learnt_from = "by a table";
    draft.prefixes = {{*parse_prefix("192.0.2.0/24"), 3, 4},
                      {*parse_prefix("2001:db8::/32"), 4, 4}};
    const std::string text = config_text(draft);
    const auto config = parse_config(text, "d.toml");
    ASSERT_TRUE(config) << config.error().message << '\n' << text;
    EXPECT_EQ(config->notify, draft.notify);
    EXPECT_EQ(config->country, "KP");
    EXPECT_EQ(config->archive, (std::vector<std::string>{"archive"}));
    EXPECT_EQ(config->laboratory, true);
    EXPECT_FALSE(config->ris_live);
    const auto groups = registry::Groups::parse(text, "d.toml", config_keys());
    ASSERT_TRUE(groups) << groups.error().message;
    EXPECT_EQ(groups->members("mine")->asns, draft.asns);
    EXPECT_EQ(groups->members("mine")->prefixes.size(), 2U);
    EXPECT_EQ(groups->followed().size(), 2U);
    EXPECT_EQ(groups->zone(0), "Asia/Pyongyang");
}

TEST(ConfigText, too_many_prefixes_are_counted_and_not_named) {
    ConfigDraft draft = some_draft();
    draft.learnt_from = "by a table";
    for (std::uint32_t i = 0; i <= kMostPrefixes; ++i)
        draft.prefixes.push_back({Prefix::make(Address::v4(0x0A000000 + (i << 8)), 24), 1, 1});
    const std::string text = config_text(draft);
    EXPECT_NE(text.find("201 prefixes were announced"), std::string::npos) << text;
    EXPECT_EQ(text.find("10.0.0.0/24"), std::string::npos) << text;
    EXPECT_TRUE(parse_config(text, "d.toml"));
}

TEST(Forecast, follows_the_sources_and_what_is_kept) {
    WatchOptions options;
    options.ris_live = {"rrc00", "rrc01"};
    const auto two = forecast(options, {});
    EXPECT_EQ(two[0].amount, "60");
    EXPECT_EQ(two[1].amount, "1.3 GB");
    options.ris_live = {"all"};
    EXPECT_EQ(forecast(options, {})[0].amount, "690");
    EXPECT_EQ(forecast(options, 1)[0].amount, "1");
    EXPECT_EQ(forecast(options, 0)[1].amount, "28 MB");
    options.run.path_days = 0;
    EXPECT_EQ(forecast(options, 10)[5].amount, "0 MB after a year");
    options.run.path_days = 1'000;
    EXPECT_EQ(forecast(options, 10)[5].amount, "16 GB after a year") << "a year has 365 days";
    options.run.origins_only = true;
    EXPECT_EQ(forecast(options, 10)[1].amount, "157 MB");
}

}  // namespace
}  // namespace dimout::app
