#include "shape.hpp"
#include "walk.hpp"

namespace stsim::world {

namespace {

/// A walk's output for explorers: a digest of 128 bits, in which each object and each plan stands
/// with 64 bits, and what tells it apart from others of its shape.
struct Digesting {
  using Value = Digest;

  template <class T>
  static Digest of(const T& value) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
      Digest out;
      out.add(std::string_view(value));
      return out;
    } else {
      return Digest(value);
    }
  }
  static Digest none() { return {}; }
  static Digest actor(engine::Actor actor) { return Digest(actor); }
  static Digest key(const api::ObjectKey& key) { return api::digest(key); }
  static Digest object(const api::Object& object, bool) { return of(shape(object)); }

  template <class Compute>
  static Digest once(const Memo& memo, Compute compute) {
    return Digest(memo.get([&] { return compute().high(); }));
  }

  /// What tells a field apart, so that one can be left out.
  struct Name {
    consteval Name(const char* text) {
      for (; *text != '\0'; ++text) {
        number = (number ^ static_cast<unsigned char>(*text)) * 0x9e3779b97f4a7c15;
      }
    }
    std::uint64_t number{1};
  };
  class Fields {
   public:
    [[gnu::always_inline]] void set(Name name, const Digest& value) {
      digest_.add(value, name.number);
    }
    [[nodiscard]] bool empty() const { return digest_ == Digest(); }
    [[nodiscard]] Digest value() const { return digest_; }

   private:
    Digest digest_;
  };
  class List {
   public:
    [[gnu::always_inline]] void add(const Digest& value) {
      digest_.add(value, ++size_ * kFarApart);
    }
    void skip() { ++size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] Digest value() const {
      Digest out = digest_;
      out.add(size_);
      return out;
    }

   private:
    // Places lie far from each other, so that none makes one small number of another.
    static constexpr std::uint64_t kFarApart = 0x9e3779b97f4a7c15;
    Digest digest_;
    std::uint64_t size_{};
  };
  class Map {
   public:
    void set(const api::ObjectKey& about, const Digest& value) { set(key(about), value); }
    void set(engine::Actor about, const Digest& value) { set(actor(about), value); }
    void set(std::string_view about, const Digest& value) { set(of(about), value); }
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] Digest value() const { return list_.value(); }

   private:
    void set(const Digest& about, const Digest& value) {
      list_.add(about);
      list_.add(value);
    }
    List list_;
  };
  using Objects = Map;  ///< a walk has a place for it, and no use: nothing is exact here
  class Files {
   public:
    explicit Files(bool) {}
    void add(const Digest& value) { files_.push_back(value); }
    [[nodiscard]] Digest value() {
      std::sort(files_.begin(), files_.end());
      List out;
      for (const Digest& file : files_) {
        out.add(file);
      }
      return out.value();
    }

   private:
    std::vector<Digest> files_;
  };
};

}  // namespace

Fingerprint fingerprint(const World& world) {
  return Walk<Digesting>(world, Form::Canonical).world();
}

}  // namespace stsim::world
