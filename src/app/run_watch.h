// What a run tells somebody who wants to be able to tell it again: which records mattered, and all
// that was learnt of the sessions, in the order in which it took effect.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "model/frame.h"
#include "model/route_event.h"
#include "signal/merge.h"
#include "signal/peer_tallies.h"

namespace dimout::source {
class Archive;
}

namespace dimout::app {

struct SealedBin;

/// All is called by the thread that decodes, in stream order, but `counted`.
class RunWatch {
public:
    virtual ~RunWatch() = default;
    /// Archive and map are open, nothing is read yet; both outlive the run.
    virtual Result<void> begins(const source::Archive& archive, const EntityMap& map) = 0;
    /// A route of the present record, before it is applied.
    virtual void route(const Prefix& prefix) = 0;
    /// The present record begins a table dump, or ends one.
    virtual void dump_begins() = 0;
    virtual void dump_ends() = 0;
    /// What became of a session.
    virtual void session(const RouteEvent& event) = 0;
    /// The present record, which was applied.
    virtual void applied(const Frame& frame) = 0;
    /// Who votes first is decided by these; `sizes` are the shards'.
    virtual void first_look(Bin bin, const signal::SealContext& context,
                            std::span<const signal::TableSizes> sizes) = 0;
    /// The shards know all that belongs to the bin; what is told from now on does not.
    virtual void bin_over() = 0;
    virtual void sealed(const SealedBin& bin) = 0;
    /// In the judge's thread: what the shards counted of each sealed bin, in their order.
    virtual void counted(std::span<const signal::PartialBin> shards) = 0;
    /// Nothing more is wanted: the run may stop.
    [[nodiscard]] virtual bool has_enough() const = 0;
};

}  // namespace dimout::app
