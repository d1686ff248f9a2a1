// Decompression told by content, not by name: gzip (all members), bzip2 (all streams), zstd (all
// frames), or nothing at all.
//
// A cut or damaged stream gives everything that came before the damage and then ends with a fault;
// that is what makes the first megabyte of a table useful. For bzip2 that is every block whose end
// is there and which fits its checksum.
//
//   codec   out per CPU second   by
//   gzip    ~1.7 GB              ISA-L (checks length and CRC of each member)
//   zstd    ~1.6 GB              libzstd
//   bzip2   ~190 MB              own (bzip2_block.h), blocks of one file in parallel
//
// After the last member: zeros (tape padding) are stepped over and counted as `…_padding`, anything
// else as `…_trailing`; neither means that content is lost.
#pragma once

#include <memory>
#include <string_view>

#include "source/byte_stream.h"

namespace dimout::source {

class BlockPool;

enum class Codec : std::uint8_t { Plain, Gzip, Bzip2, Zstd };

/// `gzip`, `bzip2`, …
[[nodiscard]] std::string_view to_string(Codec codec);

/// Judges by the first bytes (16 suffice, fewer are fine). An MRT file whose first stamp happens to
/// look like a magic number is told from a compressed one by the bytes that follow.
[[nodiscard]] Codec codec_of(Bytes head);

/// The content of `input`, decompressed when it is compressed.
/// The blocks of bzip2 are decoded by `pool`, if there is one.
[[nodiscard]] std::unique_ptr<ByteStream> decompress(std::unique_ptr<ByteStream> input,
                                                     std::shared_ptr<BlockPool> pool = {});

}  // namespace dimout::source
