#include "source/journal_seed.h"

#include <algorithm>

#include "source/journal_reader.h"

namespace dimout::source {

bool has_unfinished_seed(const std::string& folder) {
    auto reader = JournalReader::open(folder);
    if (!reader) return false;
    const auto is = [](JournalItem::Kind kind) {
        return [kind](const JournalItem& item) { return item.kind == kind; };
    };
    bool began = false;
    JournalBatch batch;
    while (reader->next(batch)) {
        began = began || std::ranges::any_of(batch.items, is(JournalItem::Kind::SeedBegin));
        if (!began || std::ranges::any_of(batch.items, is(JournalItem::Kind::SeedEnd)))
            return false;
    }
    return began;
}

Result<void> set_journal_aside(const std::string& folder, Disk& disk) {
    const auto names = list_folder(folder);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
        if (!name.ends_with(kJournalSuffix)) continue;
        const std::string path = folder + "/" + name;
        if (auto done = disk.rename(path, path + ".unfinished"); !done) return done;
    }
    return disk.sync_folder(folder);
}

}  // namespace dimout::source
