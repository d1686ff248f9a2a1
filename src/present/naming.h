// What people call an entity, and which clock its people read. Supplied by `app` from the registry.
#pragma once

#include <string>

#include "model/entity.h"

namespace dimout::present {

class Naming {
public:
    virtual ~Naming() = default;
    /// "North Korea", "AS131279 (STAR-KP)"; the entity's text when no name is known.
    [[nodiscard]] virtual std::string name(const Entity& entity) const = 0;
    /// The IANA zone of most of its people ("Asia/Pyongyang"); empty when there is none.
    [[nodiscard]] virtual std::string zone(const Entity& entity) const = 0;
};

}  // namespace dimout::present
