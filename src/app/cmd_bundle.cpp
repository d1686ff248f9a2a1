// `report --format bundle`: the evidence for one outage in one file, signed if a key is there.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/outage_bundle.h"
#include "app/output.h"
#include "base/files.h"

namespace dimout::app {
namespace {

Result<std::optional<bundle::SigningKey>> key_of(const ReportOptions& options) {
    if (!options.key && !options.new_key) return std::nullopt;
    auto key = options.new_key ? bundle::SigningKey::make(*options.new_key)
                               : bundle::SigningKey::read(*options.key);
    if (!key) return std::unexpected(key.error());
    return std::optional(std::move(*key));
}

Result<std::string> bundle_and_write(const ReportOptions& options, const CommonOptions& common) {
    const auto key = key_of(options);
    if (!key) return std::unexpected(key.error());
    const bundle::SigningKey* signer = *key ? &**key : nullptr;
    const auto file =
        make_bundle({.about = options.about, .replay = options.evidence}, signer, common);
    if (!file) return std::unexpected(file.error());
    const std::string path = options.output->string();
    if (const auto written = publish(real_disk(), path, *file); !written)
        return std::unexpected(written.error());
    const std::string by =
        signer == nullptr ? "unsigned" : "signed by " + bundle::fingerprint(signer->public_key());
    return fmt::format("{}: {} bytes, {}; derived again from what is in it, and identical.", path,
                       file->size(), by);
}

}  // namespace

int run_bundle(const ReportOptions& options, const CommonOptions& common) {
    if (options.evidence.archive.empty() && options.evidence.series.empty()) {
        complain("a bundle holds the records that the outage follows from: --archive names them.");
        return kUsage;
    }
    if (!options.output) {
        complain("a bundle is a file: --output names it.");
        return kUsage;
    }
    if (options.key && options.new_key) {
        complain("--key signs with a key that is there, --new-key makes one: give one of them.");
        return kUsage;
    }
    if (options.about.as_of || options.about.records || options.about.table) {
        complain(
            "a bundle holds what is known now, from the archive alone: --as-of, --records and "
            "--table are for the other formats.");
        return kUsage;
    }
    const auto done = bundle_and_write(options, common);
    if (!done) return complain(done.error().message), kFailed;
    if (!common.quiet) complain(*done);
    return kDone;
}

}  // namespace dimout::app
