#include "kubectl/describe_parts.hpp"

#include <stsim/kubectl/describe.hpp>

namespace stsim::kubectl {

namespace {

using api::Json;
using api::Kind;

using Description = void (*)(DescribeWriter&, const Json&, const DescribeContext&);

Description description_of(Kind kind) {
  switch (kind) {
    case Kind::Namespace:
      return describe_namespace;
    case Kind::Node:
      return describe_node;
    case Kind::PersistentVolume:
      return describe_volume;
    case Kind::StorageClass:
      return describe_storage_class;
    case Kind::PersistentVolumeClaim:
      return describe_claim;
    case Kind::Service:
      return describe_service;
    case Kind::Endpoints:
      return describe_endpoints;
    case Kind::EndpointSlice:
      return describe_endpoint_slice;
    case Kind::Pod:
      return describe_pod;
    case Kind::StatefulSet:
      return describe_stateful_set;
    case Kind::ConfigMap:
      return describe_config_map;
    case Kind::Secret:
      return describe_secret;
    case Kind::ServiceAccount:
      return describe_service_account;
    case Kind::ControllerRevision:
    case Kind::Event:
      break;
  }
  return describe_generic;
}

}  // namespace

std::string describe(Kind kind, const Json& object, const DescribeContext& context) {
  DescribeWriter writer;
  description_of(kind)(writer, object, context);
  return writer.take();
}

std::string pod_template_text(const Json& pod_template) {
  DescribeWriter writer(DescribeWriter::Layout::Tabs);
  write_pod_template(writer, pod_template);
  return writer.take();
}

}  // namespace stsim::kubectl
