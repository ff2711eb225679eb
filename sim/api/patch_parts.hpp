#pragma once
// What the halves of strategic merge patches share: their directives, and what the schema says
// about a member.

#include <stsim/api/api_error.hpp>
#include <stsim/api/json.hpp>
#include <stsim/api/schema.hpp>
#include <stsim/base/error.hpp>

#include <string>
#include <string_view>

namespace stsim::api::patching {

inline constexpr std::string_view kDirective = "$patch";
inline constexpr std::string_view kRetainKeys = "$retainKeys";
inline constexpr std::string_view kSetElementOrder = "$setElementOrder";
inline constexpr std::string_view kDeleteFromList = "$deleteFromPrimitiveList";

/// How one member of a document is patched.
struct Member {
  const Type*
      type{};        ///< of the member or its elements; nullptr where it has no members of its own
  bool known{true};  ///< whether the schema has it
  bool replaces{};   ///< a whole map is replaced
  bool merges{};     ///< a list is merged
  bool retains{};    ///< patches name the members that stay
  std::string_view merge_key;
};

/// Rule: KC-13. `type` is that of the document, nullptr where it is a plain map.
[[nodiscard]] Member member_of(const Type* type, std::string_view key);

/// What is wrong with a patch, as an answer of the server.
[[nodiscard]] tl::unexpected<ApiError> failure(std::string message);

/// As failure, where the server knows that the request is at fault.
[[nodiscard]] tl::unexpected<ApiError> bad_format(std::string_view message);

/// A value as Go's %v prints it: `map[spec:map[replicas:two]]`, `[a b]`, `<nil>`.
[[nodiscard]] std::string go_value(const Json& value);

/// The first element of `list` with that merge key (or, where `merge_key` is empty, that is
/// `item`); -1 where there is none.
[[nodiscard]] std::ptrdiff_t index_of(const Json& list,
                                      const Json& item,
                                      std::string_view merge_key);

/// Puts elements that only the server has among those of the patch, each side in its own order, as
/// the server's own order tells. Rule: KC-13.
[[nodiscard]] Json in_order(const Json& patch_items,
                            const Json& server_items,
                            const Json& patch_order,
                            const Json& server_order,
                            std::string_view merge_key);

/// `items` in the order of `order`; those marked for deletion come last.
[[nodiscard]] Json sorted_as(const Json& items, const Json& order, std::string_view merge_key);

/// How two patches are brought together: applied to a document, or combined into one patch.
enum class Mode : unsigned char { Apply, Combine };

/// Leaves of a part of a patch what a document can hold; false where nothing is left.
[[nodiscard]] bool clean(Json& value, Mode mode);

/// `original` with `patch` merged into it. Pre: both are objects.
[[nodiscard]] Result<Json, ApiError> merge(Json original, Json patch, const Type* type, Mode mode);

/// Which differences a patch shall hold.
enum class Scope : unsigned char { Deletions, AdditionsAndChanges };

/// The patch from `original` to `modified`. Pre: both are objects.
[[nodiscard]] Json difference(const Json& original,
                              const Json& modified,
                              const Type* type,
                              Scope scope);

/// The first value that does not fit its type, in the words of the server's converter; empty where
/// all fit. Unknown members are not looked at.
[[nodiscard]] std::string misfit(const Json& document, const Type& type);

}  // namespace stsim::api::patching
