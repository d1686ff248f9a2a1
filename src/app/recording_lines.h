// Lines of words and numbers, from somebody who may have written anything.
#pragma once

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace dimout::app {

/// Words divided by single spaces; views of the text.
class RecordingLine {
public:
    RecordingLine(std::string_view text, std::size_t number) : text_(text), number_(number) {
        for (std::string_view left = text; count_ < words_.size();) {
            const std::size_t space = left.find(' ');
            words_[count_++] = left.substr(0, space);
            if (space == std::string_view::npos) break;
            left.remove_prefix(space + 1);
        }
    }

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::size_t words() const { return count_; }
    /// Empty when there are fewer.
    [[nodiscard]] std::string_view word(std::size_t i) const {
        return i < count_ ? words_[i] : std::string_view();
    }
    [[nodiscard]] std::string_view after_first() const {
        const std::size_t space = text_.find(' ');
        return space == std::string_view::npos ? std::string_view() : text_.substr(space + 1);
    }
    /// Empty when it is no whole number from `low` to `high`.
    [[nodiscard]] std::optional<std::int64_t> number(std::size_t i, std::int64_t low,
                                                     std::int64_t high) const {
        const std::string_view text = word(i);
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
        if (value < low || value > high) return {};
        return value;
    }
    /// A second of the years that MRT's 32 bits can tell.
    [[nodiscard]] std::optional<EventTime> time(std::size_t i) const {
        const auto second = number(i, 0, UINT32_MAX);
        return second ? std::optional(event_time(*second)) : std::nullopt;
    }
    [[nodiscard]] std::string complaint() const {
        return fmt::format("recording.txt: line {} is none that could be there.", number_);
    }

private:
    std::string_view text_;
    std::size_t number_;
    std::array<std::string_view, 10> words_;
    std::size_t count_ = 0;
};

class RecordingLines {
public:
    explicit RecordingLines(std::string_view text, std::size_t number = 0)
        : left_(text), number_(number) {}

    [[nodiscard]] std::optional<RecordingLine> next() {
        if (left_.empty()) return std::nullopt;
        const std::size_t end = left_.find('\n');
        const std::string_view line = left_.substr(0, end);
        left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + 1);
        return RecordingLine(line, ++number_);
    }
    [[nodiscard]] std::string_view rest() const { return left_; }

private:
    std::string_view left_;
    std::size_t number_;
};

}  // namespace dimout::app
