#include "store/manifest.h"

#include <gtest/gtest.h>

#include "store/made_up.h"

namespace dimout::store {
namespace {

Manifest sample() {
    Manifest manifest;
    manifest.generation = 12;
    manifest.first_log = 7;
    manifest.outages = {4711, 0x1234567890abcdef};
    manifest.gaps = content_of("x");
    manifest.segments = {{"20141222.000009", {10}, {20}, 11, 90210, {{1, 2}, {3, 4}, {5, 6}}},
                         {"20141223T00.000012", {21}, {22}, 2, 12, {}}};
    manifest.facts = MadeUpRun::facts();
    return manifest;
}

TEST(StoreManifest, ComesBackAsItWas) {
    const auto back = parse_manifest(manifest_text(sample()), "store");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(manifest_text(*back), manifest_text(sample()));
    EXPECT_TRUE(back->segments[0].is_day());
    EXPECT_FALSE(back->segments[1].is_day());
    EXPECT_EQ(back->segments[0].file(SegmentTable::Bins), "segments/20141222.000009.bins.parquet");
}

TEST(StoreManifest, ANewerFormatIsRefusedWithASentenceWhateverElseItHolds) {
    const auto refused = parse_manifest(R"({"format":2,"wonders":[]})", "/var/lib/dimout");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "/var/lib/dimout: store format 2 is newer than this dimout (1): use a newer dimout.");
}

TEST(StoreManifest, AnyChangedOrMissingByteIsNoticed) {
    const std::string whole = manifest_text(sample());
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = damaged[i] == '0' ? '1' : '0';
        EXPECT_FALSE(parse_manifest(damaged, "store")) << i;
        EXPECT_FALSE(parse_manifest(whole.substr(0, i), "store")) << i;
    }
}

TEST(StoreManifest, AFolderWithoutOneIsNoStore) {
    const auto missing = read_manifest("/nonexistent");
    EXPECT_EQ(missing.error().message,
              "/nonexistent: is not a dimout store (no manifest.json in it).");
}

}  // namespace
}  // namespace dimout::store
