#pragma once
// What controllers keep of what they have seen, beside the cache.

#include <stsim/controllers/node/node_views.hpp>
#include <stsim/controllers/statefulset/set_views.hpp>
#include <stsim/controllers/volume/volume_views.hpp>

namespace stsim::controllers {

/// A value. Each part is kept by the controller that is named; all follows from its cache and the
/// time.
struct Views {
  statefulset::SetViews sets;   ///< of the StatefulSet controller
  volume::VolumeViews volumes;  ///< of the volume binder
  node::NodeViews nodes;        ///< of those that look after nodes
  bool operator==(const Views&) const = default;
};

}  // namespace stsim::controllers
