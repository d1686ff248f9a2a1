// `verify`: whether an evidence bundle is whole, who signed it, and whether its outage follows from
// its records.

#include <fmt/format.h>

#include "app/bundle_names.h"
#include "app/commands.h"
#include "app/exit_code.h"
#include "app/outage_bundle.h"
#include "app/output.h"
#include "base/files.h"
#include "base/json.h"

namespace dimout::app {
namespace {

/// What was found; a question that was not reached stays empty.
struct Finding {
    std::size_t bytes = 0;
    std::size_t members = 0;
    bool whole = false;
    std::string made_by;
    std::string outage;
    std::string signed_by;  ///< Fingerprint; empty when nobody signed.
    std::optional<bool> signed_as_expected;
    std::optional<bool> follows;
    std::string error;

    [[nodiscard]] bool is_well() const { return error.empty(); }
};

/// Text of a stranger, without what would move a terminal's cursor.
std::string printable(std::string_view text) {
    std::string shown;
    for (const char letter : text.substr(0, 200))
        shown += letter >= ' ' && letter <= '~' ? letter : '?';
    return shown;
}

Result<void> check_signer(const VerifyOptions& options, const bundle::Opened& opened,
                          Finding& finding) {
    if (opened.signature) finding.signed_by = bundle::fingerprint(opened.signature->public_key);
    if (!options.public_key) return {};
    const auto key = bundle::read_public_key(*options.public_key);
    if (!key) return std::unexpected(key.error());
    finding.signed_as_expected = opened.signature && opened.signature->public_key == *key;
    if (*finding.signed_as_expected) return {};
    return fail(finding.signed_by.empty() ? "nobody signed it."
                                          : fmt::format("{} signed it, not {}.", finding.signed_by,
                                                        bundle::fingerprint(*key)));
}

Result<void> check_outage(const bundle::Opened& opened, Finding& finding) {
    const auto derived = derive_again(opened);
    if (!derived) return std::unexpected(derived.error());
    const std::string_view bundled = opened.find(kOutageMember).value_or("");
    finding.follows = *derived == bundled;
    if (*finding.follows) return {};
    return fail(fmt::format("another outage follows from its records: {}",
                            printable(first_difference(bundled, *derived))));
}

Result<void> look(const VerifyOptions& options, Finding& finding) {
    std::error_code error;
    const auto size = std::filesystem::file_size(options.file, error);
    if (error) return fail(fmt::format("{}.", error.message()));
    if (size > bundle::kZipMax)
        return fail(fmt::format("larger than {} MiB.", bundle::kZipMax >> 20));
    const auto file = read_file(options.file.string());
    if (!file) return std::unexpected(file.error());
    finding.bytes = file->size();
    const auto opened = bundle::open_sealed(*file);
    if (!opened) return std::unexpected(opened.error());
    finding.whole = true;
    finding.members = opened->members.size();
    finding.made_by = printable(opened->manifest.made_by);
    finding.outage = printable(opened->manifest.subject);
    if (const auto signer = check_signer(options, *opened, finding); !signer) return signer;
    return options.recompute ? check_outage(*opened, finding) : Result<void>();
}

std::string as_json(const VerifyOptions& options, const Finding& finding) {
    const auto known = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    };
    JsonWriter json;
    json.begin_object()
        .field("file", options.file.string())
        .field("bytes", finding.bytes)
        .field("whole", finding.whole)
        .field("members", finding.members)
        .field("made_by", known(finding.made_by))
        .field("outage", known(finding.outage))
        .field("signed_by", known(finding.signed_by))
        .field("signed_as_expected", finding.signed_as_expected)
        .field("follows_from_its_records", finding.follows)
        .field("error", known(finding.error))
        .end_object();
    return json.text() + '\n';
}

std::string as_text(const Finding& finding) {
    std::string text =
        fmt::format("whole: {} members and {} bytes are as {} wrote them\noutage: {}\n",
                    finding.members, finding.bytes, finding.made_by, finding.outage);
    if (finding.signed_by.empty()) {
        text += "unsigned: whoever has the file could have changed it and its manifest together\n";
    } else {
        text += fmt::format("signed by {}{}\n", finding.signed_by,
                            finding.signed_as_expected.value_or(false)
                                ? ", the key that was given"
                                : ": whose key that is, and whether the records are true, it does "
                                  "not show");
    }
    if (finding.follows)
        text += "recomputed: from the records in it follows the identical outage.json\n";
    return text;
}

}  // namespace

int run_verify(const VerifyOptions& options, const CommonOptions&) {
    Finding finding;
    if (const auto looked = look(options, finding); !looked) finding.error = looked.error().message;
    if (options.format == "json") {
        write_out(as_json(options, finding));
    } else if (finding.is_well()) {
        write_out(as_text(finding));
    }
    if (!finding.is_well()) complain(fmt::format("{}: {}", options.file.string(), finding.error));
    return finding.is_well() ? kDone : kFailed;
}

}  // namespace dimout::app
