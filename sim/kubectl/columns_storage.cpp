// Columns of claims, volumes and storage classes. Rules: KC-41, PV-90.

#include "kubectl/document.hpp"
#include "kubectl/kind_columns.hpp"

#include <stsim/api/object.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using api::Json;

// The tables show classes of volume attributes since this release.
constexpr int kAttributesClassColumn = 29;

std::string phase_of(const Json& object) {
  return is_terminating(object) ? "Terminating" : api::text(api::member(object, "status"), "phase");
}

std::string text_or_unset(const Json& object, std::string_view key) {
  return api::text(object, key, "<unset>");
}

template <bool kWithAttributesClass>
Cells claim_cells(const Json& claim, const TableOptions& options) {
  const Json& spec = api::member(claim, "spec");
  const Json& status = api::member(claim, "status");
  const std::string volume = api::text(spec, "volumeName");
  std::string capacity;
  std::string modes;
  if (!volume.empty()) {
    capacity = scalar_text(api::at_path(status, {"capacity", "storage"}));
    modes = api::access_modes(api::member(status, "accessModes")).text();
  }
  Cells cells{name_of(claim), phase_of(claim), volume, capacity, modes, storage_class_of(claim)};
  if constexpr (kWithAttributesClass) {
    cells.push_back(text_or_unset(spec, "volumeAttributesClassName"));
  }
  cells.push_back(object_age(claim, options));
  cells.push_back(text_or_unset(spec, "volumeMode"));
  return cells;
}

template <bool kWithAttributesClass>
Cells volume_cells(const Json& volume, const TableOptions& options) {
  const Json& spec = api::member(volume, "spec");
  const Json& claim = api::member(spec, "claimRef");
  Cells cells{
      name_of(volume),
      scalar_text(api::at_path(spec, {"capacity", "storage"})),
      api::access_modes(api::member(spec, "accessModes")).text(),
      api::text(spec, "persistentVolumeReclaimPolicy"),
      phase_of(volume),
      claim.is_object() ? api::text(claim, "namespace") + "/" + api::text(claim, "name") : "",
      storage_class_of(volume)};
  if constexpr (kWithAttributesClass) {
    cells.push_back(text_or_unset(spec, "volumeAttributesClassName"));
  }
  cells.push_back(api::text(api::member(volume, "status"), "reason"));
  cells.push_back(object_age(volume, options));
  cells.push_back(text_or_unset(spec, "volumeMode"));
  return cells;
}

Cells storage_class_cells(const Json& storage_class, const TableOptions& options) {
  return {name_of(storage_class) + (is_default_class(storage_class) ? " (default)" : ""),
          api::text(storage_class, "provisioner"),
          api::text(storage_class, "reclaimPolicy", "Delete"),
          api::text(storage_class, "volumeBindingMode", "Immediate"),
          api::member(storage_class, "allowVolumeExpansion") == true ? "true" : "false",
          object_age(storage_class, options)};
}

void add_attributes_class(std::vector<KindColumn>& columns, std::string_view before) {
  const auto position = std::find_if(columns.begin(), columns.end(), [&](const KindColumn& column) {
    return column.header == before;
  });
  columns.insert(position, KindColumn{"VOLUMEATTRIBUTESCLASS"});
}

}  // namespace

KindColumns claim_columns(Release release) {
  KindColumns result{{{"NAME", false, true},
                      {"STATUS"},
                      {"VOLUME"},
                      {"CAPACITY"},
                      {"ACCESS MODES"},
                      {"STORAGECLASS"},
                      {"AGE"},
                      {"VOLUMEMODE", true}},
                     claim_cells<false>};
  if (release.at_least(kAttributesClassColumn)) {
    add_attributes_class(result.columns, "AGE");
    result.cells = claim_cells<true>;
  }
  return result;
}

KindColumns volume_columns(Release release) {
  KindColumns result{{{"NAME", false, true},
                      {"CAPACITY"},
                      {"ACCESS MODES"},
                      {"RECLAIM POLICY"},
                      {"STATUS"},
                      {"CLAIM"},
                      {"STORAGECLASS"},
                      {"REASON"},
                      {"AGE"},
                      {"VOLUMEMODE", true}},
                     volume_cells<false>};
  if (release.at_least(kAttributesClassColumn)) {
    add_attributes_class(result.columns, "REASON");
    result.cells = volume_cells<true>;
  }
  return result;
}

KindColumns storage_class_columns() {
  return {{{"NAME", false, true},
           {"PROVISIONER"},
           {"RECLAIMPOLICY"},
           {"VOLUMEBINDINGMODE"},
           {"ALLOWVOLUMEEXPANSION"},
           {"AGE"}},
          storage_class_cells};
}

}  // namespace stsim::kubectl
