// Whom injections into a real table are about: real networks and countries, and groups of routes,
// drawn from a seed so that they do not touch each other.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/evaluate_table.h"
#include "base/random.h"
#include "evaluate/score.h"
#include "model/entity.h"

namespace dimout::app {

struct RealSubject {
    Entity entity;
    std::vector<RealRouteIndex> routes;  ///< In the order in which they go.
};

/// Draws subjects that do not touch each other.
class SubjectPicker {
public:
    SubjectPicker(const RealTable& table, std::uint64_t seed)
        : table_(table), random_(mix(seed, 61)), used_(table.routes().size(), false) {}

    void add_countries(unsigned each) {
        std::array<unsigned, evaluate::kSizeClasses> taken{};
        for (auto& [country, routes] : shuffled(table_.clean_countries())) {
            unsigned& count = taken[size_class(routes)];
            if (count >= each || routes.size() * 20 > table_.routes().size()) continue;
            if (share_usual(routes) < 0.95) continue;
            if (take(Entity::of_country(country), routes)) ++count;
        }
    }

    void add_networks(unsigned each) {
        std::array<unsigned, evaluate::kSizeClasses> taken{};
        for (auto& [asn, routes] : shuffled(table_.clean_networks())) {
            unsigned& count = taken[size_class(routes)];
            if (count >= each || routes.size() * 20 > table_.routes().size()) continue;
            if (take(Entity::of_asn(asn), routes)) ++count;
        }
    }

    /// Routes of many networks that lie by themselves, in a group of the user's own.
    void add_group(std::uint32_t size, std::string name) {
        std::vector<RealRouteIndex> free;
        for (RealRouteIndex i = 0; i < used_.size(); ++i) {
            const RealRoute& route = table_.routes()[i];
            const bool fits = route.alone && route.usual && route.origin.value != 0;
            if (fits && !used_[i] && !networks_.contains(route.origin) &&
                !countries_.contains(route.country))
                free.push_back(i);
        }
        if (free.size() < size) return;
        shuffle(free);
        free.resize(size);
        for (const RealRouteIndex route : free) used_[route] = true;
        groups_.emplace_back(name, free);
        subjects_.push_back({Entity::of_group(std::move(name)), std::move(free)});
    }

    [[nodiscard]] const std::vector<RealSubject>& subjects() const { return subjects_; }
    /// TOML for `--groups`.
    [[nodiscard]] std::string groups_text() const {
        std::string text;
        for (const auto& [name, routes] : groups_) {
            text += fmt::format("[group.{}]\nprefixes = [\n", name);
            for (const RealRouteIndex route : routes)
                text += fmt::format("  \"{}\",\n", to_string(table_.routes()[route].prefix));
            text += "]\n";
        }
        return text;
    }
    /// Routes that nobody withdraws.
    [[nodiscard]] std::vector<RealRouteIndex> others() const {
        std::vector<RealRouteIndex> rest;
        for (RealRouteIndex i = 0; i < used_.size(); ++i) {
            if (!used_[i]) rest.push_back(i);
        }
        return rest;
    }

private:
    static std::size_t size_class(const std::vector<RealRouteIndex>& routes) {
        return evaluate::size_class(static_cast<std::uint32_t>(routes.size()));
    }

    template <typename Key>
    std::vector<std::pair<Key, std::vector<RealRouteIndex>>> shuffled(
        std::map<Key, std::vector<RealRouteIndex>> all) {
        std::vector<std::pair<Key, std::vector<RealRouteIndex>>> some(all.begin(), all.end());
        shuffle(some);
        return some;
    }

    template <typename T>
    void shuffle(std::vector<T>& all) {
        for (std::size_t i = all.size(); i > 1; --i)
            std::swap(all[i - 1], all[random_.below(static_cast<std::uint32_t>(i))]);
    }

    [[nodiscard]] double share_usual(const std::vector<RealRouteIndex>& routes) const {
        const auto usual = std::ranges::count_if(
            routes, [&](RealRouteIndex route) { return table_.routes()[route].usual; });
        return static_cast<double>(usual) / static_cast<double>(routes.size());
    }

    bool take(Entity entity, std::vector<RealRouteIndex> routes) {
        for (const RealRouteIndex route : routes) {
            const RealRoute& it = table_.routes()[route];
            const bool of_other_subject = entity.kind == Entity::Kind::Country
                                              ? networks_.contains(it.origin)
                                              : countries_.contains(it.country);
            if (used_[route] || of_other_subject) return false;
        }
        for (const RealRouteIndex route : routes) used_[route] = true;
        if (entity.kind == Entity::Kind::Country) countries_.insert(entity.country);
        if (entity.kind == Entity::Kind::Asn) networks_.insert(entity.asn);
        shuffle(routes);
        subjects_.push_back({std::move(entity), std::move(routes)});
        return true;
    }

    const RealTable& table_;
    Random random_;
    std::vector<bool> used_;
    std::set<Asn> networks_;
    std::set<CountryCode> countries_;
    std::vector<RealSubject> subjects_;
    std::vector<std::pair<std::string, std::vector<RealRouteIndex>>> groups_;
};

}  // namespace dimout::app
