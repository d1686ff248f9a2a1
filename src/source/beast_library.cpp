// Asio and Beast, compiled once: with separate compilation their headers only declare.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
