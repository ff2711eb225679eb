#include "phrases.hpp"
#include "turn.hpp"

#include <stsim/api/kinds.hpp>
#include <stsim/api/object.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/lessons/question.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace stsim::lessons {

using api::Json;
using engine::TraceRecord;

namespace {

/// Keeps what is told.
class Collector : public scenario::RunObserver {
 public:
  explicit Collector(std::vector<TraceRecord>& records) : records_(records) {}
  void record(const TraceRecord& record) override { records_.push_back(record); }

 private:
  std::vector<TraceRecord>& records_;
};

/// What stands for no object at all.
constexpr std::string_view kNone = "none";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end ? std::optional(out) : std::nullopt;
}

/// One word that is a numeral, as digits: `五`, `两个`, `five`; any other as it is.
std::string numeral(std::string_view word) {
  constexpr std::array<std::string_view, 11> kChinese{
      "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  constexpr std::array<std::string_view, 11> kEnglish{
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  constexpr std::string_view kCounted = "个";
  const std::string_view bare =
      word.ends_with(kCounted) ? word.substr(0, word.size() - kCounted.size()) : word;
  if (number(bare)) {
    return std::string(bare);
  }
  const auto chinese = std::ranges::find(kChinese, bare == "两" ? "二" : bare);
  if (chinese != kChinese.end()) {
    return std::to_string(chinese - kChinese.begin());
  }
  const auto english = std::ranges::find(kEnglish, std::string_view(to_lower(word)));
  return english == kEnglish.end() ? std::string(word) : std::to_string(english - kEnglish.begin());
}

/// What is typed in the characters that right answers have: `２，１` as `2 1`, `③` as `3`, `三 个`
/// as `3`.
std::string plain(std::string_view text) {
  struct Same {
    std::string_view typed;
    std::string_view plain;
  };
  constexpr std::array kSame{
      Same{"０", "0"}, Same{"１", "1"},     Same{"２", "2"}, Same{"３", "3"}, Same{"４", "4"},
      Same{"５", "5"}, Same{"６", "6"},     Same{"７", "7"}, Same{"８", "8"}, Same{"９", "9"},
      Same{"①", "1"},  Same{"②", "2"},      Same{"③", "3"},  Same{"④", "4"},  Same{"⑤", "5"},
      Same{"，", " "}, Same{"、", " "},     Same{"；", " "}, Same{"。", " "}, Same{"（", " "},
      Same{"）", " "}, Same{"\u3000", " "}, Same{"－", "-"}, Same{",", " "},  Same{";", " "},
      Same{">", " "},  Same{"(", " "},      Same{")", " "},  Same{"\t", " "}, Same{" 个", " "}};
  std::string spaced;
  while (!text.empty()) {
    const auto same = std::ranges::find_if(
        kSame, [text](const Same& row) { return text.starts_with(row.typed); });
    spaced += same == kSame.end() ? text.substr(0, 1) : same->plain;
    text.remove_prefix(same == kSame.end() ? 1 : same->typed.size());
  }
  std::string out;
  for (std::string_view rest = trimmed(spaced); !rest.empty();) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest = trimmed(rest.substr(word.size()));
    word = word.ends_with('.') ? word.substr(0, word.size() - 1) : word;
    out += (out.empty() ? "" : " ") + numeral(word);
  }
  return out;
}

/// The number at the end of a name: 2 of `web-2` and of `pv002`.
std::optional<std::uint64_t> number_at_end(std::string_view name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  return number(name.substr(last == std::string_view::npos ? 0 : last + 1));
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

bool means_none(std::string_view word) {
  constexpr std::array<std::string_view, 10> kWords{
      "none", "no", "nobody", "nothing", "no one", "没有", "无", "都不", "没有任何", "都没有"};
  return is_one_of(to_lower(word), kWords);
}

std::optional<bool> yes_or_no(std::string_view word) {
  constexpr std::array<std::string_view, 19> kYes{"yes",
                                                  "y",
                                                  "true",
                                                  "it does",
                                                  "it is",
                                                  "是",
                                                  "是的",
                                                  "会",
                                                  "会的",
                                                  "对",
                                                  "能",
                                                  "可以",
                                                  "在",
                                                  "还在",
                                                  "有",
                                                  "一样",
                                                  "还会",
                                                  "能的",
                                                  "行"};
  constexpr std::array<std::string_view, 20> kNo{
      "no",   "n",    "false",  "it does not", "it is not", "否",    "不",
      "不会", "不是", "不能",   "不对",        "不可以",    "不在",  "不在了",
      "没有", "没",   "不一样", "不行",        "不再",      "不会的"};
  const std::string low = to_lower(word);
  if (is_one_of(low, kYes)) {
    return true;
  }
  return is_one_of(low, kNo) ? std::optional(false) : std::nullopt;
}

/// The words of a plain text.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (; !text.empty(); text = trimmed(text.substr(out.back().size()))) {
    out.emplace_back(text.substr(0, text.find(' ')));
  }
  return out;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : " ") + name;
  }
  return out.empty() ? std::string(kNone) : out;
}

std::string in_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string kind_word(const Calls& calls) {
  return calls.resource.substr(0, calls.resource.find('/'));
}

}  // namespace

std::shared_ptr<const scenario::Step> at_its_turn(const std::shared_ptr<const scenario::Step>& step,
                                                  const scenario::Session& session) {
  if (!scenario::takes_time(*step) || session.taken().empty()) {
    return step;
  }
  scenario::Step out = *step;
  const SimDuration turn = session.world().now - kStartOfTime + scenario::kUsualPause;
  out.at = std::max(turn, step->at.value_or(SimDuration{}));
  out.source["at"] = to_go_string(*out.at);
  return std::make_shared<const scenario::Step>(std::move(out));
}

bool take(const Steps& steps, scenario::Session& session, scenario::RunObserver& observer) {
  for (const auto& step : steps) {
    if (!session.goes_on() ||
        !session.take(at_its_turn(step, session), observer).differences.empty()) {
      return false;
    }
  }
  return session.goes_on();
}

Question::Question(const PredictPart& part, const scenario::Session& session)
    : part_(part), after_(session), before_(scenario::snapshot(session.world())) {
  Collector collector(records_);
  const bool well = lessons::take(part.steps, after_, collector);
  found_ = scenario::snapshot(after_.world());
  if (well) {
    find_right();
  }
}

const Json& Question::value_at(const std::vector<std::string>& path) const {
  const Json* at = &found_;
  for (const std::string& key : path) {
    const auto index = number(key);
    at = at->is_array() && index && *index < at->size() ? &(*at)[*index] : &api::member(*at, key);
  }
  return *at;
}

void Question::find_right() {
  struct Finder {
    const Question& of;
    std::optional<std::string> operator()(const First& answer) const {
      const auto calls = of.first_calls(answer.calls);
      return calls.empty() ? std::string(kNone) : std::string(calls.front()->object.name);
    }
    std::optional<std::string> operator()(const Order& answer) const {
      std::vector<std::string> names;
      for (const TraceRecord* call : of.first_calls(answer.calls)) {
        names.emplace_back(call->object.name);
      }
      return joined(names);
    }
    std::optional<std::string> operator()(const Count& answer) const {
      return std::to_string(of.first_calls(answer.calls).size());
    }
    std::optional<std::string> operator()(const Value& answer) const {
      const Json& value = of.value_at(answer.path);
      return value.is_null() ? std::nullopt : std::optional(in_text(value));
    }
    std::optional<std::string> operator()(const Holds& answer) const {
      return of.after_.unmet(answer.condition).empty() ? "yes" : "no";
    }
    std::optional<std::string> operator()(const Choices& answer) const {
      std::optional<std::string> found;
      for (std::size_t i = 0; i < answer.choices.size(); ++i) {
        if (of.after_.unmet(answer.choices[i].when).empty()) {
          if (found) {
            return std::nullopt;
          }
          found = std::to_string(i + 1);
        }
      }
      return found;
    }
  };
  right_ = std::visit(Finder{*this}, part_.answer);
}

std::vector<const TraceRecord*> Question::first_calls(const Calls& calls) const {
  std::vector<const TraceRecord*> out;
  std::set<api::ObjectKey> seen;
  for (const TraceRecord& record : records_) {
    constexpr int kRefused = 400;
    const bool such = record.type == TraceRecord::Type::Call && record.code < kRefused &&
                      record.verb == calls.verb && record.resource == calls.resource &&
                      (calls.by.empty() || engine::name(record.actor) == calls.by);
    if (such && seen.insert(record.object).second) {
      out.push_back(&record);
    }
  }
  return out;
}

std::vector<std::string> Question::candidates() const {
  const Calls* calls = nullptr;
  if (const auto* first = std::get_if<First>(&part_.answer)) {
    calls = &first->calls;
  } else if (const auto* order = std::get_if<Order>(&part_.answer)) {
    calls = &order->calls;
  } else {
    return {};
  }
  std::set<std::string> names;
  for (const Json* snapshot : {&before_, &found_}) {
    for (const auto& [name, object] : api::member(*snapshot, kind_word(*calls)).items()) {
      names.insert(name);
    }
  }
  for (const TraceRecord* call : first_calls(*calls)) {
    names.emplace(call->object.name);
  }
  std::vector<std::string> out(names.begin(), names.end());
  std::ranges::sort(
      out, [](const std::string& a, const std::string& b) { return api::natural_less(a, b); });
  return out;
}

std::optional<std::string> Question::name_of(std::string_view word) const {
  const std::string low =
      to_lower(word.substr(word.find('/') == std::string_view::npos ? 0 : word.find('/') + 1));
  const auto wanted = number(low);
  for (const std::string& name : candidates()) {
    if (low == name || (wanted && number_at_end(name) == wanted)) {
      return name;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Question::read(std::string_view typed) const {
  struct Reading {
    const Question& of;
    std::string_view typed;
    std::string_view text;  ///< the same in plain characters

    std::optional<std::string> operator()(const First& /*answer*/) const {
      return means_none(text) ? std::optional(std::string(kNone)) : of.name_of(text);
    }
    std::optional<std::string> operator()(const Order& /*answer*/) const {
      if (means_none(text)) {
        return std::string(kNone);
      }
      std::vector<std::string> names;
      for (const std::string& word : words_of(text)) {
        const auto name = of.name_of(word);
        if (!name) {
          return std::nullopt;
        }
        names.push_back(*name);
      }
      return joined(names);
    }
    std::optional<std::string> operator()(const Count& /*answer*/) const {
      const auto found = means_none(text) ? std::optional<std::uint64_t>(0) : number(text);
      return found ? std::optional(std::to_string(*found)) : std::nullopt;
    }
    std::optional<std::string> operator()(const Value& /*answer*/) const {
      if (of.right_ && number(*of.right_)) {
        const auto found = means_none(text) ? std::optional<std::uint64_t>(0) : number(text);
        return found ? std::optional(std::to_string(*found)) : std::nullopt;
      }
      // A name may be told by its number alone, or in other letter case.
      const bool by_number = of.right_ && number(text) && number(text) == number_at_end(*of.right_);
      const bool same = of.right_ && to_lower(text) == to_lower(*of.right_);
      return by_number || same ? of.right_ : std::optional(std::string(text));
    }
    std::optional<std::string> operator()(const Holds& /*answer*/) const {
      const auto found = yes_or_no(text);
      return found ? std::optional<std::string>(*found ? "yes" : "no") : std::nullopt;
    }
    std::optional<std::string> operator()(const Choices& answer) const {
      const auto wanted = number(text);
      const std::string low = to_lower(typed);
      for (std::size_t i = 0; i < answer.choices.size(); ++i) {
        const Words& words = answer.choices[i].text;
        if (low == to_lower(words.english) || low == to_lower(words.chinese)) {
          return std::to_string(i + 1);
        }
      }
      return wanted && *wanted >= 1 && *wanted <= answer.choices.size()
                 ? std::optional(std::to_string(*wanted))
                 : std::nullopt;
    }
  };
  typed = trimmed(typed);
  const std::string text = plain(typed);
  return text.empty() ? std::nullopt : std::visit(Reading{*this, typed, text}, part_.answer);
}

std::string Question::shown(const std::string& guess, Language language) const {
  if (const auto* answer = std::get_if<Choices>(&part_.answer)) {
    const auto chosen = number(guess);
    if (chosen && *chosen >= 1 && *chosen <= answer->choices.size()) {
      return answer->choices[*chosen - 1].text.in(language);
    }
  }
  if (std::holds_alternative<Holds>(part_.answer)) {
    return guess == "yes" ? say(language, "yes", "是") : say(language, "no", "否");
  }
  const bool names =
      std::holds_alternative<First>(part_.answer) || std::holds_alternative<Order>(part_.answer);
  return names && guess == kNone ? say(language, "none", "没有") : guess;
}

std::string Question::how_to_answer(Language language) const {
  struct Saying {
    const Question& of;
    Language language;

    std::string operator()(const First& /*answer*/) const {
      return say(
          language,
          "a name, or its number alone; \"none\" if you think that there is none. There are: {}",
          "回答一个名字，或者只写它的编号；如果你认为一个都没有，就写“没有”。可选的有：{}",
          joined(of.candidates()));
    }
    std::string operator()(const Order& /*answer*/) const {
      return say(
          language,
          "names or their numbers in order, such as \"0 1 2\"; \"none\" if you think that there is "
          "none. There are: {}",
          "按先后写出名字或编号，例如“0 1 2”；如果你认为一个都没有，就写“没有”。可选的有：{}",
          joined(of.candidates()));
    }
    std::string operator()(const Count& /*answer*/) const {
      return say(language, "a number; 0 if there is none", "回答一个数字；一个都没有就写 0");
    }
    std::string operator()(const Value& /*answer*/) const {
      return of.right_ && number(*of.right_)
                 ? say(language, "a number; 0 if there is none", "回答一个数字；一个都没有就写 0")
                 : say(language, "what you would read there", "写出你认为会看到的值");
    }
    std::string operator()(const Holds& /*answer*/) const {
      return say(
          language, "yes or no", "回答“是”或“否”；“会／不会”“能／不能”“在／不在”、yes／no 也可以");
    }
    std::string operator()(const Choices& answer) const {
      return say(language, "a number from 1 to {}", "回答 1 到 {} 的数字", answer.choices.size());
    }
  };
  return std::visit(Saying{*this, language}, part_.answer);
}

std::vector<std::string> Question::wrong() const {
  if (!right_) {
    return {};
  }
  struct Inventing {
    const Question& of;

    std::vector<std::string> operator()(const First& /*answer*/) const {
      std::vector<std::string> out = of.candidates();
      out.emplace_back(kNone);
      return out;
    }
    std::vector<std::string> operator()(const Order& /*answer*/) const {
      std::vector<std::string> names = of.candidates();
      std::vector<std::string> out{std::string(kNone), joined(names)};
      std::ranges::reverse(names);
      out.push_back(joined(names));
      out.push_back(names.empty() ? "" : names.front());
      return out;
    }
    std::vector<std::string> operator()(const Count& /*answer*/) const {
      const std::uint64_t right = *number(*of.right_);
      return {std::to_string(right + 1), std::to_string(right == 0 ? 2 : right - 1)};
    }
    std::vector<std::string> operator()(const Value& /*answer*/) const {
      if (const auto right = number(*of.right_)) {
        return {std::to_string(*right + 1), std::to_string(*right == 0 ? 2 : *right - 1)};
      }
      return {*of.right_ + "-not", "nothing"};
    }
    std::vector<std::string> operator()(const Holds& /*answer*/) const { return {"yes", "no"}; }
    std::vector<std::string> operator()(const Choices& answer) const {
      std::vector<std::string> out;
      for (std::size_t i = 0; i < answer.choices.size(); ++i) {
        out.push_back(std::to_string(i + 1));
      }
      return out;
    }
  };
  std::vector<std::string> out = std::visit(Inventing{*this}, part_.answer);
  std::erase_if(out,
                [this](const std::string& guess) { return guess.empty() || guess == *right_; });
  return out;
}

}  // namespace stsim::lessons
