// What `inspect` prints: any record as a line that a person, jq or a bgpdump script can read.
//
//   text     one line a message and one a route of a table dump, all attributes, errors in place
//   json     one line a record, all attributes
//   bgpdump  byte for byte what `bgpdump -m` (1.6.2) prints; docs/reference/bgpdump-differences.md
//
// Lines are made in one reused buffer and handed over in pieces of 64 KiB and more.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "decode/errors.h"
#include "model/frame.h"

namespace dimout::decode {

/// Takes finished lines. The view is valid during the call.
using TextOutput = std::function<void(std::string_view)>;

enum class TextFormat : std::uint8_t { Text, Json, Bgpdump };

class RecordPrinter {
public:
    RecordPrinter(TextFormat format, TextOutput output);
    ~RecordPrinter();

    /// Prints one record; at a FileEnd forgets what belonged to the file.
    void print(const Frame& frame);
    /// Hands over what is in the buffer; also done by the destructor.
    void flush();
    /// Of text and json; bgpdump passes over wrong records in silence.
    [[nodiscard]] const ErrorLog& errors() const;

    class Format;

private:
    std::unique_ptr<Format> format_;
};

}  // namespace dimout::decode
