#include "app/announced.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "app/progress.h"
#include "app/stop.h"
#include "decode/decoder.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

class DumpReader final : public decode::RouteSink {
public:
    explicit DumpReader(const std::vector<Asn>& asns) : asns_(asns) {}

    void on_dump_row(const decode::DumpRow& row) override {
        auto& rows = rows_[place(row.prefix)];
        if (rows.size() <= index(row.peer)) rows.resize(index(row.peer) + 1U);
        ++rows[index(row.peer)];
        bool ours = false;
        row.path().for_each_origin(
            [&](Asn origin) { ours = ours || std::ranges::find(asns_, origin) != asns_.end(); });
        if (ours) seen_[row.prefix].insert(row.peer);
    }
    void on_update(const decode::Update&) override {}
    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}
    void on_state(const decode::StateChange&) override {}

    [[nodiscard]] std::vector<AnnouncedPrefix> found() const {
        std::vector<AnnouncedPrefix> all;
        all.reserve(seen_.size());
        for (const auto& [prefix, peers] : seen_)
            all.push_back({prefix, peers.size(), whole_tables(rows_[place(prefix)])});
        return all;
    }

private:
    static std::size_t place(const Prefix& prefix) { return prefix.family == Family::v4 ? 0 : 1; }
    static std::size_t whole_tables(const std::vector<std::uint64_t>& rows) {
        const std::uint64_t largest = *std::ranges::max_element(rows);
        return static_cast<std::size_t>(
            std::ranges::count_if(rows, [&](std::uint64_t count) { return 2 * count >= largest; }));
    }

    const std::vector<Asn>& asns_;
    std::array<std::vector<std::uint64_t>, 2> rows_;  ///< By family and PeerId.
    std::map<Prefix, std::set<PeerId>> seen_;
};

}  // namespace

Result<Announced> announced_by(const std::vector<Asn>& asns,
                               const std::vector<std::string>& archive, bool quiet) {
    auto opened = source::Archive::open(archive, {.dumps_only = true});
    if (!opened) return std::unexpected(opened.error());
    decode::PeerTable peers;
    decode::Decoder decoder(peers);
    DumpReader reader(asns);
    Progress progress("reading tables", quiet);
    Frame frame;
    while (opened->next(frame)) {
        if (stop_requested()) return fail("stopped before the tables were read.");
        decoder.decode(frame, reader);
        const source::ArchiveProgress at = opened->progress();
        progress.show({.bytes_done = at.bytes_read,
                       .bytes_total = at.bytes_total,
                       .records = at.records,
                       .position = frame.time});
    }
    Announced announced{.prefixes = reader.found(), .errors = {}};
    for (const InputError& error : decoder.errors().first()) opened->add_error(error);
    for (const auto& [code, entry] : opened->errors().by_code()) {
        for (const InputError& error : entry.first)
            announced.errors.push_back(opened->describe(error));
    }
    return announced;
}

}  // namespace dimout::app
