// Lines that contradict the format or themselves: counted, the first few kept in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace dimout::registry {

struct Warnings {
    static constexpr std::size_t kKept = 8;

    std::uint64_t count = 0;
    std::vector<std::string> first;

    void add(std::string_view file, std::uint64_t line, std::string_view what) {
        ++count;
        if (first.size() < kKept) first.push_back(fmt::format("{}:{}: {}", file, line, what));
    }
    void add(const Warnings& other) {
        count += other.count;
        for (const std::string& text : other.first) {
            if (first.size() < kKept) first.push_back(text);
        }
    }
};

}  // namespace dimout::registry
