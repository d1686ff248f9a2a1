// Names of ASes, from a file that the user has: none are shipped.
//
// Read are `{"64500": "NAME Description, CC"}` (pyasn's asnames.json) and `start,end,asn,name`
// range lists (ip-location-db's asn tables). The first name given for a number stays. A lookup is a
// binary search.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/asn.h"

namespace dimout::registry {

class AsNames {
public:
    [[nodiscard]] Result<void> add_json(std::string text, std::string_view file);
    void add_ranges(std::string_view text);
    /// Call once after the last `add`, before the first `find`.
    void finish();

    /// Empty when the number has no name.
    [[nodiscard]] std::string_view find(Asn asn) const;
    [[nodiscard]] std::size_t size() const { return names_.size(); }

private:
    struct Named {
        Asn asn;
        std::string name;
        std::size_t order = 0;  ///< In which the names were given; the first stays.
    };
    void add(Asn asn, std::string name) { names_.push_back({asn, std::move(name), names_.size()}); }

    std::vector<Named> names_;
};

}  // namespace dimout::registry
