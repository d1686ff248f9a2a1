#include "base/endpoint.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

TEST(Endpoint, is_a_numeric_address_and_a_port) {
    EXPECT_EQ(parse_endpoint("127.0.0.1:11019")->host, "127.0.0.1");
    EXPECT_EQ(parse_endpoint("127.0.0.1:11019")->port, 11019);
    EXPECT_EQ(parse_endpoint("[2001:db8::1]:0")->host, "2001:db8::1");
    EXPECT_EQ(parse_endpoint("0.0.0.0:65535")->port, 65535);
    for (const char* text : {"", ":", "1", "127.0.0.1", "127.0.0.1:", ":80", "localhost:80",
                             "[::1]", "::1:80", "[127.0.0.1]:80", "127.0.0.1:65536", "127.0.0.1:-1",
                             "127.0.0.1:80x", "[::1:80", "[]:80", "1.2.3:4"}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_FALSE(endpoint) << text;
        EXPECT_TRUE(endpoint.error().message.contains("is no address to listen on")) << text;
    }
}

TEST(Endpoint, loopback_is_for_this_machine_alone) {
    EXPECT_TRUE(parse_endpoint("127.3.2.1:80")->is_loopback());
    EXPECT_TRUE(parse_endpoint("[::1]:80")->is_loopback());
    EXPECT_FALSE(parse_endpoint("0.0.0.0:80")->is_loopback());
    EXPECT_FALSE(parse_endpoint("[::]:80")->is_loopback());
}

}  // namespace
}  // namespace dimout
