#include "sentences.hpp"

#include "phrases.hpp"

#include <fmt/ranges.h>
#include <stsim/api/kinds.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace stsim::lessons {

namespace {

using api::Json;
using api::Kind;
using scenario::Difference;

using Path = std::span<const std::string>;

/// A value as people read it.
std::string in_words(const Json& value, Language language) {
  if (value.is_null()) {
    return say(language, "not set", "没有值");
  }
  if (value.is_array()) {
    std::string out;
    for (const Json& one : value) {
      out += (out.empty() ? "" : say(language, ", ", "、")) + in_words(one, language);
    }
    return out.empty() ? say(language, "nothing", "空") : out;
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// A number that is wanted, or its bounds.
std::string number_words(const Json& wanted, Language language) {
  if (!wanted.is_object()) {
    return wanted.dump();
  }
  const bool least = wanted.contains("least");
  const bool most = wanted.contains("most");
  if (least && most) {
    return say(language, "{} to {}", "{} 到 {}", wanted["least"].dump(), wanted["most"].dump());
  }
  if (least) {
    return say(language, "at least {}", "至少 {}", wanted["least"].dump());
  }
  return wanted["most"] == 0 ? std::string("0")
                             : say(language, "at most {}", "至多 {}", wanted["most"].dump());
}

/// `web-0` as a thing of its kind; with a capital at the beginning of a sentence.
std::string object_words(Kind kind, const std::string& name, Language language) {
  struct Noun {
    Kind kind;
    std::string_view english;
    std::string_view chinese;
  };
  constexpr std::array kNouns{
      Noun{Kind::Pod, "pod", "Pod"},
      Noun{Kind::StatefulSet, "StatefulSet", "StatefulSet"},
      Noun{Kind::PersistentVolumeClaim, "claim", "申领"},
      Noun{Kind::PersistentVolume, "volume", "卷"},
      Noun{Kind::ControllerRevision, "revision", "修订"},
  };
  const auto noun = std::ranges::find(kNouns, kind, &Noun::kind);
  const std::string_view known = api::info(kind).singular;
  const std::string_view english = noun == kNouns.end() ? known : noun->english;
  const std::string_view chinese = noun == kNouns.end() ? known : noun->chinese;
  return fmt::format("{} {}", language == Language::Chinese ? chinese : english, name);
}

/// What a field of an object is.
std::string field_sentence(Kind kind, Path path, const Json& found, Language language) {
  const std::string object = object_words(kind, path[1], language);
  const std::string value = in_words(found, language);
  const std::string& field = path[2];
  if (field == "ready") {
    return found == true ? say(language, "{} is Ready", "{} 已经就绪", object)
                         : say(language, "{} is not Ready", "{} 没有就绪", object);
  }
  if (field == "terminating" || field == "deleting") {
    return found == true ? say(language, "{} is being deleted", "{} 正在被删除", object)
                         : say(language, "{} is not being deleted", "{} 没有在被删除", object);
  }
  if (field == "images") {
    return say(language, "{} runs {}", "{} 的镜像是 {}", object, value);
  }
  if (field == "phase") {
    return say(language, "{} is {}", "{} 的状态是 {}", object, value);
  }
  if (kind == Kind::PersistentVolumeClaim && field == "volume") {
    return found.is_null() || value.empty()
               ? say(language, "{} is bound to no volume", "{} 没有绑定到卷", object)
               : say(language, "{} is bound to {}", "{} 绑定的卷是 {}", object, value);
  }
  return say(language,
             "{0} of {1} is {2}",
             "{1} 的 {0} 是 {2}",
             fmt::format("{}", fmt::join(path.subspan(2), ".")),
             object,
             value);
}

/// How many pods of a set are so.
std::string count_sentence(Path path, const Json& number, Language language) {
  const std::string& set = path[1];
  const std::string& what = path[2];
  const std::string found = number.dump();
  const bool one = number == 1;
  if (what == "images") {
    return say(language,
               "{0} {1} of {2} {3} {4}",
               "{2} 有 {0} 个 Pod 使用镜像 {4}",
               found,
               one ? "pod" : "pods",
               set,
               one ? "runs" : "run",
               path[3]);
  }
  struct State {
    std::string_view what;
    std::string_view english;
    std::string_view chinese;
  };
  constexpr std::array kStates{State{"ready", "Ready", "就绪"},
                               State{"available", "available", "可用"},
                               State{"terminating", "being deleted", "正在被删除"},
                               State{"total", "there", ""}};
  const auto state = std::ranges::find(kStates, std::string_view(what), &State::what);
  const bool known = state != kStates.end();
  if (what == "total" && number == 0) {
    return say(language, "no pods of {} are there", "{} 的 Pod 一个也没有了", set);
  }
  return say(language,
             "{0} {1} of {2} {3} {4}",
             "{2} 有 {0} 个 Pod{5}",
             found,
             one ? "pod" : "pods",
             set,
             one ? "is" : "are",
             known ? state->english : what,
             known && !state->chinese.empty() ? fmt::format(" {}", state->chinese) : "");
}

/// What was expected in its place, as the end of a sentence.
std::string expected(const std::string& wanted, Against against, Language language) {
  const std::string chinese = against == Against::Guess ? "；照你的回答应该是 " : "；目标是 ";
  return language == Language::Chinese ? chinese + wanted + "。" : fmt::format(", not {}.", wanted);
}

/// What is, without the end of the sentence; nothing where that says it all.
std::string body_of(const Difference& difference, Language language) {
  const Path path(difference.path);
  const std::string& first = path.front();
  if (first == "exit") {
    return difference.found == 0 ? say(language, "the command went well", "命令成功了")
                                 : say(language,
                                       "the command failed, with exit status {}",
                                       "命令失败了，退出状态是 {}",
                                       difference.found.dump());
  }
  if (first == "resolves") {
    return difference.found == true
               ? say(language, "DNS knows {}", "DNS 能解析 {}", path[1])
               : say(language, "DNS does not know {}", "DNS 不能解析 {}", path[1]);
  }
  if (first == "counts") {
    return count_sentence(path, difference.found, language);
  }
  if (first == "hopes") {
    return say(language,
               "what {} of the museum is about came to pass {} times",
               "博物馆的 {} 所说的情况出现了 {} 次",
               path[1],
               difference.found.dump());
  }
  const auto kind = api::find_kind(first);
  if (kind && difference.relation == Difference::Relation::Present) {
    const std::string object = object_words(*kind, path[1], language);
    return difference.found == true ? say(language, "there is a {}", "有{}", object)
                                    : say(language, "there is no {}", "没有{}", object);
  }
  if (kind && path.size() > 2) {
    return field_sentence(*kind, path, difference.found, language);
  }
  return say(language,
             "{} is {}",
             "{} 是 {}",
             fmt::format("{}", fmt::join(path, ".")),
             in_words(difference.found, language));
}

/// What was expected, where that is not the mere contrary of what is.
std::optional<std::string> wanted_of(const Difference& difference, Language language) {
  const std::string& first = difference.path.front();
  if (first == "counts" || first == "hopes") {
    return say(language, "{}", "{} 个", number_words(difference.wanted, language));
  }
  const bool contrary = first == "exit" || first == "resolves" ||
                        difference.relation == Difference::Relation::Present ||
                        difference.wanted.is_boolean();
  if (difference.wanted.is_null() && !contrary) {
    return say(language, "unset", "没有值");
  }
  return contrary ? std::nullopt : std::optional(in_words(difference.wanted, language));
}

}  // namespace

std::string sentence(const Difference& difference, Against against, Language language) {
  using Relation = Difference::Relation;
  const auto begun = [language](const std::string& text) {
    return language == Language::English ? capital(text) : text;
  };
  if (difference.relation == Relation::Known) {
    return difference.found.get<std::string>();
  }
  if (difference.relation == Relation::Contains || difference.relation == Relation::Lacks) {
    const std::string wanted = difference.wanted.get<std::string>();
    return difference.relation == Relation::Contains ? say(language,
                                                           "The last command did not print \"{}\".",
                                                           "最后一条命令的输出里没有“{}”。",
                                                           trimmed(wanted))
                                                     : say(language,
                                                           "The last command printed \"{}\".",
                                                           "最后一条命令的输出里有“{}”。",
                                                           trimmed(wanted));
  }
  const std::string body = body_of(difference, language);
  if (const auto wanted = wanted_of(difference, language)) {
    return begun(body) + expected(*wanted, against, language);
  }
  return begun(body) + say(language, ".", "。");
}

std::string value_sentence(const std::vector<std::string>& path,
                           const Json& value,
                           Language language) {
  const auto kind = api::find_kind(path.front());
  const std::string text =
      kind && path.size() > 2
          ? field_sentence(*kind, path, value, language)
          : say(language, "{} is {}", "{} 是 {}", fmt::format("{}", fmt::join(path, ".")), value);
  return (language == Language::English ? capital(text) : text) + say(language, ".", "。");
}

}  // namespace stsim::lessons
