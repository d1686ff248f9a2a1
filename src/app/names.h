// What entities are called, from the names embedded at build time. Needs no registry files.
#pragma once

#include <map>
#include <string>

#include "present/naming.h"
#include "registry/groups.h"

namespace dimout::app {

class EmbeddedNames : public present::Naming {
public:
    [[nodiscard]] std::string name(const Entity& entity) const override;
    [[nodiscard]] std::string zone(const Entity& entity) const override;
};

/// Those, and the time zones of one's own groups.
class OwnNames final : public EmbeddedNames {
public:
    explicit OwnNames(const registry::Groups& groups);
    [[nodiscard]] std::string zone(const Entity& entity) const override;

private:
    std::map<std::string, std::string> zones_;  ///< By the group's name.
};

}  // namespace dimout::app
