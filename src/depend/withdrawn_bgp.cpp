#include "depend/withdrawn_bgp.h"

#include <algorithm>

namespace dimout::depend {

void MadeTopology::add_link(std::uint32_t from, std::uint32_t to, Relation relation,
                            std::int64_t interval) {
    const auto back = relation == Relation::Customer   ? Relation::Provider
                      : relation == Relation::Provider ? Relation::Customer
                                                       : Relation::Peer;
    edges_of[from].push_back(static_cast<std::uint32_t>(edges.size()));
    edges.push_back({from, to, relation, interval});
    edges_of[to].push_back(static_cast<std::uint32_t>(edges.size()));
    edges.push_back({to, from, back, interval});
}

MadePaths::Id MadePaths::longer(std::uint32_t node, Id rest) {
    const auto [at, is_new] =
        known_.try_emplace(std::uint64_t{node} << 32 | rest, static_cast<Id>(cells_.size()));
    if (is_new) cells_.push_back({node, rest, cells_[rest].length + 1});
    return at->second;
}

bool MadePaths::has(Id path, std::uint32_t node) const {
    for (; path > kSelf; path = cells_[path].rest) {
        if (cells_[path].node == node) return true;
    }
    return false;
}

std::vector<std::uint32_t> MadePaths::nodes(Id path) const {
    std::vector<std::uint32_t> nodes;
    for (; path > kSelf; path = cells_[path].rest) nodes.push_back(cells_[path].node);
    nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
    return nodes;
}

MadePaths::Id MadeRoutes::path_of(std::uint32_t node) const {
    if (best[node] == kNothing) return MadePaths::kNone;
    return best[node] == kOwn ? MadePaths::kSelf : heard[static_cast<std::size_t>(best[node])];
}

MadeRun::MadeRun(const MadeTopology& topology, MadePaths& paths, const MadeOrigin& origin,
                 MadeRoutes& routes, std::uint64_t seed)
    : topology_(topology),
      paths_(paths),
      origin_(origin),
      routes_(routes),
      random_(seed),
      allowed_(topology.edges.size()),
      arrived_(topology.edges.size()),
      waiting_(topology.edges.size()),
      down_(topology.edges.size()),
      dead_(topology.edges.size() / 2) {
    routes_.heard.resize(topology.edges.size(), MadePaths::kNone);
    routes_.told.resize(topology.edges.size(), MadePaths::kNone);
    routes_.best.resize(topology.edges_of.size(), MadeRoutes::kNothing);
    for (std::uint32_t node = 0; node < topology.edges_of.size(); ++node)
        chosen_.push_back(routes_.path_of(node));
}

void MadeRun::originate(std::int64_t time) { push(time, Kind::Originate, 0); }

void MadeRun::withdraw(std::int64_t time) { push(time, Kind::Withdraw, 0); }

void MadeRun::cut(std::uint32_t link, std::int64_t time, std::int64_t seen_by_first,
                  std::int64_t seen_by_second) {
    push(time, Kind::Dead, link * 2);
    push(seen_by_first, Kind::Down, link * 2);
    push(seen_by_second, Kind::Down, link * 2 + 1);
}

std::vector<MadeChange> MadeRun::run(std::int64_t until) {
    while (!events_.empty() && events_.top().time < until) {
        const Event event = events_.top();
        events_.pop();
        handle(event);
    }
    return std::move(changes_);
}

bool MadeRun::from_below(const MadeTopology& topology, const MadeRoutes& routes,
                         std::uint32_t node) {
    const std::int32_t best = routes.best[node];
    return best == MadeRoutes::kOwn ||
           (best >= 0 &&
            topology.edges[static_cast<std::size_t>(best)].relation == Relation::Customer);
}

void MadeRun::push(std::int64_t time, Kind kind, std::uint32_t edge, MadePaths::Id path) {
    events_.push({time, order_++, kind, edge, path});
}

void MadeRun::handle(const Event& event) {
    switch (event.kind) {
        case Kind::Originate:
        case Kind::Withdraw:
            announces_ = event.kind == Kind::Originate;
            return decide(origin_.node, event.time);
        case Kind::Deliver: {
            if (dead_[event.edge / 2]) return;
            const std::uint32_t edge = reverse_edge(event.edge);
            const std::uint32_t node = topology_.edges[edge].from;
            const bool loop = paths_.has(event.path, node);
            routes_.heard[edge] = loop ? MadePaths::kNone : event.path;
            return decide(node, event.time);
        }
        case Kind::Flush: waiting_[event.edge] = false; return tell(event.edge, event.time);
        case Kind::Dead: dead_[event.edge / 2] = true; return;
        case Kind::Down:
            down_[event.edge] = true;
            routes_.heard[event.edge] = MadePaths::kNone;
            return decide(topology_.edges[event.edge].from, event.time);
    }
}

bool MadeRun::better(std::uint32_t edge, std::int32_t than) const {
    if (than == MadeRoutes::kNothing) return true;
    const auto& mine = topology_.edges[edge];
    const auto other = static_cast<std::uint32_t>(than);
    const auto& theirs = topology_.edges[other];
    if (mine.relation != theirs.relation) return mine.relation < theirs.relation;
    const auto length = paths_.length(routes_.heard[edge]);
    const auto other_length = paths_.length(routes_.heard[other]);
    if (length != other_length) return length < other_length;
    return mix(mine.to, mine.from) < mix(theirs.to, theirs.from);
}

void MadeRun::decide(std::uint32_t node, std::int64_t now) {
    const MadePaths::Id before = chosen_[node];
    const bool own = announces_ && node == origin_.node;
    std::int32_t best = own ? MadeRoutes::kOwn : MadeRoutes::kNothing;
    if (!own) {
        for (const std::uint32_t edge : topology_.edges_of[node]) {
            if (routes_.heard[edge] != MadePaths::kNone && better(edge, best))
                best = static_cast<std::int32_t>(edge);
        }
    }
    routes_.best[node] = best;
    chosen_[node] = routes_.path_of(node);
    if (chosen_[node] == before) return;
    changes_.push_back({now, node});
    for (const std::uint32_t edge : topology_.edges_of[node]) tell(edge, now);
}

MadePaths::Id MadeRun::exported(std::uint32_t edge) {
    const MadeEdge& to = topology_.edges[edge];
    const MadePaths::Id path = routes_.path_of(to.from);
    if (path == MadePaths::kNone) return path;
    if (path == MadePaths::kSelf) {
        const auto& edges = topology_.edges_of[to.from];
        const auto slot = static_cast<std::size_t>(std::ranges::find(edges, edge) - edges.begin());
        MadePaths::Id told = origin_.prepends[slot] < 0 ? MadePaths::kNone : MadePaths::kSelf;
        for (int i = 0; i <= origin_.prepends[slot]; ++i) told = paths_.longer(to.from, told);
        return told;
    }
    if (to.relation != Relation::Customer && !from_below(topology_, routes_, to.from))
        return MadePaths::kNone;
    return paths_.longer(to.from, path);
}

void MadeRun::tell(std::uint32_t edge, std::int64_t now) {
    if (down_[edge]) return;
    const MadePaths::Id path = exported(edge);
    if (path == routes_.told[edge]) return;
    if (path == MadePaths::kNone || now >= allowed_[edge]) return send(edge, path, now);
    if (waiting_[edge]) return;
    waiting_[edge] = true;
    push(allowed_[edge], Kind::Flush, edge);
}

void MadeRun::send(std::uint32_t edge, MadePaths::Id path, std::int64_t now) {
    routes_.told[edge] = path;
    if (path != MadePaths::kNone)
        allowed_[edge] = now + topology_.edges[edge].interval * random_.between(75, 100) / 100;
    const std::int64_t delay = random_.between(20, random_.percent(10) ? 4000 : 600);
    arrived_[edge] = std::max(arrived_[edge], now + delay);
    push(arrived_[edge], Kind::Deliver, edge, path);
}

}  // namespace dimout::depend
