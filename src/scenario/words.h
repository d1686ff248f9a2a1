// One line of a scenario as words, read from left to right.
//
// Every reader says what it expected. The first thing that does not fit is kept, and from then on
// the line yields defaults: the caller reads on without checks and asks once at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.h"

namespace dimout::scenario {

class Words {
public:
    /// `line` without its end; a `#` outside of quotes begins a comment.
    explicit Words(std::string_view line);

    [[nodiscard]] bool empty() const { return next_ == words_.size(); }
    [[nodiscard]] std::string_view peek() const {
        return empty() ? std::string_view{} : words_[next_];
    }
    /// What was wrong with the line: `expected a time …, not "noon"`. Empty: nothing.
    [[nodiscard]] const std::string& error() const { return error_; }

    /// Takes the next word when it is `word`.
    bool take(std::string_view word);
    /// Takes the next word, which must be `word`.
    void want(std::string_view word);
    /// The next word, whatever it is; `what` names it when there is none.
    std::string_view word(std::string_view what);

    std::uint64_t number(std::string_view what = "a number");
    unsigned percent();        ///< `40%`.
    unsigned rate(char unit);  ///< `120/h`.
    unsigned factor();         ///< `x2`.
    EventTime time();          ///< `2014-12-22T16:15:40Z`.
    seconds duration();        ///< `90s`, `15m`, `2h`, `1d`.
    Asn asn();
    Prefix prefix();
    Entity entity();
    CountryCode country();
    Pieces pieces();  ///< `4x24`.
    bool on_or_off();

    /// Notes that something else was expected here.
    void expected(std::string_view what);
    /// Notes a sentence of its own.
    void wrong(std::string sentence);

private:
    template <typename T>
    T parsed(const std::optional<T>& value, std::string_view what);

    std::vector<std::string_view> words_;
    std::size_t next_ = 0;
    std::string error_;
};

/// `90s`, `15m`, `2h`, `1d`: the largest unit that divides.
[[nodiscard]] std::string print_duration(seconds duration);

}  // namespace dimout::scenario
