// Facts as phrases of one language: the words that every part of a report is put together from.
#pragma once

#include <string>

#include "present/messages.h"
#include "present/report_facts.h"

namespace dimout::present {

class ReportWords {
public:
    explicit ReportWords(const Messages& messages) : messages_(messages) {}

    [[nodiscard]] const Messages& messages() const { return messages_; }
    /// Of the entity: countries have a name in every language.
    [[nodiscard]] std::string name(const ReportFacts& facts) const;
    /// "22 December 2014, 16:15 UTC".
    [[nodiscard]] Phrase utc(EventTime time) const;
    /// "Tuesday 23 December 2014, 01:15 (UTC+09:00)"; empty without a clock.
    [[nodiscard]] std::string there(EventTime time, const std::optional<LocalClock>& clock) const;
    /// "UTC+08:30", as it is written in every language.
    [[nodiscard]] Phrase offset(std::chrono::seconds offset) const;
    /// "9 hours 31 minutes", "2 days 3 hours".
    [[nodiscard]] Phrase duration(const ShownDuration& duration) const;
    /// The catalogue's word for `code` under `group`, or `fallback` in English when it has none.
    [[nodiscard]] Phrase word(std::string_view group, std::string_view code,
                              std::string_view fallback) const;

private:
    const Messages& messages_;
};

}  // namespace dimout::present
