// Ed25519 (RFC 8032) over a text, by OpenSSL.
//
// A private key is a PKCS #8 PEM file that only its owner may read. It is never printed, logged or
// copied. Whoever makes a key can sign anything with it: a signature says which key, and that
// nothing was changed since; whose key it is, its owner must say elsewhere.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dimout::bundle {

struct Signature {
    std::string public_key;  ///< 32 bytes.
    std::string bytes;       ///< 64 bytes.
};

class SigningKey {
public:
    /// Fails when anybody but the owner may read the file, or it is no Ed25519 key.
    [[nodiscard]] static Result<SigningKey> read(const std::filesystem::path& path);
    /// Makes `path` with mode 0600, and `path`.pub with the public half. Fails when either exists.
    [[nodiscard]] static Result<SigningKey> make(const std::filesystem::path& path);
    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    /// Its 32 bytes.
    [[nodiscard]] std::string public_key() const;
    /// The same text gives the same signature.
    [[nodiscard]] Signature sign(std::string_view text) const;

private:
    struct Secret;
    explicit SigningKey(std::unique_ptr<Secret> secret);
    std::unique_ptr<Secret> secret_;
};

[[nodiscard]] bool is_right(const Signature& signature, std::string_view text);

/// `SHA256:…` of the public key's 32 bytes.
[[nodiscard]] std::string fingerprint(std::string_view public_key);

/// The 32 bytes of a public key in a PEM file.
[[nodiscard]] Result<std::string> read_public_key(const std::filesystem::path& path);

[[nodiscard]] std::string signature_text(const Signature& signature);
/// Only what `signature_text` writes.
[[nodiscard]] Result<Signature> parse_signature(std::string_view text);

}  // namespace dimout::bundle
