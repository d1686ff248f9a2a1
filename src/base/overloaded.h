// Lambdas as one visitor of a std::variant.
#pragma once

namespace dimout {

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

}  // namespace dimout
