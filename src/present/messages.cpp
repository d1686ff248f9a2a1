#include "present/messages.h"

#include <fmt/format.h>
#include <unicode/listformatter.h>
#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/numsys.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "present/messages_data.h"

namespace dimout::present {
namespace {

std::string utf8(const icu::UnicodeString& text) {
    std::string bytes;
    text.toUTF8String(bytes);
    return bytes;
}

icu::UnicodeString unicode(std::string_view text) {
    return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

/// The catalogues are part of the program, so a wrong call is the program's fault.
[[noreturn]] void our_fault(const std::string& sentence) {
    std::fprintf(stderr, "dimout: %s\n", sentence.c_str());
    std::abort();
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The names of all arguments of a message, those within plurals too.
std::set<std::string> arguments_of(const icu::MessagePattern& pattern) {
    std::set<std::string> names;
    for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
        const icu::MessagePattern::Part& part = pattern.getPart(i);
        if (part.getType() == UMSGPAT_PART_TYPE_ARG_NAME)
            names.insert(utf8(pattern.getSubstring(part)));
    }
    return names;
}

icu::Formattable formattable(const Argument& argument) {
    if (const auto* number = std::get_if<std::int64_t>(&argument.value)) return {*number};
    if (const auto* number = std::get_if<double>(&argument.value)) return {*number};
    if (const auto* phrase = std::get_if<Phrase>(&argument.value)) return {unicode(phrase->text)};
    const auto& text = std::get<std::string>(argument.value);
    return {unicode(fmt::format("{}{}{}", kFirstStrong, text, kPopIsolate))};
}

struct Entry {
    std::string key;
    std::string message;
    std::size_t line = 0;
};

Result<std::vector<Entry>> entries_of(std::string_view text) {
    std::vector<Entry> entries;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view row = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (trimmed(row).empty() || row.front() == '#') continue;
        if (row.front() == ' ') {
            if (entries.empty()) return fail(fmt::format("line {}: nothing goes on here.", line));
            entries.back().message += fmt::format(" {}", trimmed(row));
            continue;
        }
        const auto equals = row.find('=');
        if (equals == std::string_view::npos)
            return fail(fmt::format("line {}: expected `key = message`.", line));
        entries.push_back({.key = std::string(trimmed(row.substr(0, equals))),
                           .message = std::string(trimmed(row.substr(equals + 1))),
                           .line = line});
    }
    return entries;
}

}  // namespace

struct Messages::Catalogue {
    std::string language;
    icu::Locale locale;
    std::map<std::string, icu::MessageFormat, std::less<>> formats;
    std::map<std::string, std::string, std::less<>> texts;  ///< As written: patterns of times.
    std::map<std::string, std::set<std::string>> arguments;
};

std::string english(std::string_view text) {
    return fmt::format("{}{}{}", kLeftToRight, text, kPopIsolate);
}

Messages::Messages(std::unique_ptr<Catalogue> catalogue) : catalogue_(std::move(catalogue)) {}
Messages::Messages(Messages&&) noexcept = default;
Messages& Messages::operator=(Messages&&) noexcept = default;
Messages::~Messages() = default;

std::vector<std::string> Messages::languages() {
    std::vector<std::string> all;
    for (const ShippedMessages& one : kShippedMessages) all.emplace_back(one.language);
    return all;
}

Result<Messages> Messages::shipped(const std::string& language) {
    const auto text_of = [](std::string_view wanted) {
        return std::ranges::find(kShippedMessages, wanted, &ShippedMessages::language);
    };
    const auto found = text_of(language);
    if (found == std::end(kShippedMessages))
        return fail(fmt::format("there is no catalogue for the language '{}'.", language));
    auto messages = read(language, found->text);
    if (!messages || language == "en") return messages;
    const auto pattern = read("en", text_of("en")->text);
    if (!pattern) return std::unexpected(pattern.error());
    if (const auto same = messages->same_shape_as(*pattern); !same)
        return std::unexpected(same.error());
    return messages;
}

Result<Messages> Messages::read(const std::string& language, std::string_view text) {
    const auto entries = entries_of(text);
    if (!entries) return fail(fmt::format("catalogue {}: {}", language, entries.error().message));
    auto catalogue = std::make_unique<Catalogue>();
    catalogue->language = language;
    catalogue->locale = icu::Locale(language.c_str());
    for (const Entry& entry : *entries) {
        UErrorCode status = U_ZERO_ERROR;
        UParseError where{};
        const icu::UnicodeString message = unicode(entry.message);
        icu::MessageFormat format(message, catalogue->locale, where, status);
        icu::MessagePattern pattern(message, &where, status);
        if (U_FAILURE(status))
            return fail(fmt::format("catalogue {}: line {}: '{}' is no ICU message: {}.", language,
                                    entry.line, entry.key, u_errorName(status)));
        if (!catalogue->formats.emplace(entry.key, std::move(format)).second)
            return fail(fmt::format("catalogue {}: line {}: '{}' is there twice.", language,
                                    entry.line, entry.key));
        catalogue->texts.emplace(entry.key, entry.message);
        catalogue->arguments.emplace(entry.key, arguments_of(pattern));
    }
    return Messages(std::move(catalogue));
}

const std::string& Messages::language() const { return catalogue_->language; }

bool Messages::right_to_left() const { return catalogue_->locale.isRightToLeft(); }

std::string Messages::digits() const {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::NumberingSystem> system(
        icu::NumberingSystem::createInstance(catalogue_->locale, status));
    return U_SUCCESS(status) ? system->getName() : "latn";
}

const std::map<std::string, std::set<std::string>>& Messages::arguments() const {
    return catalogue_->arguments;
}

Result<void> Messages::same_shape_as(const Messages& other) const {
    const auto lacks = [](const Messages& one, const std::string& key) {
        return fail(fmt::format("catalogue {} lacks '{}'.", one.language(), key));
    };
    for (const auto& [key, names] : other.arguments()) {
        const auto ours = arguments().find(key);
        if (ours == arguments().end()) return lacks(*this, key);
        for (const std::string& name : names) {
            if (!ours->second.contains(name))
                return fail(fmt::format("catalogue {}: '{}' lacks the argument '{}'.", language(),
                                        key, name));
        }
        for (const std::string& name : ours->second) {
            if (!names.contains(name))
                return fail(
                    fmt::format("catalogue {}: '{}' has an argument '{}' that nobody gives.",
                                language(), key, name));
        }
    }
    for (const auto& [key, names] : arguments()) {
        if (!other.arguments().contains(key)) return lacks(other, key);
    }
    return {};
}

bool Messages::has(std::string_view key) const {
    return catalogue_->formats.find(key) != catalogue_->formats.end();
}

std::string Messages::say(std::string_view key, std::initializer_list<Argument> arguments) const {
    const auto format = catalogue_->formats.find(key);
    if (format == catalogue_->formats.end())
        our_fault(fmt::format("the catalogue {} has no '{}'.", language(), key));
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const Argument& argument : arguments) {
        names.push_back(unicode(argument.name));
        values.push_back(formattable(argument));
    }
    for (const std::string& wanted : catalogue_->arguments.find(format->first)->second) {
        if (std::ranges::find(arguments, wanted, &Argument::name) == arguments.end())
            our_fault(fmt::format("'{}' of the catalogue {} was not given '{}'.", key, language(),
                                  wanted));
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString said;
    format->second.format(names.data(), values.data(), static_cast<std::int32_t>(values.size()),
                          said, status);
    if (U_FAILURE(status))
        our_fault(fmt::format("'{}' cannot be said: {}.", key, u_errorName(status)));
    return utf8(said);
}

std::string Messages::time(std::string_view key, EventTime time,
                           std::chrono::seconds offset) const {
    const auto pattern = catalogue_->texts.find(key);
    if (pattern == catalogue_->texts.end())
        our_fault(fmt::format("the catalogue {} has no '{}'.", language(), key));
    UErrorCode status = U_ZERO_ERROR;
    icu::SimpleDateFormat format(unicode(pattern->second), catalogue_->locale, status);
    if (U_FAILURE(status)) our_fault(fmt::format("'{}' is no pattern of a time.", key));
    format.adoptTimeZone(icu::TimeZone::getGMT()->clone());
    icu::UnicodeString said;
    format.format(1000.0 * static_cast<double>(unix_seconds(time + offset)), said);
    return fmt::format("{}{}{}", kFirstStrong, utf8(said), kPopIsolate);
}

std::string Messages::list(const std::vector<std::string>& items) const {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::ListFormatter> format(
        icu::ListFormatter::createInstance(catalogue_->locale, status));
    std::vector<icu::UnicodeString> texts;
    for (const std::string& item : items) texts.push_back(unicode(item));
    icu::UnicodeString said;
    if (U_SUCCESS(status))
        format->format(texts.data(), static_cast<std::int32_t>(texts.size()), said, status);
    if (U_FAILURE(status)) our_fault(fmt::format("no lists in the language {}.", language()));
    return utf8(said);
}

std::string Messages::country(CountryCode code) const {
    if (code.none()) return {};
    icu::UnicodeString name;
    icu::Locale("", code.text().c_str()).getDisplayCountry(catalogue_->locale, name);
    return utf8(name);
}

}  // namespace dimout::present
