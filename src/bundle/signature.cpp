#include "bundle/signature.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "base/json.h"
#include "bundle/digest.h"

namespace dimout::bundle {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kFileMax = 65'536;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Nobody is asked for a password: a daemon has no terminal.
int no_password(char*, int, int, void*) { return 0; }

std::string public_half(EVP_PKEY* key) {
    std::string bytes(kKeySize, '\0');
    std::size_t size = bytes.size();
    DIMOUT_CHECK(EVP_PKEY_get_raw_public_key(key, bytes_of(bytes), &size) == 1);
    DIMOUT_CHECK(size == kKeySize);
    return bytes;
}

Result<std::string> read_small(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return fail(fmt::format("{}: {}.", path.string(), error.message()));
    if (size > kFileMax) return fail(fmt::format("{}: too large for a key.", path.string()));
    return read_file(path.string());
}

/// A new file that nobody else could have opened between its birth and its content.
Result<void> write_new(const std::string& path, std::string_view content, mode_t mode) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) {
        if (errno == EEXIST)
            return fail(fmt::format("{}: is there already, and no key is written over.", path));
        return fail(fmt::format("{}: {}.", path, std::strerror(errno)));
    }
    const ssize_t written = ::write(file, content.data(), content.size());
    const bool whole = written == static_cast<ssize_t>(content.size()) && ::fsync(file) == 0;
    if (::close(file) != 0 || !whole) return fail(fmt::format("{}: cannot be written.", path));
    return {};
}

std::string content_of(BIO* memory) {
    char* start = nullptr;
    const long size = BIO_get_mem_data(memory, &start);
    return {start, static_cast<std::size_t>(size)};
}

}  // namespace

struct SigningKey::Secret {
    Key key;
};

SigningKey::SigningKey(std::unique_ptr<Secret> secret) : secret_(std::move(secret)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::read(const std::filesystem::path& path) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0)
        return fail(
            fmt::format("{}: {}; --new-key makes one.", path.string(), std::strerror(errno)));
    if ((about.st_mode & 077) != 0)
        return fail(fmt::format("{}: others may read this key; chmod 600 it.", path.string()));
    const auto text = read_small(path);
    if (!text) return std::unexpected(text.error());
    const Memory memory(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())), &BIO_free);
    Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, &no_password, nullptr), &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        return fail(fmt::format("{}: no Ed25519 key in PEM without a password.", path.string()));
    return SigningKey(std::make_unique<Secret>(std::move(key)));
}

Result<SigningKey> SigningKey::make(const std::filesystem::path& path) {
    Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
    if (!key) return fail("no Ed25519 key can be made: OpenSSL refuses.");
    const Memory secret(BIO_new(BIO_s_secmem()), &BIO_free);
    const Memory open(BIO_new(BIO_s_mem()), &BIO_free);
    DIMOUT_CHECK(PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                          nullptr) == 1);
    DIMOUT_CHECK(PEM_write_bio_PUBKEY(open.get(), key.get()) == 1);
    std::string text = content_of(secret.get());
    const auto written = write_new(path.string(), text, 0600);
    OPENSSL_cleanse(text.data(), text.size());
    if (!written) return std::unexpected(written.error());
    if (const auto half = write_new(path.string() + ".pub", content_of(open.get()), 0644); !half)
        return std::unexpected(half.error());
    return SigningKey(std::make_unique<Secret>(std::move(key)));
}

std::string SigningKey::public_key() const { return public_half(secret_->key.get()); }

Signature SigningKey::sign(std::string_view text) const {
    Signature signature{.public_key = public_key(), .bytes = std::string(kSignatureSize, '\0')};
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = signature.bytes.size();
    DIMOUT_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret_->key.get()) ==
                 1);
    DIMOUT_CHECK(EVP_DigestSign(context.get(), bytes_of(signature.bytes), &size, bytes_of(text),
                                text.size()) == 1);
    return signature;
}

bool is_right(const Signature& signature, std::string_view text) {
    if (signature.public_key.size() != kKeySize || signature.bytes.size() != kSignatureSize)
        return false;
    const Key key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                    bytes_of(std::string_view(signature.public_key)), kKeySize),
        &EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(std::string_view(signature.bytes)),
                            kSignatureSize, bytes_of(text), text.size()) == 1;
}

std::string fingerprint(std::string_view public_key) { return "SHA256:" + sha256(public_key); }

Result<std::string> read_public_key(const std::filesystem::path& path) {
    const auto text = read_small(path);
    if (!text) return std::unexpected(text.error());
    const Memory memory(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())), &BIO_free);
    const Key key(PEM_read_bio_PUBKEY(memory.get(), nullptr, &no_password, nullptr),
                  &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        return fail(fmt::format("{}: no Ed25519 public key in PEM.", path.string()));
    return public_half(key.get());
}

std::string signature_text(const Signature& signature) {
    JsonWriter json;
    json.begin_object()
        .field("algorithm", "Ed25519")
        .field("of", "manifest.json")
        .field("public_key", to_hex(signature.public_key))
        .field("signature", to_hex(signature.bytes))
        .end_object();
    return json.text() + '\n';
}

Result<Signature> parse_signature(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view key;
    std::string_view bytes;
    if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
        root["public_key"].get(key) != simdjson::SUCCESS ||
        root["signature"].get(bytes) != simdjson::SUCCESS)
        return fail("signature.json: not as dimout writes it.");
    Signature signature{.public_key = from_hex(key), .bytes = from_hex(bytes)};
    if (signature_text(signature) != text) return fail("signature.json: not as dimout writes it.");
    return signature;
}

}  // namespace dimout::bundle
