#include "listing.hpp"

namespace stsim::kubectl {

Listing listing_of(const std::vector<api::ObjectPtr>& objects, Release release) {
  Listing out;
  for (const api::ObjectPtr& object : objects) {
    out.documents.push_back(api::to_json(*object, release));
    out.kinds.push_back(object->key.kind);
  }
  return out;
}

TableOptions table_options(const Command& command, bool with_kind) {
  const Arguments& arguments = command.arguments;
  return {arguments.value("output") == "wide",
          arguments.on("all-namespaces"),
          with_kind || arguments.on("show-kind"),
          arguments.values("label-columns"),
          arguments.on("show-labels"),
          command.client().now(),
          command.release()};
}

}  // namespace stsim::kubectl
