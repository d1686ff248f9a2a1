// What a report says, in one language: a catalogue of ICU messages, read from a text file.
//
// A file of messages/ is a language; nothing else has to be touched to add one. Lines are
// `key = message` in ICU's message format; a line that begins with a blank goes on; `#` begins a
// comment. Every catalogue has the keys and the arguments of the English one, or is refused.
//
// Texts that are put in are wrapped in Unicode isolates (UAX #9), so that an id or a time keeps
// its order within a line that runs the other way.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/entity.h"

namespace dimout::present {

/// Each runs in its own direction until kPopIsolate.
inline constexpr std::string_view kFirstStrong = "\u2068";
inline constexpr std::string_view kLeftToRight = "\u2066";  ///< English, ids, commands.
inline constexpr std::string_view kPopIsolate = "\u2069";

/// A phrase that is already in the language of the catalogue.
struct Phrase {
    std::string text;
};

/// A text in English, an id or a name: whatever the language, it runs from left to right.
[[nodiscard]] std::string english(std::string_view text);

/// A name and what to put in its place: a number, a text that is isolated, or a phrase as it is.
struct Argument {
    std::string_view name;
    std::variant<std::int64_t, double, std::string, Phrase> value;
};

class Messages {
public:
    /// The languages that are built in, sorted: `ar`, `en`.
    [[nodiscard]] static std::vector<std::string> languages();
    /// Fails for an unknown language, and for a catalogue that is not like the English one.
    [[nodiscard]] static Result<Messages> shipped(const std::string& language);
    /// Fails, with the line, for what is no catalogue.
    [[nodiscard]] static Result<Messages> read(const std::string& language, std::string_view text);
    Messages(Messages&&) noexcept;
    Messages& operator=(Messages&&) noexcept;
    ~Messages();

    [[nodiscard]] const std::string& language() const;
    [[nodiscard]] bool right_to_left() const;
    /// Unicode's name of the digits that numbers are written in: `latn`, `arab`.
    [[nodiscard]] std::string digits() const;
    /// Names the first key or argument that only one of the two has.
    [[nodiscard]] Result<void> same_shape_as(const Messages& other) const;
    [[nodiscard]] const std::map<std::string, std::set<std::string>>& arguments() const;

    /// Ends the program for a key or an argument that is not there: that is our fault.
    [[nodiscard]] std::string say(std::string_view key,
                                  std::initializer_list<Argument> arguments = {}) const;
    [[nodiscard]] bool has(std::string_view key) const;
    /// The moment on a clock that is `offset` ahead of UTC, by the catalogue's pattern `key`.
    [[nodiscard]] std::string time(std::string_view key, EventTime time,
                                   std::chrono::seconds offset = {}) const;
    /// "a, b and c" as the language has it.
    [[nodiscard]] std::string list(const std::vector<std::string>& items) const;
    /// The country's name in this language; empty for what is no country.
    [[nodiscard]] std::string country(CountryCode code) const;

private:
    struct Catalogue;
    explicit Messages(std::unique_ptr<Catalogue> catalogue);
    std::unique_ptr<Catalogue> catalogue_;
};

}  // namespace dimout::present
