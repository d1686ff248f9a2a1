#include "app/shard_worker.h"

#include "base/error.h"
#include "base/overloaded.h"

namespace dimout::app {

ShardWorker::ShardWorker(const EntityMap& map, const PathLookup& paths)
    : counter_(map, paths, shard_) {
    shard_.observe(counter_);
    thread_ = std::thread([this] { run(); });
}

ShardWorker::~ShardWorker() {
    queue_.close();
    partials_.close();
    spent_.close();
    sizes_.close();
    path_shares_.close();
    if (thread_.joinable()) thread_.join();
}

void ShardWorker::apply(RouteBatch& batch) {
    queue_.push(std::move(batch));
    batch = spent_.try_pop().value_or(RouteBatch{});
}

void ShardWorker::run() {
    while (auto message = queue_.pop()) handle(*message);
}

void ShardWorker::handle(Message& message) {
    std::visit(Overloaded{
                   [&](RouteBatch& batch) {
                       shard_.apply(batch);
                       batch.clear();
                       spent_.push(std::move(batch));
                   },
                   [&](const Adopt& adopt) { counter_.adopt(*adopt.voters, adopt.now); },
                   [&](const signal::Seal& seal) {
                       shard_.expire(seal.bin.end());
                       partials_.push(counter_.seal(seal));
                   },
                   [&](const PathLook& look) { path_shares_.push(look_at_paths(look)); },
                   [&](AskSizes) { sizes_.push(counter_.table_sizes()); },
               },
               message);
}

signal::PartialBin ShardWorker::take_partial() {
    auto partial = partials_.pop();
    DIMOUT_CHECK(partial.has_value());
    return std::move(*partial);
}

/// Moves are noted from the first question on: who never asks pays nothing.
PathShare ShardWorker::look_at_paths(const PathLook& look) {
    shard_.follow_paths(&ledger_);
    PathShare share{.tables = {}, .moves = ledger_.take()};
    if (look.opens_day) ledger_.follow_none();
    if (!look.sessions.empty())
        share.tables = ledger_.look(look.sessions, shard_.held_prefixes(), shard_);
    return share;
}

PathShare ShardWorker::take_paths() {
    auto share = path_shares_.pop();
    DIMOUT_CHECK(share.has_value());
    return std::move(*share);
}

signal::TableSizes ShardWorker::table_sizes() {
    queue_.push(AskSizes{});
    auto sizes = sizes_.pop();
    DIMOUT_CHECK(sizes.has_value());
    return std::move(*sizes);
}

ShardFigures ShardWorker::finish() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
    return {.prefixes = shard_.prefixes(),
            .routes = shard_.routes(),
            .bytes = shard_.bytes(),
            .peers = shard_.peer_counts()};
}

}  // namespace dimout::app
