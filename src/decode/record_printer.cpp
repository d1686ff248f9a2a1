#include "decode/record_printer.h"

#include "decode/bgpdump_text.h"
#include "decode/inspector.h"

namespace dimout::decode {

namespace {

constexpr std::size_t kHandOver = std::size_t{64} << 10;

}  // namespace

/// One of the three ways, behind the buffer that they share.
class RecordPrinter::Format {
public:
    Format(TextFormat format, TextOutput output)
        : format_(format),
          output_(std::move(output)),
          text_fields_(out_),
          json_fields_(out_),
          bgpdump_(out_),
          inspector_(format == TextFormat::Json ? static_cast<FieldWriter&>(json_fields_)
                                                : text_fields_) {}

    void print(const Frame& frame) {
        if (frame.kind == Frame::Kind::FileEnd) return forget();
        if (format_ == TextFormat::Bgpdump) {
            bgpdump_.print(frame.bytes);
        } else if (const auto done = inspector_.describe(frame); !done) {
            errors_.add(done.error(), frame.position);
        }
        if (out_.size() >= kHandOver) flush();
    }

    void flush() {
        if (!out_.empty()) output_(out_.view());
        out_.clear();
    }

    [[nodiscard]] const ErrorLog& errors() const { return errors_; }

private:
    void forget() {
        bgpdump_.forget_peers();
        inspector_.forget_peers();
    }

    TextFormat format_;
    TextOutput output_;
    TextBuffer out_;
    TextFields text_fields_;
    JsonFields json_fields_;
    BgpdumpText bgpdump_;
    Inspector inspector_;
    ErrorLog errors_;
};

RecordPrinter::RecordPrinter(TextFormat format, TextOutput output)
    : format_(std::make_unique<Format>(format, std::move(output))) {}
RecordPrinter::~RecordPrinter() { flush(); }
void RecordPrinter::print(const Frame& frame) { format_->print(frame); }
void RecordPrinter::flush() { format_->flush(); }
const ErrorLog& RecordPrinter::errors() const { return format_->errors(); }

}  // namespace dimout::decode
