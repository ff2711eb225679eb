#include <stsim/base/error.hpp>
#include <stsim/base/text.hpp>

#include <new>

namespace stsim {

Text::Text(std::string_view text) {
  if (text.size() <= kInPlace) {
    text.copy(bytes_.data(), kInPlace);
    bytes_.back() = static_cast<char>(text.size());
    return;
  }
  STSIM_ASSERT(text.size() <= UINT32_MAX);
  auto* shared = new (::operator new(sizeof(Shared) + text.size())) Shared;
  shared->size = static_cast<std::uint32_t>(text.size());
  text.copy(shared->characters(), text.size());
  std::memcpy(bytes_.data(), &shared, sizeof shared);
  bytes_.back() = static_cast<char>(kShared);
}

void Text::let_go() {
  Shared* held = shared();
  if (held->count.let_go()) {
    held->~Shared();
    ::operator delete(held);
  }
}

}  // namespace stsim
