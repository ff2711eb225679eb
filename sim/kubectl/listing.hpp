#pragma once
// Objects as they are about to be printed.

#include "verb.hpp"

#include <stsim/kubectl/columns.hpp>

#include <deque>
#include <vector>

namespace stsim::kubectl {

/// Objects with their documents, in the order of printing.
struct Listing {
  std::deque<api::Json> documents;
  std::vector<api::Kind> kinds;  ///< one for each document

  [[nodiscard]] std::vector<const api::Json*> pointers() const {
    std::vector<const api::Json*> out;
    for (const api::Json& document : documents) {
      out.push_back(&document);
    }
    return out;
  }
};

[[nodiscard]] Listing listing_of(const std::vector<api::ObjectPtr>& objects, Release release);

/// What the options of a command ask of its tables.
[[nodiscard]] TableOptions table_options(const Command& command, bool with_kind);

}  // namespace stsim::kubectl
