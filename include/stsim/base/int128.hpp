#pragma once
// 128-bit integers, which both supported compilers have as an extension.

namespace stsim {

/// Signed, 128 bits: for exact products of 64-bit values.
__extension__ using Int128 = __int128;

/// Unsigned, 128 bits.
__extension__ using UInt128 = unsigned __int128;

}  // namespace stsim
