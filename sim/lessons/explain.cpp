// Why a guess was wrong, from the records of the run that answers the question.
#include "phrases.hpp"
#include "sentences.hpp"

#include <stsim/api/kinds.hpp>
#include <stsim/lessons/question.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>
#include <map>

namespace stsim::lessons {

using api::Json;
using engine::TraceId;
using engine::TraceRecord;

namespace {

constexpr std::size_t kLinesMax = 8;

std::string line_of(const TraceRecord& record) {
  return report::telling(record) + "\n";
}

}  // namespace

/// Puts an explanation together.
class Question::Telling {
 public:
  Telling(const Question& of, std::string guess, Language language)
      : of_(of), guess_(std::move(guess)), language_(language) {}

  std::string tell() {
    out_ = say(language_,
               "You said {}, and it is {}.\n",
               "你回答的是“{}”，正确答案是“{}”。\n",
               of_.shown(guess_, language_),
               of_.shown(*of_.right(), language_));
    std::visit(*this, of_.part_.answer);
    return std::move(out_);
  }

  void operator()(const First& answer) {
    const auto calls = of_.first_calls(answer.calls);
    if (!calls.empty()) {
      add("What happened:", "实际发生的是：");
      out_ += line_of(*calls.front());
    }
    if (guess_ != "none") {
      tell_of(guess_, answer.calls, calls);
    } else if (const TraceRecord* cause = cause_of(*calls.front())) {
      add("It was brought about by this:", "引起它的是：");
      out_ += line_of(*cause);
    }
  }

  void operator()(const Order& answer) {
    const auto calls = of_.first_calls(answer.calls);
    list(answer.calls, calls);
    // The first place at which guess and truth part says most.
    std::string rest = guess_ == "none" ? "" : guess_;
    for (const TraceRecord* call : calls) {
      const std::string said = rest.substr(0, rest.find(' '));
      rest.erase(0, said.size() + 1);
      if (call->object.name == said) {
        continue;
      }
      if (!said.empty()) {
        tell_of(said, answer.calls, calls);
      } else if (const TraceRecord* cause = cause_of(*call)) {
        out_ += say(language_,
                    "The turn of {} came with this:\n",
                    "轮到 {}，是因为：\n",
                    call->object.name);
        out_ += line_of(*cause);
      }
      return;
    }
    if (!rest.empty()) {
      tell_of(rest.substr(0, rest.find(' ')), answer.calls, calls);
    } else {
      tell_waiting(nullptr);
    }
  }

  void operator()(const Count& answer) {
    const auto calls = of_.first_calls(answer.calls);
    list(answer.calls, calls);
    tell_waiting(nullptr);
  }

  void operator()(const Value& answer) {
    out_ += value_sentence(answer.path, of_.value_at(answer.path), language_) + "\n";
    tell_last(answer.path[0], answer.path[1]);
  }

  void operator()(const Holds& answer) {
    tell_unmet(answer.condition);
    tell_objects(answer.condition);
  }

  void operator()(const Choices& answer) {
    const std::size_t guess = std::stoul(guess_) - 1;
    tell_unmet(answer.choices[guess].when);
    tell_objects(answer.choices[std::stoul(*of_.right()) - 1].when);
  }

 private:
  void add(std::string_view english, std::string_view chinese) {
    out_ += say(language_, english, chinese);
    out_ += "\n";
  }

  void tell_unmet(const scenario::ExpectStep& condition) {
    for (const scenario::Difference& difference : of_.after_.unmet(condition)) {
      out_ += sentence(difference, Against::Guess, language_) + "\n";
    }
  }

  void list(const Calls& what, const std::vector<const TraceRecord*>& calls) {
    if (calls.empty()) {
      out_ += say(language_,
                  "There is no {} of {} in the record.\n",
                  "记录里没有任何对 {1} 的 {0} 操作。\n",
                  what.verb,
                  what.resource);
      return;
    }
    if (calls.size() == 1) {
      add("What happened:", "实际发生的是：");
    } else {
      add("What happened, in this order:", "实际发生的依次是：");
    }
    for (std::size_t i = 0; i < std::min(calls.size(), kLinesMax); ++i) {
      out_ += line_of(*calls[i]);
    }
    if (calls.size() > kLinesMax) {
      out_ += say(language_, "  … and {} more\n", "  … 还有 {} 个\n", calls.size() - kLinesMax);
    }
  }

  /// Why it was not the turn of what was guessed.
  void tell_of(const std::string& name,
               const Calls& what,
               const std::vector<const TraceRecord*>& calls) {
    const auto own = std::ranges::find_if(
        calls, [&name](const TraceRecord* call) { return call->object.name == name; });
    if (own == calls.end()) {
      out_ += say(language_,
                  "{} was left alone: no {} of it is in the record.\n",
                  "没有谁动过 {}：记录里没有对它的 {} 操作。\n",
                  name,
                  what.verb);
      tell_waiting(nullptr);
      return;
    }
    if (own == calls.begin()) {
      out_ += say(language_, "{} came first:\n", "{} 是第一个：\n", name);
      out_ += line_of(**own);
      return;
    }
    out_ += say(language_, "The turn of {} came later:\n", "轮到 {} 是后来的事：\n", name);
    out_ += line_of(**own);
    if (const TraceRecord* cause = cause_of(**own)) {
      add("Before that, this had to happen:", "在那之前，必须先发生这件事：");
      out_ += line_of(*cause);
    }
    tell_waiting(*own);
  }

  /// What a controller waited for before a record; without one, what it waits for when all is over.
  void tell_waiting(const TraceRecord* before) {
    const TraceRecord* wait = before == nullptr ? still_waiting() : last_wait(before);
    if (wait != nullptr) {
      add(before == nullptr ? "What a controller waits for:" : "Until then the controller waited:",
          before == nullptr ? "控制器在等待的是：" : "在那之前，控制器一直在等：");
      out_ += line_of(*wait);
    } else if (before == nullptr) {
      if (world::at_rest(of_.after_.world())) {
        add("When it was over, the controllers had nothing left to do.",
            "到最后，各个控制器都没有要做的事了。");
      } else {
        add("At this moment the controllers have nothing to do.",
            "到这一刻，各个控制器暂时都没有要做的事。");
      }
    }
  }
  [[nodiscard]] const TraceRecord* last_wait(const TraceRecord* before) const {
    const TraceRecord* out = nullptr;
    for (const TraceRecord& record : of_.records_) {
      if (record.id >= before->id) {
        break;
      }
      out = record.type == TraceRecord::Type::Wait ? &record : out;
    }
    return out;
  }
  /// The last record of waiting behind which the controller has not looked at the object again.
  [[nodiscard]] const TraceRecord* still_waiting() const {
    std::map<std::pair<engine::Actor, api::ObjectKey>, const TraceRecord*> waits;
    const TraceRecord* out = nullptr;
    for (const TraceRecord& record : of_.records_) {
      if (record.type == TraceRecord::Type::Sync) {
        waits.erase({record.actor, record.object});
      } else if (record.type == TraceRecord::Type::Wait) {
        const TraceRecord* look =
            record.causes.ids().empty() ? nullptr : find(record.causes.ids().front());
        const bool looked = look != nullptr && look->type == TraceRecord::Type::Sync;
        waits[{record.actor, looked ? look->object : record.object}] = &record;
      }
    }
    for (const auto& [who, wait] : waits) {
      out = out == nullptr || wait->id > out->id ? wait : out;
    }
    return out;
  }

  /// What made it possible: the nearest enabler that is no mere look of a controller.
  [[nodiscard]] const TraceRecord* cause_of(const TraceRecord& record) const {
    const TraceRecord* at = &record;
    while (at != nullptr && !at->causes.ids().empty()) {
      at = find(at->causes.ids().front());
      if (at != nullptr && at->type != TraceRecord::Type::Sync &&
          at->type != TraceRecord::Type::Wait) {
        return at;
      }
    }
    return nullptr;
  }
  /// A record of this run.
  [[nodiscard]] const TraceRecord* find(TraceId id) const {
    const auto& records = of_.records_;
    return records.empty() || id < records.front().id || id > records.back().id
               ? nullptr
               : &records[id - records.front().id];
  }

  /// What was last done to the objects that a condition names, and to the pods of sets whose pods
  /// it counts.
  void tell_objects(const scenario::ExpectStep& condition) {
    std::size_t lines = 0;
    for (const auto& [plural, objects] : condition.want.items()) {
      if (plural == "counts") {
        tell_pods();
        continue;
      }
      if (!objects.is_object() || !api::find_kind(plural)) {
        continue;  // what was printed
      }
      for (const auto& [name, fields] : objects.items()) {
        if (lines++ < kLinesMax) {
          tell_last(plural, name);
        }
      }
    }
    tell_waiting(nullptr);
  }

  void tell_last(std::string_view plural, std::string_view name) {
    const TraceRecord* last = nullptr;
    for (const TraceRecord& record : of_.records_) {
      constexpr int kRefused = 400;
      const bool call = record.type == TraceRecord::Type::Call && record.code < kRefused;
      if ((call || record.type == TraceRecord::Type::Kubelet) && record.object.name == name &&
          api::info(record.object.kind).plural == plural) {
        last = &record;
      }
    }
    if (last == nullptr) {
      out_ += say(language_,
                  "Nothing was done to {} meanwhile.\n",
                  "在此期间没有对 {} 做过任何操作。\n",
                  name);
      return;
    }
    out_ += say(language_, "The last that happened to {}:\n", "{} 最后发生的事：\n", name);
    out_ += line_of(*last);
  }

  void tell_pods() {
    std::vector<const TraceRecord*> calls;
    for (const std::string_view verb : {"create", "delete"}) {
      const auto some = of_.first_calls({std::string(verb), "pods", ""});
      calls.insert(calls.end(), some.begin(), some.end());
    }
    std::ranges::sort(calls, {}, [](const TraceRecord* call) { return call->id; });
    list({"create", "pods", ""}, calls);
  }

  const Question& of_;
  std::string guess_;
  Language language_;
  std::string out_;
};

std::string Question::explain(const std::string& guess, Language language) const {
  return Telling(*this, guess, language).tell();
}

}  // namespace stsim::lessons
