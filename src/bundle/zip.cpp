#include "bundle/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <set>

namespace dimout::bundle {
namespace {

// APPNOTE 6.3.10 §4.3.7, §4.3.12, §4.3.16; all numbers little-endian.
constexpr std::uint32_t kLocal = 0x04034B50;
constexpr std::uint32_t kCentral = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
/// Stored members need version 1.0 of the format.
constexpr std::uint16_t kVersion = 10;
/// 1980-01-01, the first day that the format knows.
constexpr std::uint16_t kDate = 0x0021;

void put16(std::string& out, std::uint64_t number) {
    out.push_back(static_cast<char>(number & 0xFF));
    out.push_back(static_cast<char>(number >> 8 & 0xFF));
}

void put32(std::string& out, std::uint64_t number) {
    put16(out, number & 0xFFFF);
    put16(out, number >> 16);
}

std::uint32_t get(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint32_t number = 0;
    for (std::size_t i = width; i-- > 0;)
        number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return number;
}

std::uint32_t crc_of(std::string_view content) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

/// What both headers of a member say of it.
struct Entry {
    std::string_view name;
    std::uint32_t crc = 0;
    std::uint32_t size = 0;
    std::uint32_t offset = 0;

    void put_common(std::string& out) const {
        put16(out, kVersion);
        put16(out, 0);  // Flags: no encryption, sizes stand in front.
        put16(out, 0);  // Stored.
        put16(out, 0);  // Midnight.
        put16(out, kDate);
        put32(out, crc);
        put32(out, size);
        put32(out, size);
        put16(out, name.size());
        put16(out, 0);  // No extra field.
    }
    [[nodiscard]] std::string local() const {
        std::string out;
        put32(out, kLocal);
        put_common(out);
        return out.append(name);
    }
    [[nodiscard]] std::string central() const {
        std::string out;
        put32(out, kCentral);
        put16(out, kVersion);
        put_common(out);
        put16(out, 0);  // No comment.
        put16(out, 0);  // First disk.
        put16(out, 0);  // Internal attributes.
        put32(out, 0);  // External attributes.
        put32(out, offset);
        return out.append(name);
    }
};

std::string end_record(std::size_t count, std::size_t size, std::size_t offset) {
    std::string out;
    put32(out, kEnd);
    put16(out, 0);
    put16(out, 0);
    put16(out, count);
    put16(out, count);
    put32(out, size);
    put32(out, offset);
    put16(out, 0);
    return out;
}

/// Names that some file systems take for one are one.
std::string folded(std::string_view name) {
    std::string lower(name);
    for (char& letter : lower) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return lower;
}

class Reader {
public:
    explicit Reader(std::string_view file) : file_(file) {}

    Result<std::vector<MemberView>> read() {
        if (file_.size() > kZipMax) return fail(fmt::format("larger than {} MiB.", kZipMax >> 20));
        if (file_.size() < kEndSize) return fail("too short for a ZIP.");
        const std::size_t end = file_.size() - kEndSize;
        const std::size_t count = get(file_, end + 10, 2);
        if (count > kMembersMax) return fail(fmt::format("more than {} members.", kMembersMax));
        const std::size_t directory = get(file_, end + 16, 4);
        if (directory > end) return fail("its directory lies outside of the file.");
        if (file_.substr(end) != end_record(count, end - directory, directory))
            return fail("its end is not that of a bundle.");
        at_ = directory;
        std::vector<MemberView> members;
        for (std::size_t i = 0; i < count; ++i) {
            auto member = next(directory, end);
            if (!member) return std::unexpected(member.error());
            members.push_back(*member);
        }
        if (at_ != end || data_ != directory) return fail("it holds bytes that belong to nothing.");
        return members;
    }

private:
    /// The next member by the directory, which must be the next in the file, too.
    Result<MemberView> next(std::size_t directory, std::size_t end) {
        if (end - at_ < kCentralSize) return fail("its directory is cut.");
        const std::size_t length = get(file_, at_ + 28, 2);
        if (length > kNameMax || end - at_ - kCentralSize < length)
            return fail("a name in its directory is too long.");
        Entry entry{.name = file_.substr(at_ + kCentralSize, length),
                    .crc = get(file_, at_ + 16, 4),
                    .size = get(file_, at_ + 24, 4),
                    .offset = static_cast<std::uint32_t>(data_)};
        if (!is_member_name(entry.name)) return fail("a member's name is not allowed.");
        const std::string name(entry.name);
        if (!names_.insert(folded(entry.name)).second)
            return fail(fmt::format("{} stands twice.", name));
        const std::string central = entry.central();
        if (file_.substr(at_, central.size()) != central)
            return fail(fmt::format("{}: its directory entry is not that of a bundle.", name));
        const std::string local = entry.local();
        if (directory - data_ < local.size() + std::size_t{entry.size} ||
            file_.substr(data_, local.size()) != local)
            return fail(fmt::format("{}: its header is not that of a bundle.", name));
        const std::string_view content = file_.substr(data_ + local.size(), entry.size);
        if (crc_of(content) != entry.crc) return fail(fmt::format("{}: its CRC differs.", name));
        at_ += central.size();
        data_ += local.size() + content.size();
        return MemberView{.name = entry.name, .content = content};
    }

    std::string_view file_;
    std::size_t at_ = 0;    ///< In the directory.
    std::size_t data_ = 0;  ///< End of the members that were read.
    std::set<std::string> names_;
};

}  // namespace

bool is_member_name(std::string_view name) {
    if (name.empty() || name.size() > kNameMax || name.back() == '/') return false;
    bool part_begins = true;
    for (const char letter : name) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
        if (part_begins ? !plain : !plain && letter != '.' && letter != '/') return false;
        part_begins = letter == '/';
    }
    return true;
}

Result<std::string> write_zip(std::span<const Member> members) {
    if (members.size() > kMembersMax)
        return fail(fmt::format("a bundle holds at most {} members.", kMembersMax));
    std::string file;
    std::string directory;
    std::set<std::string> names;
    for (const Member& member : members) {
        if (!is_member_name(member.name))
            return fail(fmt::format("'{}' cannot be the name of a member.", member.name));
        if (!names.insert(folded(member.name)).second)
            return fail(fmt::format("two members are called {}.", member.name));
        if (member.content.size() > kZipMax || file.size() + member.content.size() > kZipMax)
            return fail(fmt::format("a bundle is at most {} MiB.", kZipMax >> 20));
        const Entry entry{.name = member.name,
                          .crc = crc_of(member.content),
                          .size = static_cast<std::uint32_t>(member.content.size()),
                          .offset = static_cast<std::uint32_t>(file.size())};
        file += entry.local();
        file += member.content;
        directory += entry.central();
    }
    const std::size_t offset = file.size();
    file += directory;
    file += end_record(members.size(), directory.size(), offset);
    if (file.size() > kZipMax)
        return fail(fmt::format("a bundle is at most {} MiB.", kZipMax >> 20));
    return file;
}

Result<std::vector<MemberView>> read_zip(std::string_view file) { return Reader(file).read(); }

}  // namespace dimout::bundle
