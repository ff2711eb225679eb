#include "sentences.hpp"

#include "phrases.hpp"

#include <fmt/ranges.h>
#include <stsim/api/kinds.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace stsim::lessons {

namespace {

using api::Json;
using api::Kind;
using scenario::Difference;

/// A value as people read it.
std::string in_words(const Json& value, Language language) {
  if (value.is_null()) {
    return say(language, "not set", "没有值");
  }
  if (value.is_boolean()) {
    return value == true ? say(language, "true", "真") : say(language, "false", "假");
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
  return least ? say(language, "at least {}", "至少 {}", wanted["least"].dump())
               : say(language, "at most {}", "至多 {}", wanted["most"].dump());
}

std::string object_words(Kind kind, const std::string& name, Language language) {
  struct Noun {
    Kind kind;
    std::string_view english;
    std::string_view chinese;
  };
  constexpr std::array kNouns{
      Noun{Kind::Pod, "pod", "Pod"},
      Noun{Kind::StatefulSet, "StatefulSet", "StatefulSet"},
      Noun{Kind::PersistentVolumeClaim, "claim", "存储声明"},
      Noun{Kind::PersistentVolume, "volume", "存储卷"},
      Noun{Kind::ControllerRevision, "revision", "修订"},
  };
  const auto noun = std::ranges::find(kNouns, kind, &Noun::kind);
  const std::string_view english = noun == kNouns.end() ? api::info(kind).singular : noun->english;
  const std::string_view chinese = noun == kNouns.end() ? api::info(kind).singular : noun->chinese;
  return fmt::format("{} {}", language == Language::Chinese ? chinese : english, name);
}

std::string of_object(Kind kind, const Difference& difference, Language language) {
  const std::string object = object_words(kind, difference.path[1], language);
  if (difference.relation == Difference::Relation::Present) {
    return difference.found == true ? say(language, "{} is there.", "{} 还在。", object)
                                    : say(language, "There is no {}.", "没有 {}。", object);
  }
  const std::string& field = difference.path[2];
  const bool wanted = difference.wanted == true;
  if (field == "ready") {
    return wanted ? say(language, "{} is not Ready.", "{} 没有就绪。", object)
                  : say(language, "{} is Ready.", "{} 已经就绪。", object);
  }
  if (field == "terminating" || field == "deleting") {
    return wanted ? say(language, "{} is not being deleted.", "{} 没有在被删除。", object)
                  : say(language, "{} is being deleted.", "{} 正在被删除。", object);
  }
  const std::string found = in_words(difference.found, language);
  const std::string other = in_words(difference.wanted, language);
  if (field == "images") {
    return say(language, "{} runs {}, not {}.", "{} 的镜像是 {}，不是 {}。", object, found, other);
  }
  if (field == "phase") {
    return say(language, "{} is {}, not {}.", "{} 的状态是 {}，不是 {}。", object, found, other);
  }
  return say(language,
             "{} of {} is {}, not {}.",
             "{1} 的 {0} 是 {2}，不是 {3}。",
             fmt::format("{}", fmt::join(difference.path.begin() + 2, difference.path.end(), ".")),
             object,
             found,
             other);
}

/// How many pods of a set are so.
std::string of_counts(const Difference& difference, Language language) {
  const std::string& set = difference.path[1];
  const std::string& what = difference.path[2];
  const std::string wanted = number_words(difference.wanted, language);
  const std::string found = difference.found.dump();
  const bool one = difference.found == 1;
  const std::string pods =
      say(language, "{} {} of {}", "{2} 有 {0} 个 Pod", found, one ? "pod" : "pods", set);
  if (what == "images") {
    return say(language,
               "{0} {1} {2}, not {3}.",
               "{0} 使用镜像 {2}，不是 {3} 个。",
               pods,
               one ? "runs" : "run",
               difference.path[3],
               wanted);
  }
  struct State {
    std::string_view what;
    std::string_view english;
    std::string_view chinese;
  };
  constexpr std::array kStates{State{"ready", "Ready", "就绪"},
                               State{"available", "available", "可用"},
                               State{"terminating", "being deleted", "正在被删除"},
                               State{"total", "there", "存在"}};
  const auto state = std::ranges::find(kStates, std::string_view(what), &State::what);
  return say(language,
             "{0} {1} {2}, not {3}.",
             "{0} {2}，不是 {3} 个。",
             pods,
             one ? "is" : "are",
             state == kStates.end()
                 ? what
                 : (language == Language::Chinese ? state->chinese : state->english),
             wanted);
}

std::string of_output(const Difference& difference, Language language) {
  const std::string wanted = difference.wanted.dump();
  if (difference.relation == Difference::Relation::Contains) {
    return say(
        language, "What was printed does not contain {}.", "打印出来的内容里没有 {}。", wanted);
  }
  return say(language, "What was printed contains {}.", "打印出来的内容里有 {}。", wanted);
}

}  // namespace

std::string sentence(const Difference& difference, Language language) {
  using Relation = Difference::Relation;
  const std::string& first = difference.path.front();
  if (difference.relation == Relation::Known) {
    return difference.found.get<std::string>();
  }
  if (difference.relation == Relation::Contains || difference.relation == Relation::Lacks) {
    return of_output(difference, language);
  }
  if (first == "exit") {
    return difference.found == 0 ? say(language, "The command went well.", "命令成功了。")
                                 : say(language,
                                       "The command failed, with exit status {}.",
                                       "命令失败了，退出状态是 {}。",
                                       difference.found.dump());
  }
  if (first == "resolves") {
    return difference.found == true
               ? say(language, "DNS knows {}.", "DNS 能解析 {}。", difference.path[1])
               : say(language, "DNS does not know {}.", "DNS 不能解析 {}。", difference.path[1]);
  }
  if (first == "counts") {
    return of_counts(difference, language);
  }
  if (first == "hopes") {
    return say(language,
               "The hope {} was disappointed {} times, not {}.",
               "期望 {} 落空了 {} 次，不是 {} 次。",
               difference.path[1],
               difference.found.dump(),
               number_words(difference.wanted, language));
  }
  if (const auto kind = api::find_kind(first); kind && difference.path.size() > 1) {
    return of_object(*kind, difference, language);
  }
  return say(language,
             "{} is {}, not {}.",
             "{} 是 {}，不是 {}。",
             fmt::format("{}", fmt::join(difference.path, ".")),
             in_words(difference.found, language),
             in_words(difference.wanted, language));
}

}  // namespace stsim::lessons
