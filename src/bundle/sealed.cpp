#include "bundle/sealed.h"

#include <fmt/format.h>

#include <algorithm>

#include "bundle/digest.h"

namespace dimout::bundle {

Result<std::string> seal(std::string_view made_by, std::string_view subject,
                         std::vector<Member> members, const SigningKey* key) {
    Manifest manifest{
        .made_by = std::string(made_by), .subject = std::string(subject), .members = {}};
    for (const Member& member : members) {
        manifest.members.push_back({.name = member.name,
                                    .bytes = member.content.size(),
                                    .sha256 = sha256(member.content)});
    }
    members.push_back({.name = std::string(kManifestName), .content = manifest_text(manifest)});
    if (key != nullptr) {
        members.push_back({.name = std::string(kSignatureName),
                           .content = signature_text(key->sign(members.back().content))});
    }
    return write_zip(members);
}

std::optional<std::string_view> Opened::find(std::string_view name) const {
    const auto found = std::ranges::find(members, name, &MemberView::name);
    return found == members.end() ? std::nullopt : std::optional(found->content);
}

Result<Opened> open_sealed(std::string_view file) {
    auto members = read_zip(file);
    if (!members) return std::unexpected(members.error());
    Opened opened;
    if (!members->empty() && members->back().name == kSignatureName) {
        auto signature = parse_signature(members->back().content);
        if (!signature) return std::unexpected(signature.error());
        opened.signature = std::move(*signature);
        members->pop_back();
    }
    if (members->empty() || members->back().name != kManifestName)
        return fail("its last member is no manifest.json: it is no bundle.");
    const std::string_view text = members->back().content;
    members->pop_back();
    auto manifest = parse_manifest(text);
    if (!manifest) return std::unexpected(manifest.error());
    if (opened.signature && !is_right(*opened.signature, text))
        return fail("signature.json: the signature is not that of this manifest.");
    if (manifest->members.size() != members->size())
        return fail("manifest.json: it names other members than there are.");
    for (std::size_t i = 0; i < members->size(); ++i) {
        const Manifest::Line& line = manifest->members[i];
        const MemberView& member = (*members)[i];
        if (line.name != member.name)
            return fail(fmt::format("manifest.json: {} is not where it should be.", line.name));
        if (line.bytes != member.content.size() || line.sha256 != sha256(member.content))
            return fail(fmt::format("{}: its SHA-256 is not that of the manifest.", line.name));
    }
    opened.manifest = std::move(*manifest);
    opened.members = std::move(*members);
    return opened;
}

}  // namespace dimout::bundle
