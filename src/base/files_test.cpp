#include "base/files.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace dimout {
namespace {

std::string fresh_folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const auto path =
        std::filesystem::temp_directory_path() / (std::string("dimout-") + test->name());
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path.string();
}

TEST(Files, PublishReplacesTheWholeContentAndLeavesNothingBeside) {
    const std::string folder = fresh_folder();
    ASSERT_TRUE(publish(real_disk(), folder + "/a", "first, and longer"));
    ASSERT_TRUE(publish(real_disk(), folder + "/a", "second"));
    EXPECT_EQ(read_file(folder + "/a").value(), "second");
    EXPECT_EQ(list_folder(folder).value(), std::vector<std::string>{"a"});
}

TEST(Files, OpeningForAppendCutsTheFileToTheAskedSize) {
    const std::string path = fresh_folder() + "/log";
    ASSERT_TRUE(publish(real_disk(), path, "acknowledged torn"));
    auto file = real_disk().open_append(path, 12);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append(" next"));
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ(read_file(path).value(), "acknowledged next");
    EXPECT_EQ(read_file(path, 12).value(), "acknowledged");
    EXPECT_FALSE(read_file(path, 99));
}

TEST(Files, ALockHasOneHolder) {
    const std::string path = fresh_folder() + "/lock";
    auto first = FileLock::try_lock(path);
    ASSERT_TRUE(first && *first);
    EXPECT_EQ(*FileLock::try_lock(path), nullptr);
    first->reset();
    EXPECT_NE(*FileLock::try_lock(path), nullptr);
}

TEST(Files, ErrorsNameThePath) {
    EXPECT_EQ(read_file("/nonexistent/x").error().message,
              "/nonexistent/x: No such file or directory.");
    EXPECT_FALSE(list_folder("/nonexistent"));
    EXPECT_EQ(folder_of("a/b/c"), "a/b");
    EXPECT_EQ(folder_of("c"), ".");
    EXPECT_EQ(folder_of("/c"), "/");
}

}  // namespace
}  // namespace dimout
