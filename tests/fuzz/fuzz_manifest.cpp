// Any bytes as a file of manifests, and each of its objects as far as the API server takes it.
#include <stsim/api/decode.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/api/yaml.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace stsim;

void write_object(const api::Json& document) {
  const auto kind = api::find_kind(api::text(document, "apiVersion"), api::text(document, "kind"));
  if (!kind) {
    return;
  }
  for (const Release release : {Release{}, *parse_release("1.25")}) {
    const api::Features features{release, {}};
    auto decoded = api::decode(*kind, document, release);
    if (!decoded) {
      STSIM_ASSERT(!decoded.error().message.empty());
      continue;
    }
    api::set_defaults(*kind, *decoded, {}, features);
    const auto errors = api::validate(*kind, *decoded, features);
    if (errors.empty()) {
      static_cast<void>(api::validate_update(*kind, *decoded, *decoded, features));
      static_cast<void>(api::warnings(*kind, *decoded, api::Json(), features));
    }
    STSIM_ASSERT(!api::to_go_json(*decoded).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const api::Manifests manifests = api::read_manifests(text);
  for (const api::Json& document : manifests.documents) {
    STSIM_ASSERT(!document.dump().empty());
    write_object(document);
  }
  return 0;
}
