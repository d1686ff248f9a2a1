// A dimout.toml as `init` writes it: commented, so that a person may go on from there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/announced.h"
#include "model/asn.h"

namespace dimout::app {

struct ConfigDraft {
    std::string store = "live.store";
    std::vector<Asn> asns;
    std::optional<std::string> country;  ///< Its code.
    std::string zone;                    ///< Of the group's owner; empty: not known.
    std::vector<std::string> notify;
    std::vector<std::string> bmp;
    std::vector<std::string> ris_live;
    std::optional<std::string> archive;   ///< A folder, as it stands in the file.
    std::optional<std::string> registry;  ///< A folder.
    bool laboratory = false;
    std::vector<AnnouncedPrefix> prefixes;
    std::string learnt_from;  ///< Where `prefixes` come from; empty: nobody was asked.
};

/// More prefixes than that are no help to a reader: the group holds what its networks originate
/// without them.
inline constexpr std::size_t kMostPrefixes = 200;

[[nodiscard]] std::string config_text(const ConfigDraft& draft);

}  // namespace dimout::app
