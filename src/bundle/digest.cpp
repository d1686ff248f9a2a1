#include "bundle/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace dimout::bundle {
namespace {

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        DIMOUT_CHECK(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
    }
    void add(std::string_view bytes) {
        DIMOUT_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    }
    [[nodiscard]] std::string text() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned size = 0;
        DIMOUT_CHECK(EVP_DigestFinal_ex(context_.get(), bytes.data(), &size) == 1);
        return to_hex({reinterpret_cast<const char*>(bytes.data()), size});
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

int digit_of(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    return -1;
}

}  // namespace

std::string sha256(std::string_view content) {
    Sha256 hash;
    hash.add(content);
    return hash.text();
}

Result<std::string> sha256_of_file(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) return fail(fmt::format("{}: {}.", path, std::strerror(errno)));
    Sha256 hash;
    std::string buffer(std::size_t{1} << 20, '\0');
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
        hash.add({buffer.data(), count});
    if (std::ferror(file.get()) != 0) return fail(fmt::format("{}: cannot be read.", path));
    return hash.text();
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    return text;
}

std::string from_hex(std::string_view text) {
    std::string bytes;
    if (text.size() % 2 != 0) return {};
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit_of(text[i]);
        const int low = digit_of(text[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

}  // namespace dimout::bundle
