// Stops, fails and kills the writer everywhere and looks at what is left.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "store/check.h"
#include "store/made_up.h"
#include "base/simulated_disk.h"

extern char** environ;

namespace dimout::store {
namespace {

using Fault = SimulatedDisk::Fault;
using Loss = SimulatedDisk::Loss;

/// Enough for a day's change, two hours turned over and one day merged.
const MadeUpRun kRun = MadeUpRun(24, true).with_paths();

std::string join(const std::vector<std::string>& sentences) {
    std::string text;
    for (const std::string& sentence : sentences) text += sentence + '\n';
    return text;
}

const std::string& undisturbed() {
    static const std::string text = [] {
        const std::string folder = fresh_folder("undisturbed");
        fill(folder, kRun);
        return exported(folder);
    }();
    return text;
}

/// The newest bin acknowledged before the run failed; empty when none was.
std::optional<Bin> run_until_fault(const std::string& folder, Disk& disk) {
    std::optional<Bin> acknowledged;
    auto writer = Writer::open(folder, {}, disk);
    if (writer) static_cast<void>(kRun.replay(*writer, [&](Bin bin) { acknowledged = bin; }));
    return acknowledged;
}

/// What must hold after any crash: nothing acknowledged is lost, nothing is wrong, a rerun
/// completes it.
void expect_recovers(const std::string& folder, const std::optional<Bin>& acknowledged) {
    if (file_exists(folder + "/manifest.json")) {
        const auto report = check(folder);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(join(report->faults), "");
    }
    auto writer = Writer::open(folder);
    ASSERT_TRUE(writer) << writer.error().message;
    if (acknowledged) {
        ASSERT_TRUE(writer->last_sealed_bin());
        EXPECT_GE(*writer->last_sealed_bin(), *acknowledged);
    }
    const auto done = kRun.replay(*writer);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(exported(folder), undisturbed());
    EXPECT_EQ(join(check(folder)->faults), "");
}

std::uint64_t calls_of_a_run() {
    const std::string folder = fresh_folder("counted");
    SimulatedDisk disk(folder);
    EXPECT_EQ(run_until_fault(folder, disk), MadeUpRun::bin_at(kRun.bins() - 1));
    return disk.calls();
}

bool thorough() { return std::getenv("DIMOUT_SOAK") != nullptr; }

void crash_at(std::uint64_t call, Fault fault, Loss loss) {
    SCOPED_TRACE(testing::Message() << "call " << call << ", loss " << static_cast<int>(loss));
    const std::string folder = fresh_folder("crashed");
    SimulatedDisk disk(folder);
    disk.fail_at(call, fault);
    const auto acknowledged = run_until_fault(folder, disk);
    if (fault == Fault::Stop) disk.crash(loss);
    expect_recovers(folder, acknowledged);
}

constexpr Loss kLosses[] = {Loss::Nothing, Loss::Unsynced, Loss::Torn, Loss::Holes};

TEST(StoreCrash, StoppingAtAnyCallLosesNothingAcknowledgedAndARerunCompletesTheStore) {
    const std::uint64_t calls = calls_of_a_run();
    ASSERT_GT(calls, 50U);
    for (std::uint64_t call = 1; call <= calls && !HasFatalFailure(); ++call) {
        for (const Loss loss : kLosses) {
            // One kind of loss a call is enough for every day; the soak tries all.
            if (thorough() || call % 4 == static_cast<std::uint64_t>(loss))
                crash_at(call, Fault::Stop, loss);
        }
    }
}

TEST(StoreCrash, AFullDiskAtAnyCallLosesNothingAcknowledged) {
    const std::uint64_t calls = calls_of_a_run();
    for (std::uint64_t call = 1; call <= calls && !HasFatalFailure(); call += thorough() ? 1 : 4) {
        crash_at(call, Fault::NoSpace, Loss::Nothing);
    }
}

TEST(StoreCrash, AfterAFailureTheWriterIsSpent) {
    const std::string folder = fresh_folder("spent");
    SimulatedDisk disk(folder);
    auto writer = Writer::open(folder, {}, disk);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->describe(MadeUpRun::facts()));
    ASSERT_TRUE(writer->append(MadeUpRun::bin(0)));
    disk.fail_at(disk.calls() + 1, Fault::NoSpace);
    const auto failed = writer->commit();
    ASSERT_FALSE(failed);
    EXPECT_EQ(writer->append(MadeUpRun::bin(1)).error().message, failed.error().message);
    EXPECT_FALSE(writer->close());
}

/// Runs this program again as a writer that says `.` for each acknowledged bin.
pid_t start_child(const std::string& folder, int acknowledgements) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, acknowledgements, 3);
    ::setenv("DIMOUT_CHILD_STORE", folder.c_str(), 1);
    const char* arguments[] = {"store_test", "--gtest_filter=StoreChild.*",
                               "--gtest_also_run_disabled_tests", "--gtest_brief=1", nullptr};
    pid_t child = -1;
    const int failed = posix_spawn(&child, "/proc/self/exe", &actions, nullptr,
                                   const_cast<char**>(arguments), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::unsetenv("DIMOUT_CHILD_STORE");
    return failed == 0 ? child : -1;
}

/// Kills a writing child after its `wanted`-th acknowledgement; returns how many it had given.
std::size_t kill_after(const std::string& folder, std::size_t wanted) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return 0;
    const pid_t child = start_child(folder, ends[1]);
    ::close(ends[1]);
    std::size_t heard = 0;
    char dot = 0;
    while (heard < wanted && ::read(ends[0], &dot, 1) == 1) ++heard;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &dot, 1) == 1) ++heard;
    ::close(ends[0]);
    return heard;
}

std::size_t number_of_kills() {
    const char* wanted = std::getenv("DIMOUT_KILLS");
    return wanted == nullptr ? 6 : std::strtoul(wanted, nullptr, 10);
}

TEST(StoreChild, DISABLED_WritesUntilItIsKilled) {
    const char* folder = std::getenv("DIMOUT_CHILD_STORE");
    ASSERT_NE(folder, nullptr);
    auto writer = Writer::open(folder);
    ASSERT_TRUE(writer) << writer.error().message;
    static_cast<void>(kRun.replay(*writer, [](Bin) { static_cast<void>(::write(3, ".", 1)); }));
}

TEST(StoreCrash, KillMinusNineLosesNoAcknowledgedBinAndARerunCompletesTheStore) {
    const std::size_t kills = number_of_kills();
    for (std::size_t i = 0; i < kills && !HasFatalFailure(); ++i) {
        SCOPED_TRACE(testing::Message() << "kill " << i);
        const std::string folder = fresh_folder("killed");
        // Twice into the same store: the second child resumes what the first left.
        std::size_t heard = 0;
        for (const std::size_t wanted : {1 + i % kRun.bins(), 1 + i * 7 % kRun.bins()}) {
            heard = std::max(heard, kill_after(folder, wanted));
        }
        ASSERT_GE(heard, 1U);
        expect_recovers(folder, MadeUpRun::bin_at(heard - 1));
    }
}

}  // namespace
}  // namespace dimout::store
