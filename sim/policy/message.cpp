#include "policy/message.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace stsim::policy {

Message& Message::put(std::int64_t number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes_.append(raw, sizeof raw);
  return *this;
}

Message& Message::put(stsim_text text) {
  put(text.data == nullptr ? -1 : static_cast<std::int64_t>(text.size));
  if (text.data != nullptr) {
    bytes_.append(text.data, text.size);
  }
  return *this;
}

Message& Message::put(stsim_counts counts) {
  return put(std::int64_t{counts.replicas})
      .put(std::int64_t{counts.current})
      .put(std::int64_t{counts.updated});
}

std::int64_t Message::number() {
  std::int64_t out{};
  if (bytes_.size() - at_ >= sizeof out) {
    std::memcpy(&out, bytes_.data() + at_, sizeof out);
    at_ += sizeof out;
  }
  return out;
}

stsim_text Message::text() {
  const std::int64_t size = number();
  if (size < 0 || static_cast<std::size_t>(size) > bytes_.size() - at_) {
    return {};
  }
  const stsim_text out{bytes_.data() + at_, static_cast<std::uint64_t>(size)};
  at_ += out.size;
  return out;
}

stsim_counts Message::counts() {
  stsim_counts out{};
  out.replicas = number32();
  out.current = number32();
  out.updated = number32();
  return out;
}

bool send(int descriptor, const Message& message) {
  const auto size = static_cast<std::uint64_t>(message.bytes().size());
  std::string all(reinterpret_cast<const char*>(&size), sizeof size);
  all += message.bytes();
  for (std::size_t sent = 0; sent < all.size();) {
    const ssize_t more = ::send(descriptor, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
    if (more < 0 && errno == EINTR) {
      continue;
    }
    if (more <= 0) {
      return false;
    }
    sent += static_cast<std::size_t>(more);
  }
  return true;
}

namespace {

/// Reads so many bytes. Returns whether they came.
bool read_all(int descriptor,
              char* to,
              std::size_t size,
              std::optional<std::chrono::milliseconds> limit,
              bool& late) {
  while (size > 0) {
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = poll(&waiting, 1, limit ? static_cast<int>(limit->count()) : -1);
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready == 0) {
      late = true;
      return false;
    }
    const ssize_t more = ready < 0 ? -1 : read(descriptor, to, size);
    if (more < 0 && errno == EINTR) {
      continue;
    }
    if (more <= 0) {
      return false;
    }
    to += more;
    size -= static_cast<std::size_t>(more);
  }
  return true;
}

}  // namespace

std::optional<Message> receive(int descriptor,
                               std::optional<std::chrono::milliseconds> limit,
                               bool& late) {
  constexpr std::uint64_t kLongest = std::uint64_t{1} << 26U;  // what no decision is about
  late = false;
  std::uint64_t size{};
  if (!read_all(descriptor, reinterpret_cast<char*>(&size), sizeof size, limit, late) ||
      size > kLongest) {
    return std::nullopt;
  }
  std::string bytes(size, '\0');
  if (!read_all(descriptor, bytes.data(), size, limit, late)) {
    return std::nullopt;
  }
  return Message(std::move(bytes));
}

}  // namespace stsim::policy
