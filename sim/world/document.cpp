#include "walk.hpp"

#include <fmt/format.h>

namespace stsim::world {

using api::Json;

namespace {

/// A walk's output for people: a document.
struct Document {
  using Value = Json;
  using Name = const char*;

  template <class T>
  static Json of(const T& value) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
      return std::string_view(value);
    } else {
      return value;
    }
  }
  static Json none() { return nullptr; }
  static Json actor(engine::Actor actor) { return engine::name(actor); }
  static std::string text(const api::ObjectKey& key) {
    return fmt::format("{}/{}/{}", api::info(key.kind).name, key.ns, key.name);
  }
  static Json key(const api::ObjectKey& key) { return text(key); }

  /// Blanks what it sees.
  struct Blank {
    template <class Particular>
    void identity(Particular& of) const {
      of = {};
    }
    void creation(SimTime& created) const { created = {}; }
    void time(SimTime& time) const { time = {}; }
    template <class Time>
    void shown(Time& time) const {
      time = {};
    }
  };
  static Json object(const api::Object& object, bool exact) {
    if (exact) {
      return api::to_json(object);
    }
    api::Object blank = object;
    each_particular(blank, Blank{});
    if (blank.key.kind == api::Kind::PersistentVolume) {
      if (auto& claim = blank.as<api::Volume>().claim_ref) {
        const Json whole = api::to_json(*claim);
        Json shape = Json::object();
        for (const auto& [key, value] : whole.items()) {
          if (is_shape_of_claim_ref(key)) {
            shape[key] = value;
          }
        }
        claim->document = std::make_shared<const Json>(std::move(shape));
      }
    }
    return api::to_json(blank);
  }

  template <class Compute>
  static Json once(const Memo&, Compute compute) {
    return compute();
  }

  class Fields {
   public:
    void set(const char* name, Json value) { json_[name] = std::move(value); }
    [[nodiscard]] bool empty() const { return json_.empty(); }
    [[nodiscard]] Json value() const { return json_; }

   private:
    Json json_ = Json::object();
  };
  class List {
   public:
    void add(Json value) { json_.push_back(std::move(value)); }
    void skip() { add(nullptr); }
    [[nodiscard]] Json value() const { return json_; }

   private:
    Json json_ = Json::array();
  };
  class Map {
   public:
    void set(const api::ObjectKey& key, Json value) { json_[text(key)] = std::move(value); }
    void set(engine::Actor actor, Json value) { set(engine::name(actor), std::move(value)); }
    void set(std::string_view key, Json value) { json_[std::string(key)] = std::move(value); }
    [[nodiscard]] bool empty() const { return json_.empty(); }
    [[nodiscard]] Json value() const { return json_; }

   private:
    Json json_ = Json::object();
  };
  class Objects {
   public:
    void set(const api::ObjectKey& key, Json value) {
      Json& of_kind = json_[std::string(api::info(key.kind).name)];
      (key.ns.empty() ? of_kind : of_kind[key.ns])[key.name] = std::move(value);
    }
    [[nodiscard]] Json value() const { return json_; }

   private:
    Json json_ = Json::object();
  };
  class Files {
   public:
    explicit Files(bool exact) : exact_(exact) {}
    void add(Json value) { files_.push_back(std::move(value)); }
    [[nodiscard]] Json value() {
      if (!exact_) {
        std::sort(files_.begin(), files_.end());
      }
      return files_;
    }

   private:
    bool exact_;
    std::vector<Json> files_;
  };
};

}  // namespace

Json to_json(const World& world, Form form) {
  return Walk<Document>(world, form).world();
}

}  // namespace stsim::world
