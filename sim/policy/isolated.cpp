// A policy that decides in a process of its own: this one answers its questions and takes down what
// it asks for. What ends the child, or keeps it from answering, is an error of the decision.
#include "policy/library.hpp"
#include "policy/message.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <vector>

namespace stsim::policy {

namespace {

/// How long a child may think without asking anything: real time, as it may never end.
constexpr std::chrono::milliseconds kPatience{5000};
/// How many questions more than it may a child can ask before it is ended.
constexpr std::uint64_t kOverdrawn = 1000;
constexpr int kChildDescriptor = 3;

/// A child, ended with its owner.
class Child {
 public:
  Child(pid_t process, int descriptor) : process_(process), descriptor_(descriptor) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { static_cast<void>(end()); }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Ends it if it has not ended. Returns how it has, in words.
  std::string end() {
    if (process_ == 0) {
      return "";
    }
    close(descriptor_);
    int status{};
    // One that has crashed is about to be gone; one that only waits for a message ends by itself.
    pid_t gone = waitpid(process_, &status, WNOHANG);
    for (int i = 0; gone == 0 && i < kGraceSteps; ++i) {
      usleep(kGraceStepUs);
      gone = waitpid(process_, &status, WNOHANG);
    }
    if (gone == 0) {
      kill(process_, SIGKILL);
      waitpid(process_, &status, 0);
    }
    process_ = 0;
    if (WIFSIGNALED(status)) {
      const char* const name = sigabbrev_np(WTERMSIG(status));
      return fmt::format("its process was ended by signal SIG{}", name == nullptr ? "?" : name);
    }
    return fmt::format("its process has ended with exit status {}", WEXITSTATUS(status));
  }

  /// Ends it at once.
  void cut_off() {
    kill(process_, SIGKILL);
    static_cast<void>(end());
  }

 private:
  static constexpr int kGraceSteps = 200;
  static constexpr useconds_t kGraceStepUs = 1000;

  pid_t process_;
  int descriptor_;
};

/// Starts this program once more, as the child that serves a library.
std::unique_ptr<Child> start(const std::string& library) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return nullptr;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kChildDescriptor);
  std::string program = "stsim";
  std::string what(kServeIsolated);
  std::string path = library;
  char* arguments[] = {program.data(), what.data(), path.data(), nullptr};
  pid_t process{};
  const int failed = posix_spawn(&process, "/proc/self/exe", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) {
    close(ends[0]);
    return nullptr;
  }
  return std::make_unique<Child>(process, ends[0]);
}

Message decide_message(const stsim_view& view) {
  const stsim_set& set = *view.set;
  Message out(Topic::Decide);
  out.put(static_cast<std::int64_t>(view.budget));
  out.put(set.name).put(set.name_space).put(set.now_us);
  for (const std::int64_t number : {std::int64_t{set.release_minor},
                                    std::int64_t{set.release_patch},
                                    std::int64_t{set.replicas},
                                    std::int64_t{set.start_ordinal},
                                    std::int64_t{set.min_ready_seconds},
                                    std::int64_t{set.partition},
                                    std::int64_t{set.max_unavailable},
                                    std::int64_t{set.max_unavailable_kind},
                                    std::int64_t{set.strategy},
                                    std::int64_t{set.has_rolling_update},
                                    std::int64_t{set.parallel},
                                    std::int64_t{set.terminating},
                                    std::int64_t{set.status_replicas},
                                    std::int64_t{set.status_current},
                                    std::int64_t{set.status_updated},
                                    std::int64_t{set.status_ready},
                                    std::int64_t{set.status_available},
                                    set.oldest_unavailable_us}) {
    out.put(number);
  }
  return out.put(set.current_revision).put(set.update_revision);
}

/// The set of a decide_message(), whose topic and budget were read. Valid as long as the message.
stsim_set read_set(Message& in) {
  stsim_set set{};
  set.struct_size = sizeof set;
  set.name = in.text();
  set.name_space = in.text();
  set.now_us = in.number();
  for (std::int32_t* number : {&set.release_minor,
                               &set.release_patch,
                               &set.replicas,
                               &set.start_ordinal,
                               &set.min_ready_seconds,
                               &set.partition,
                               &set.max_unavailable}) {
    *number = in.number32();
  }
  for (std::uint8_t* number : {&set.max_unavailable_kind,
                               &set.strategy,
                               &set.has_rolling_update,
                               &set.parallel,
                               &set.terminating}) {
    *number = static_cast<std::uint8_t>(in.number());
  }
  for (std::int32_t* number : {&set.status_replicas,
                               &set.status_current,
                               &set.status_updated,
                               &set.status_ready,
                               &set.status_available}) {
    *number = in.number32();
  }
  set.oldest_unavailable_us = in.number();
  set.current_revision = in.text();
  set.update_revision = in.text();
  return set;
}

void put_pod(Message& out, const stsim_pod& pod) {
  out.put(pod.name).put(pod.revision);
  for (const std::uint8_t fact :
       {pod.phase, pod.terminating, pod.ready, pod.available, pod.unavailable, pod.ended}) {
    out.put(std::int64_t{fact});
  }
  out.put(pod.ready_since_us);
}

void read_pod(Message& in, stsim_pod& pod) {
  pod.name = in.text();
  pod.revision = in.text();
  for (std::uint8_t* fact :
       {&pod.phase, &pod.terminating, &pod.ready, &pod.available, &pod.unavailable, &pod.ended}) {
    *fact = static_cast<std::uint8_t>(in.number());
  }
  pod.ready_since_us = in.number();
}

/// The answer to a question, or nothing where the message is none.
std::optional<Message> answered(Topic topic, Message& in, const stsim_view& view) {
  Message out(Topic::Answer);
  const auto pods = [&] { return in.unsigned32(); };
  switch (topic) {
    case Topic::Next: {
      const std::uint32_t of = pods();
      out.put(view.next(view.host, of, in.number()));
      break;
    }
    case Topic::Previous: {
      const std::uint32_t of = pods();
      out.put(view.previous(view.host, of, in.number()));
      break;
    }
    case Topic::NextMissing: {
      const std::uint32_t of = pods();
      out.put(view.next_missing(view.host, of, in.number()));
      break;
    }
    case Topic::PreviousMissing: {
      const std::uint32_t of = pods();
      out.put(view.previous_missing(view.host, of, in.number()));
      break;
    }
    case Topic::Count: {
      const std::uint32_t of = pods();
      const std::int64_t first = in.number();
      out.put(view.count(view.host, of, first, in.number()));
      break;
    }
    case Topic::Pod: {
      stsim_pod pod{};
      pod.struct_size = sizeof pod;
      const std::int32_t there = view.pod(view.host, in.number32(), &pod);
      out.put(std::int64_t{there});
      if (there != 0) {
        put_pod(out, pod);
      }
      break;
    }
    case Topic::Needs:
      out.put(std::int64_t{view.needs(view.host, in.number32())});
      break;
    case Topic::Feature:
      out.put(std::int64_t{view.feature(view.host, in.text())});
      break;
    case Topic::Annotation:
      out.put(view.annotation(view.host, in.text()));
      break;
    case Topic::Label: {
      const std::int32_t ordinal = in.number32();
      out.put(view.label(view.host, ordinal, in.text()));
      break;
    }
    case Topic::Field:
      out.put(view.field(view.host, in.text()));
      break;
    case Topic::CanChangeInPlace:
      out.put(std::int64_t{view.can_change_in_place(view.host, in.number32())});
      break;
    case Topic::State:
      out.put(view.state(view.host));
      break;
    default:
      return std::nullopt;
  }
  out.put(std::int64_t{*view.spent});
  return out;
}

/// Takes down what a message asks for. Returns whether it is such a message.
bool noted(Topic topic, Message& in, const stsim_plan& plan) {
  switch (topic) {
    case Topic::Batch:
      plan.batch(plan.host);
      return true;
    case Topic::Create: {
      const std::int32_t ordinal = in.number32();
      const std::uint32_t revision = in.unsigned32();
      const stsim_counts counts = in.counts();
      const stsim_text why = in.text();
      plan.create(plan.host, ordinal, revision, counts, why, in.text());
      return true;
    }
    case Topic::Remove: {
      const std::int32_t ordinal = in.number32();
      const std::int32_t gone_is_fine = in.number32();
      const stsim_counts counts = in.counts();
      const stsim_text why = in.text();
      plan.remove(plan.host, ordinal, gone_is_fine, counts, why, in.text());
      return true;
    }
    case Topic::Recreate: {
      const std::int32_t ordinal = in.number32();
      const std::uint32_t revision = in.unsigned32();
      const std::int32_t create = in.number32();
      const stsim_counts counts = in.counts();
      const stsim_text why = in.text();
      plan.recreate(plan.host, ordinal, revision, create, counts, why, in.text());
      return true;
    }
    case Topic::ChangeInPlace: {
      const std::int32_t ordinal = in.number32();
      const stsim_counts counts = in.counts();
      const stsim_text why = in.text();
      plan.change_in_place(plan.host, ordinal, counts, why, in.text());
      return true;
    }
    case Topic::CompleteClaims:
      plan.complete_claims(plan.host, in.number32());
      return true;
    case Topic::Repair:
      plan.repair(plan.host, in.number32());
      return true;
    case Topic::GiveOwners:
      plan.give_owners(plan.host, in.number32());
      return true;
    case Topic::Wait: {
      const std::int64_t ordinal = in.number();
      const stsim_text why = in.text();
      plan.wait(plan.host, ordinal, why, in.text());
      return true;
    }
    case Topic::Again: {
      const std::int64_t after_us = in.number();
      plan.again(plan.host, after_us, in.number32());
      return true;
    }
    case Topic::CountNow:
      plan.count(plan.host);
      return true;
    case Topic::CompletesWith:
      plan.completes_with(plan.host, in.number());
      return true;
    case Topic::Keep:
      plan.keep(plan.host, in.text());
      return true;
    case Topic::Fail:
      plan.fail(plan.host, in.text());
      return true;
    default:
      return false;
  }
}

class IsolatedPolicy : public LibraryPolicy {
 public:
  IsolatedPolicy(std::string name, About about, std::string library, std::unique_ptr<Child> first)
      : LibraryPolicy(std::move(name), std::move(about)), library_(std::move(library)) {
    idle_.push_back(std::move(first));
  }

  void decide(const stsim_view& view, const stsim_plan& plan) const override {
    std::unique_ptr<Child> child = take();
    const std::string error =
        child ? converse(*child, view, plan) : "no process could be started for it";
    if (!error.empty()) {
      plan.fail(plan.host, {error.data(), error.size()});
      return;
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(child));
  }

 private:
  /// A child that waits, or a new one; each serves one decision at a time.
  std::unique_ptr<Child> take() const {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Child> out = std::move(idle_.back());
        idle_.pop_back();
        return out;
      }
    }
    std::unique_ptr<Child> out = start(library_);
    bool late{};
    auto first = out ? receive(out->descriptor(), kPatience, late) : std::nullopt;
    return first && first->topic() == Topic::About ? std::move(out) : nullptr;
  }

  /// Returns what went wrong, "" if nothing did; after an error the child is gone.
  static std::string converse(Child& child, const stsim_view& view, const stsim_plan& plan) {
    std::uint64_t overdrawn = 0;
    std::uint64_t acts = 0;
    if (!send(child.descriptor(), decide_message(view))) {
      return child.end();
    }
    while (true) {
      bool late{};
      auto message = receive(child.descriptor(), kPatience, late);
      if (!message) {
        if (late) {
          child.cut_off();
          return fmt::format("it has neither asked nor decided anything for {} s, and was ended",
                             kPatience.count() / 1000);
        }
        return child.end();
      }
      const Topic topic = message->topic();
      if (topic == Topic::Done) {
        return "";
      }
      if (noted(topic, *message, plan)) {
        if (++acts > view.budget + kOverdrawn) {
          child.cut_off();
          return "it goes on asking for acts, and was ended";
        }
        continue;
      }
      const auto answer = answered(topic, *message, view);
      overdrawn += *view.spent != 0 ? 1U : 0U;
      if (!answer || overdrawn > kOverdrawn) {
        child.cut_off();
        return answer ? "it goes on asking although its questions are used up, and was ended"
                      : "its process has sent what is no message";
      }
      if (!send(child.descriptor(), *answer)) {
        return child.end();
      }
    }
  }

  std::string library_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Child>> idle_;
};

/// The child's side of a decision: a view and a plan that pass everything on.
class Remote {
 public:
  Remote(int descriptor, Message decide) : descriptor_(descriptor), message_(std::move(decide)) {
    static_cast<void>(message_.topic());
    budget_ = static_cast<std::uint64_t>(message_.number());
    set_ = read_set(message_);
  }

  void decide(const stsim_policy& policy) {
    const stsim_view view = view_functions();
    const stsim_plan plan = plan_functions();
    policy.decide(&view, &plan);
    tell(Message(Topic::Done));
  }

 private:
  static Remote& of(void* host) { return *static_cast<Remote*>(host); }

  void tell(const Message& message) const {
    if (!send(descriptor_, message)) {
      _exit(1);  // nobody listens any more
    }
  }

  /// Asks, and gives the answer, which is kept: texts of it hold as long as the decision.
  Message& ask(const Message& question) {
    tell(question);
    bool late{};
    auto answer = receive(descriptor_, std::nullopt, late);
    if (!answer || answer->topic() != Topic::Answer) {
      _exit(1);
    }
    answers_.push_back(std::make_unique<Message>(*std::move(answer)));
    return *answers_.back();
  }
  std::int64_t ask_number(const Message& question) {
    Message& answer = ask(question);
    const std::int64_t out = answer.number();
    spent_ = answer.number32();
    return out;
  }
  stsim_text ask_text(const Message& question) {
    Message& answer = ask(question);
    const stsim_text out = answer.text();
    spent_ = answer.number32();
    return out;
  }

  stsim_view view_functions() {
    stsim_view out{};
    out.struct_size = sizeof out;
    out.host = this;
    out.set = &set_;
    out.budget = budget_;
    out.spent = &spent_;
    out.next = [](void* host, std::uint32_t pods, std::int64_t from) {
      return of(host).ask_number(Message(Topic::Next).put(std::int64_t{pods}).put(from));
    };
    out.previous = [](void* host, std::uint32_t pods, std::int64_t from) {
      return of(host).ask_number(Message(Topic::Previous).put(std::int64_t{pods}).put(from));
    };
    out.next_missing = [](void* host, std::uint32_t pods, std::int64_t from) {
      return of(host).ask_number(Message(Topic::NextMissing).put(std::int64_t{pods}).put(from));
    };
    out.previous_missing = [](void* host, std::uint32_t pods, std::int64_t from) {
      return of(host).ask_number(Message(Topic::PreviousMissing).put(std::int64_t{pods}).put(from));
    };
    out.count = [](void* host, std::uint32_t pods, std::int64_t first, std::int64_t last) {
      return of(host).ask_number(
          Message(Topic::Count).put(std::int64_t{pods}).put(first).put(last));
    };
    out.pod = [](void* host, std::int32_t ordinal, stsim_pod* pod) {
      Message& answer = of(host).ask(Message(Topic::Pod).put(std::int64_t{ordinal}));
      const std::int32_t there = answer.number32();
      if (there != 0) {
        read_pod(answer, *pod);
      }
      of(host).spent_ = answer.number32();
      return there;
    };
    out.needs = [](void* host, std::int32_t ordinal) {
      return static_cast<std::uint32_t>(
          of(host).ask_number(Message(Topic::Needs).put(std::int64_t{ordinal})));
    };
    out.feature = [](void* host, stsim_text gate) {
      return static_cast<std::int32_t>(of(host).ask_number(Message(Topic::Feature).put(gate)));
    };
    out.annotation = [](void* host, stsim_text name) {
      return of(host).ask_text(Message(Topic::Annotation).put(name));
    };
    out.label = [](void* host, std::int32_t ordinal, stsim_text name) {
      return of(host).ask_text(Message(Topic::Label).put(std::int64_t{ordinal}).put(name));
    };
    out.field = [](void* host, stsim_text pointer) {
      return of(host).ask_text(Message(Topic::Field).put(pointer));
    };
    out.can_change_in_place = [](void* host, std::int32_t ordinal) {
      return static_cast<std::int32_t>(
          of(host).ask_number(Message(Topic::CanChangeInPlace).put(std::int64_t{ordinal})));
    };
    out.state = [](void* host) { return of(host).ask_text(Message(Topic::State)); };
    return out;
  }

  stsim_plan plan_functions() {
    stsim_plan out{};
    out.struct_size = sizeof out;
    out.host = this;
    out.batch = [](void* host) { of(host).tell(Message(Topic::Batch)); };
    out.create = [](void* host,
                    std::int32_t ordinal,
                    std::uint32_t revision,
                    stsim_counts counts,
                    stsim_text why,
                    stsim_text rule) {
      of(host).tell(Message(Topic::Create)
                        .put(std::int64_t{ordinal})
                        .put(std::int64_t{revision})
                        .put(counts)
                        .put(why)
                        .put(rule));
    };
    out.remove = [](void* host,
                    std::int32_t ordinal,
                    std::int32_t gone_is_fine,
                    stsim_counts counts,
                    stsim_text why,
                    stsim_text rule) {
      of(host).tell(Message(Topic::Remove)
                        .put(std::int64_t{ordinal})
                        .put(std::int64_t{gone_is_fine})
                        .put(counts)
                        .put(why)
                        .put(rule));
    };
    out.recreate = [](void* host,
                      std::int32_t ordinal,
                      std::uint32_t revision,
                      std::int32_t create,
                      stsim_counts counts,
                      stsim_text why,
                      stsim_text rule) {
      of(host).tell(Message(Topic::Recreate)
                        .put(std::int64_t{ordinal})
                        .put(std::int64_t{revision})
                        .put(std::int64_t{create})
                        .put(counts)
                        .put(why)
                        .put(rule));
    };
    out.change_in_place = [](void* host,
                             std::int32_t ordinal,
                             stsim_counts counts,
                             stsim_text why,
                             stsim_text rule) {
      of(host).tell(
          Message(Topic::ChangeInPlace).put(std::int64_t{ordinal}).put(counts).put(why).put(rule));
    };
    out.complete_claims = [](void* host, std::int32_t ordinal) {
      of(host).tell(Message(Topic::CompleteClaims).put(std::int64_t{ordinal}));
    };
    out.repair = [](void* host, std::int32_t ordinal) {
      of(host).tell(Message(Topic::Repair).put(std::int64_t{ordinal}));
    };
    out.give_owners = [](void* host, std::int32_t ordinal) {
      of(host).tell(Message(Topic::GiveOwners).put(std::int64_t{ordinal}));
    };
    out.wait = [](void* host, std::int64_t ordinal, stsim_text why, stsim_text rule) {
      of(host).tell(Message(Topic::Wait).put(ordinal).put(why).put(rule));
    };
    out.again = [](void* host, std::int64_t after_us, std::int32_t finds_more) {
      of(host).tell(Message(Topic::Again).put(after_us).put(std::int64_t{finds_more}));
    };
    out.count = [](void* host) { of(host).tell(Message(Topic::CountNow)); };
    out.completes_with = [](void* host, std::int64_t wanted) {
      of(host).tell(Message(Topic::CompletesWith).put(wanted));
    };
    out.keep = [](void* host, stsim_text state) { of(host).tell(Message(Topic::Keep).put(state)); };
    out.fail = [](void* host, stsim_text why) { of(host).tell(Message(Topic::Fail).put(why)); };
    return out;
  }

  int descriptor_;
  Message message_;
  std::uint64_t budget_{};
  stsim_set set_{};
  std::int32_t spent_{};
  std::vector<std::unique_ptr<Message>> answers_;
};

}  // namespace

Result<std::unique_ptr<const Policy>, std::string> isolated(std::string name, std::string library) {
  std::unique_ptr<Child> child = start(library);
  if (!child) {
    return tl::unexpected(std::string("no process could be started for it"));
  }
  bool late{};
  auto first = receive(child->descriptor(), kPatience, late);
  if (!first) {
    return tl::unexpected(late ? std::string("its process does not answer") : child->end());
  }
  if (first->topic() != Topic::About) {
    const stsim_text why = first->text();
    return tl::unexpected(std::string(why.data == nullptr ? "" : why.data, why.size));
  }
  About about;
  const stsim_text description = first->text();
  about.description.assign(description.data, description.size);
  const auto minor = first->number32();
  const auto patch = first->number32();
  if (minor > 0) {
    about.release = Release{minor, patch};
  }
  about.own_order = first->number() != 0;
  return std::make_unique<const IsolatedPolicy>(
      std::move(name), std::move(about), std::move(library), std::move(child));
}

int serve_isolated(const std::string& path) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever asks may end without a word
  const auto library = open_library(path);
  if (!library) {
    static_cast<void>(send(kChildDescriptor, Message(Topic::Failed).put(library.error())));
    return 1;
  }
  const Release release = library->about.release.value_or(Release{0, 0});
  static_cast<void>(send(kChildDescriptor,
                         Message(Topic::About)
                             .put(library->about.description)
                             .put(std::int64_t{release.minor})
                             .put(std::int64_t{release.patch})
                             .put(std::int64_t{library->about.own_order})));
  bool late{};
  while (auto message = receive(kChildDescriptor, std::nullopt, late)) {
    Remote(kChildDescriptor, *std::move(message)).decide(*library->policy);
  }
  return 0;
}

}  // namespace stsim::policy
