// Test support: a made-up Internet of a dozen entities, the same on every machine, and its replay.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/reader.h"
#include "store/writer.h"

namespace dimout::store {

/// A fresh folder's name; what was there is gone.
[[nodiscard]] std::string fresh_folder(const std::string& name);

/// Five-minute bins from 2014-12-22T22:30Z on, so that bin 18 opens a new day.
class MadeUpRun {
public:
    explicit MadeUpRun(std::size_t bins = 40, bool with_samples = false)
        : bins_(bins), with_samples_(with_samples) {}

    [[nodiscard]] static Bin bin_at(std::size_t i);
    [[nodiscard]] static VisibilityBin bin(std::size_t i);
    [[nodiscard]] static RunFacts facts();
    /// Two series of five minutes and one of an hour, with what was not looked at.
    [[nodiscard]] static std::vector<Sample> samples(std::size_t i);
    /// Revisions that become known with bin `i`.
    [[nodiscard]] static std::vector<Outage> outages(std::size_t i);
    /// Looks and changes of three sessions, one of which ends and comes back.
    [[nodiscard]] static PathBin paths(std::size_t i);
    [[nodiscard]] std::size_t bins() const { return bins_; }
    /// The same run with paths beside its bins.
    [[nodiscard]] MadeUpRun with_paths() const {
        MadeUpRun run = *this;
        run.with_paths_ = true;
        return run;
    }

    /// Appends everything, one commit a bin, as `replay` does; `acknowledged` is told of each.
    [[nodiscard]] Result<void> replay(
        Writer& writer, const std::function<void(Bin)>& acknowledged = [](Bin) {}) const;

private:
    std::size_t bins_;
    bool with_samples_;
    bool with_paths_ = false;
};

/// The canonical export, or the error in its place.
[[nodiscard]] std::string exported(const std::string& folder);
/// Fills a new store at `folder` with a whole run and closes it.
void fill(const std::string& folder, const MadeUpRun& run = MadeUpRun(),
          const WriterOptions& options = {});

}  // namespace dimout::store
