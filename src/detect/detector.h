// Sealed bins in, alerts out: every entity's routes against its own past.
//
// Work per bin is proportional to the entities that changed and to the open episodes; when the
// number of live observers changes every entity is looked at once, because shares are per observer.
// Memory is 24 bytes an entity and a track of 104 for each family that it has routes of, and where
// its level changed 72 bytes and 24 a change.
//
// Countries, networks, networks within a country (only of those that span several), groups, regions
// and followed prefixes are judged; continents are not, they would repeat their countries.
#pragma once

#include <memory>

#include "model/alert.h"
#include "model/visibility_bin.h"

namespace dimout::detect {

class Detector {
public:
    Detector();
    Detector(Detector&&) noexcept;
    Detector& operator=(Detector&&) noexcept;
    ~Detector();

    /// Judges the next sealed bin. Bins come in order; bins left out count as unknown.
    [[nodiscard]] BinAlerts add(const VisibilityBin& bin);
    /// Whether routes of the entity were ever seen and are judged; without an alert they are well.
    [[nodiscard]] bool watches(const Entity& entity) const;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace dimout::detect
