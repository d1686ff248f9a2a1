// A run, recorded for one entity: the records that have to do with it, whole, and what was known of
// the observers, as the entries of docs/formats/bundle.md. `Rerun` tells it again.
#pragma once

#include <string>
#include <vector>

#include "app/address_space.h"
#include "app/run_watch.h"
#include "model/sample.h"

namespace dimout::app {

struct Recording {
    struct Lane {
        std::string collector;
        bool tables = false;
        std::string records;  ///< One after the other, as in the archive.
    };

    std::vector<std::string> collectors;  ///< By CollectorId.
    std::vector<Peer> peers;              ///< By PeerId.
    std::vector<Lane> lanes;         ///< Two a collector: its tables, and all its other records.
    std::string entries;             ///< The lines after `begin`.
    std::string samples;             ///< As CSV with a head; empty without any.
    std::string map;                 ///< The countries of the addresses, as a range list.
    EventTime first;                 ///< Start of the first sealed bin.
    std::vector<std::string> files;  ///< By FileId.
    std::vector<bool> used;          ///< By FileId: records were taken.
    std::vector<bool> read;          ///< By FileId: something of it was read.
    std::uint64_t records = 0;
};

class Recorder final : public RunWatch {
public:
    /// Records until what was known at `question.until` is known.
    explicit Recorder(SpaceQuestion question) : question_(std::move(question)) {}

    Result<void> begins(const source::Archive& archive, const EntityMap& map) override;
    void route(const Prefix& prefix) override;
    void dump_begins() override { wanted_ = true; }
    void dump_ends() override { dump_ended_ = true; }
    void session(const RouteEvent& event) override;
    void applied(const Frame& frame) override;
    void first_look(Bin bin, const signal::SealContext& context,
                    std::span<const signal::TableSizes> sizes) override;
    void bin_over() override;
    void sealed(const SealedBin& bin) override;
    void counted(std::span<const signal::PartialBin> shards) override;
    [[nodiscard]] bool has_enough() const override { return enough_; }

    /// After the run. Fails when nothing was sealed or too much was recorded.
    [[nodiscard]] Result<Recording> take();

private:
    void note(const std::string& line);
    void end_run_of_records();
    void keep(const Frame& frame, std::size_t lane);
    void note_peers(std::span<const signal::PeerInfo> peers);
    void note_sample(const Sample& sample);

    SpaceQuestion question_;
    const source::Archive* archive_ = nullptr;
    AddressSpace space_;
    Recording recording_;
    std::string text_;                ///< Since the last bin that was over.
    std::vector<std::string> bins_;   ///< Entries of each sealed bin, without its tallies and seal.
    std::vector<std::string> seals_;  ///< By bin.
    std::vector<signal::PeerStatus> statuses_;
    std::size_t lane_ = 0;
    std::uint64_t run_ = 0;  ///< Records of `lane_` that are not noted yet.
    std::string after_;      ///< Entries that belong after the present record.
    bool wanted_ = false;    ///< The present record.
    bool route_seen_ = false;
    bool dump_ended_ = false;
    bool enough_ = false;
    bool too_much_ = false;
    // Of the judge's thread.
    std::vector<std::string> tallies_;  ///< By bin.
    std::array<std::vector<std::uint64_t>, 2> tables_;
};

}  // namespace dimout::app
