#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "present/clock_text.h"

namespace dimout::app {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlainLine{10};

std::string time_left(double share, std::chrono::duration<double> elapsed) {
    if (share < 0.02) return {};
    const double seconds = elapsed.count() / share * (1 - share);
    return fmt::format(", {}:{:02d} left", static_cast<int>(seconds) / 60,
                       static_cast<int>(seconds) % 60);
}

}  // namespace

Progress::Progress(std::string label, bool quiet)
    : label_(std::move(label)),
      quiet_(quiet),
      terminal_(on_terminal()),
      started_(Wall::now()),
      next_(started_ + (terminal_ ? std::chrono::seconds{0} : kPlainLine)) {}

bool Progress::on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

Progress::~Progress() {
    if (drawn_ && terminal_) std::fputs("\r\033[K", stderr);
}

std::chrono::duration<double> Progress::elapsed() const { return Wall::now() - started_; }

void Progress::show(const ProgressState& state) {
    if (quiet_) return;
    const auto now = Wall::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? std::chrono::duration_cast<Wall::duration>(kRedraw)
                             : std::chrono::duration_cast<Wall::duration>(kPlainLine));
    drawn_ = true;
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", line(state).c_str());
}

std::string Progress::line(const ProgressState& state) const {
    std::string text = label_;
    if (state.position) text += ", at " + present::utc_text(*state.position);
    if (state.bytes_total > 0) {
        const double share =
            static_cast<double>(state.bytes_done) / static_cast<double>(state.bytes_total);
        text += fmt::format(", {:.0f} %{}", 100 * share, time_left(share, elapsed()));
    }
    if (state.records > 0) {
        text += fmt::format(", {:.0f} records/s",
                            static_cast<double>(state.records) / std::max(elapsed().count(), 1e-3));
    }
    return text;
}

}  // namespace dimout::app
