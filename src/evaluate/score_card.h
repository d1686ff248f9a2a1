// The score card: sections of what was run, what came out and whether it is enough; as a Markdown
// page and as JSON.
//
// A section knows nothing of outages: whoever measures something fills one in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dimout::evaluate {

struct Verdict {
    std::string measure{};      ///< "recall of full outages of 10 min and more".
    std::string must_be{};      ///< "≥ 99.5 %".
    std::string measured{};     ///< "99.8 % (99.5–100.0 %, n = 1,204)".
    std::optional<bool> met{};  ///< Empty: not measured in this run, and `measured` says why.
};

struct Table {
    std::vector<std::string> columns{};
    std::vector<std::vector<std::string>> rows{};
};

struct Section {
    std::string title{};
    std::string what{};  ///< What was run, in a sentence or two.
    std::vector<Verdict> verdicts{};
    std::vector<Table> tables{};
    std::vector<std::string>
        notes{};  ///< What to know before believing it; where it fails, and why.
};

/// What makes a card repeatable.
struct CardHead {
    std::string version{};
    std::string commit{};
    std::string command{};
    std::uint64_t seed = 1;
    std::vector<std::string> parameters{};  ///< "dark from: 90 % lost".
};

[[nodiscard]] std::string to_markdown(const CardHead& head, const std::vector<Section>& sections);
[[nodiscard]] std::string to_json(const CardHead& head, const std::vector<Section>& sections);

/// Whether nothing that was measured missed.
[[nodiscard]] bool all_met(const std::vector<Section>& sections);

}  // namespace dimout::evaluate
