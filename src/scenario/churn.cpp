// Ordinary churn: what happens every hour on an Internet without outages.
#include <algorithm>
#include <set>

#include "scenario/changes.h"

namespace dimout::scenario {
namespace {

constexpr std::size_t kRoutesPerChangeMax = 24;
/// A network that flaps must have so many prefixes that the loss of one says nothing about it.
constexpr std::size_t kFlapNetworkPrefixesMin = 6;
constexpr std::size_t kFlapCountryPrefixesMin = 30;

class ChurnMaker {
public:
    ChurnMaker(const Scenario& scenario, const Internet& internet,
               const std::vector<Session>& sessions, std::uint64_t seed,
               std::vector<Change>& changes, Timeline& timeline)
        : scenario_(scenario),
          internet_(internet),
          sessions_(sessions),
          random_(seed),
          changes_(changes),
          timeline_(timeline),
          length_(static_cast<std::uint32_t>((scenario.time.until - scenario.time.from).count())) {
        for (const Route& route : internet.routes()) country_sizes_[route.country] += 1;
        for (NetworkIndex i = 0; i < internet.networks().size(); ++i) {
            const Network& network = internet.networks()[i];
            if (network.routes.empty() || network.from_scenario) continue;
            networks_.push_back(i);
            if (network.routes.size() >= kFlapNetworkPrefixesMin &&
                country_sizes_[network.country] >= kFlapCountryPrefixesMin) {
                flappers_.push_back(i);
            }
        }
    }

    void run() {
        if (!networks_.empty()) {
            repeat(scenario_.churn.path_changes_per_hour, 3600, [&] { add_path_change(); });
            repeat(scenario_.churn.local_losses_per_hour, 3600, [&] { add_local_loss(); });
        }
        repeat(flappers_.empty() ? 0 : scenario_.churn.flaps_per_hour, 3600, [&] { add_flap(); });
        repeat(scenario_.churn.resets_per_day, 86400, [&] { add_reset(); });
    }

private:
    template <typename Add>
    void repeat(unsigned rate, std::uint64_t per, Add&& add) {
        const std::uint64_t count = std::uint64_t{rate} * length_ / per;
        for (std::uint64_t i = 0; i < count; ++i) add();
    }

    Change& push(Change::Kind kind, std::uint32_t second, std::vector<RouteIndex> routes) {
        changes_.push_back({.kind = kind,
                            .second = static_cast<std::int32_t>(second),
                            .routes = std::move(routes),
                            .sessions = {}});
        return changes_.back();
    }

    /// The first routes of a network, enough to look like it.
    std::vector<RouteIndex> some_routes(NetworkIndex network) const {
        std::vector<RouteIndex> routes = internet_.networks()[network].routes;
        routes.resize(std::min(routes.size(), kRoutesPerChangeMax));
        return routes;
    }

    /// A moment that leaves room for what follows it.
    std::uint32_t moment() { return 60 + random_.below(std::max(length_, 400U) - 300); }

    void add_path_change() {
        const std::vector<RouteIndex> routes = some_routes(random_.pick(networks_));
        const std::uint32_t second = moment();
        Change& change = push(Change::Kind::Repath, second, routes);
        change.percent = random_.between(20, 90);
        change.salt = random_.between(1, kFirstDetour - 1);
        if (!random_.percent(70)) return;
        Change& back = push(Change::Kind::Repath, second + random_.between(120, 7200), routes);
        back.percent = 100;
    }

    void add_local_loss() {
        const std::vector<RouteIndex> routes = some_routes(random_.pick(networks_));
        const auto session =
            static_cast<std::uint16_t>(random_.below(static_cast<std::uint32_t>(sessions_.size())));
        const std::uint32_t second = moment();
        push(Change::Kind::LocalLoss, second, routes).sessions = {session};
        push(Change::Kind::LocalBack, second + random_.between(40, 1800), routes).sessions = {
            session};
    }

    /// One prefix is really gone for a moment; no network flaps twice, so nobody is unstable.
    void add_flap() {
        const NetworkIndex network = random_.pick(flappers_);
        if (!flapped_.insert(network).second) return;
        const std::vector<RouteIndex> routes{longest_route(network)};
        const std::uint32_t second = moment();
        const std::uint32_t back = second + random_.between(30, 100);
        push(Change::Kind::Withdraw, second, routes).steps = 1;
        push(Change::Kind::Announce, back, routes);
        timeline_.losses.push_back({.what = "background flap",
                                    .from = scenario_.time.from + seconds{second},
                                    .until = scenario_.time.from + seconds{back},
                                    .entities = touched(internet_, routes),
                                    .source = {}});
    }

    RouteIndex longest_route(NetworkIndex network) const {
        return *std::ranges::max_element(
            internet_.networks()[network].routes, {},
            [&](RouteIndex route) { return internet_.routes()[route].prefix.length; });
    }

    void add_reset() {
        const auto session =
            static_cast<std::uint16_t>(random_.below(static_cast<std::uint32_t>(sessions_.size())));
        const std::uint32_t second = moment();
        const std::uint32_t back = second + random_.between(20, 120);
        push(Change::Kind::Down, second, {}).sessions = {session};
        push(Change::Kind::Up, back, {}).sessions = {session};
        const Session& who = sessions_[session];
        timeline_.harmless.push_back({.what = "background reset",
                                      .from = scenario_.time.from + seconds{second},
                                      .until = scenario_.time.from + seconds{back},
                                      .entities = {},
                                      .source = scenario_.collectors[who.collector].name + '/' +
                                                std::to_string(who.asn.value)});
    }

    const Scenario& scenario_;
    const Internet& internet_;
    const std::vector<Session>& sessions_;
    Random random_;
    std::vector<Change>& changes_;
    Timeline& timeline_;
    std::uint32_t length_;
    std::map<CountryCode, std::size_t> country_sizes_;
    std::vector<NetworkIndex> networks_;
    std::vector<NetworkIndex> flappers_;
    std::set<NetworkIndex> flapped_;
};

}  // namespace

void add_churn(const Scenario& scenario, const Internet& internet,
               const std::vector<Session>& sessions, std::uint64_t seed,
               std::vector<Change>& changes, Timeline& timeline) {
    ChurnMaker(scenario, internet, sessions, seed, changes, timeline).run();
}

}  // namespace dimout::scenario
