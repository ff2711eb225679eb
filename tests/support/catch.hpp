#pragma once
// Catch2 through one header, so that its releases 2 and 3 both work.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
