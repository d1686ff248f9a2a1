#include "signal/level_book.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace dimout::signal {
namespace {

TEST(LevelBook, HoldsTheSameAsAPlainMapOfSums) {
    std::mt19937_64 random(11);
    LevelBook book;
    std::map<EntityKey, Levels> plain;
    for (int i = 0; i < 200'000; ++i) {
        const EntityKey entity = asn_key(Asn{static_cast<std::uint32_t>(random() % 5000)});
        const Family family = random() % 4 == 0 ? Family::v6 : Family::v4;
        VisibilityLevel& total = plain[entity][place_of(family)];
        VisibilityLevel change;
        if (random() % 3 == 0) {
            change -= total;
        } else {
            change.addresses[random() % 5] = random() >> random() % 64;
            change.votes = random() % 1000;
        }
        if (change == VisibilityLevel{}) continue;
        total += change;
        book.add(entity, family, change);
    }
    std::vector<EntityKey> expected;
    for (const auto& [entity, levels] : plain) {
        EXPECT_TRUE(book.levels_of(entity) == levels);
        if (levels != Levels{}) expected.push_back(entity);
    }
    std::vector<EntityKey> entities;
    book.append_entities(entities);
    std::ranges::sort(entities);
    EXPECT_TRUE(entities == expected);
    EXPECT_GT(entities.size(), 1000U);
    EXPECT_TRUE(book.levels_of(asn_key(Asn{5001})) == Levels{});
}

}  // namespace
}  // namespace dimout::signal
