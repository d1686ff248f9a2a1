// Blocks of memory for tables that are jumped about in.
//
// A table of many megabytes in pages of 4 KiB costs a fault for each page when it is filled and
// often a walk of the page table for each access. `Pages::Large` asks the kernel for pages of 2 MiB
// where it can give them; a block is then in memory whole as soon as it is touched, so small tables
// go without.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace dimout {

enum class Pages : bool { Ordinary, Large };

struct FreeBlock {
    void operator()(void* block) const { std::free(block); }
};
template <typename T>
using LargeBlock = std::unique_ptr<T[], FreeBlock>;

/// So many elements, with anything in them.
template <typename T>
[[nodiscard]] LargeBlock<T> make_large_block(std::size_t count, Pages pages) {
    static_assert(std::is_trivially_destructible_v<T>);
    constexpr std::size_t kLine = 64;
    constexpr std::size_t kLargePage = std::size_t{1} << 21;
    const std::size_t unit = pages == Pages::Large ? kLargePage : kLine;
    const std::size_t bytes = (count * sizeof(T) + unit - 1) / unit * unit;
    void* const block = std::aligned_alloc(unit, bytes);
    if (block == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    // A kernel that refuses gives ordinary pages.
    if (pages == Pages::Large) static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));
#endif
    return LargeBlock<T>(static_cast<T*>(block));
}

}  // namespace dimout
