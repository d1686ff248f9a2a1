// What entities are called, from the names embedded at build time. Needs no registry files.
#pragma once

#include "present/naming.h"

namespace dimout::app {

class EmbeddedNames final : public present::Naming {
public:
    [[nodiscard]] std::string name(const Entity& entity) const override;
    [[nodiscard]] std::string zone(const Entity& entity) const override;
};

}  // namespace dimout::app
