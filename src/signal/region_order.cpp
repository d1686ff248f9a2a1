#include "signal/region_order.h"

#include <algorithm>

#include "signal/scratch.h"

namespace dimout::signal {

void RegionOrder::erase(const Prefix& prefix) {
    if (!pending_.empty()) settle();
    erased_.push_back(prefix);
}

void RegionOrder::settle() {
    if (pending_.empty() && erased_.empty()) return;
    // Erased ones first: a prefix that was forgotten and came back has another index now.
    remove_erased();
    merge_pending();
    cut();
}

void RegionOrder::remove_erased() {
    if (erased_.empty()) return;
    std::ranges::sort(erased_);
    std::erase_if(slots_, [&](const Slot& slot) {
        return std::ranges::binary_search(erased_, slot.prefix());
    });
    empty_out(erased_);
}

/// From the back, so that each stretch of old slots moves once and in one piece.
void RegionOrder::merge_pending() {
    std::ranges::sort(pending_, {}, &Slot::word);
    std::size_t unmoved = slots_.size();
    slots_.resize(slots_.size() + pending_.size());
    for (std::size_t left = pending_.size(); left-- > 0;) {
        const auto old = std::span(slots_).first(unmoved);
        const auto place = static_cast<std::size_t>(
            std::ranges::upper_bound(old, pending_[left].word, {}, &Slot::word) - old.begin());
        const auto from = slots_.begin() + static_cast<std::ptrdiff_t>(place);
        const auto until = slots_.begin() + static_cast<std::ptrdiff_t>(unmoved);
        std::move_backward(from, until, until + static_cast<std::ptrdiff_t>(left) + 1);
        slots_[place + left] = pending_[left];
        unmoved = place;
    }
    empty_out(pending_);
}

void RegionOrder::cut() {
    starts_.clear();
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        if (starts_.empty() || !slots_[starts_.back()].prefix().covers(slots_[i].prefix()))
            starts_.push_back(i);
    }
}

std::span<const RegionOrder::Slot> RegionOrder::region(std::size_t number) const {
    const std::size_t begin = starts_[number];
    const std::size_t end = number + 1 < starts_.size() ? starts_[number + 1] : slots_.size();
    return std::span(slots_).subspan(begin, end - begin);
}

void RegionOrder::find(const Prefix& prefix, std::vector<std::size_t>& numbers) const {
    const auto root_of = [&](std::uint32_t start) { return slots_[start].prefix(); };
    auto place = static_cast<std::size_t>(std::ranges::upper_bound(starts_, prefix, {}, root_of) -
                                          starts_.begin());
    if (place > 0 && root_of(starts_[place - 1]).covers(prefix)) numbers.push_back(place - 1);
    for (; place < starts_.size() && prefix.covers(root_of(starts_[place])); ++place)
        numbers.push_back(place);
}

}  // namespace dimout::signal
