#include <fmt/format.h>
#include <stsim/dns/resolver.hpp>

#include <algorithm>
#include <utility>

namespace stsim::dns {

namespace {

Record address_record(std::string name, std::string data) {
  Record out;
  out.name = std::move(name);
  out.data = std::move(data);
  out.time_to_live = {};
  return out;
}

bool from_files(const Client& client, std::string_view name, RecordType type, Answer& answer) {
  if (type != RecordType::A) {
    return false;
  }
  for (const HostsLine& line : client.hosts) {
    if (std::ranges::find(line.names, name) != line.names.end()) {
      answer.code = Code::NoError;
      answer.origin = Origin::HostsFile;
      answer.name = line.names.front();
      answer.records.push_back(address_record(answer.name, line.address));
      return true;
    }
  }
  return false;
}

/// The full names to try, in order. Rule: SD-30.
std::vector<std::string> candidates(const Client& client, std::string_view name) {
  if (name.ends_with('.')) {
    return {std::string(name.substr(0, name.size() - 1))};
  }
  std::vector<std::string> out;
  for (const std::string& domain : client.search) {
    out.push_back(fmt::format("{}.{}", name, domain));
  }
  const bool as_is_first = std::ranges::count(name, '.') >= client.ndots;
  out.insert(as_is_first ? out.begin() : out.end(), std::string(name));
  return out;
}

}  // namespace

Ask noting(Ask ask, std::vector<RecordType> types, std::vector<std::string>& notes) {
  return [ask = std::move(ask), types = std::move(types), &notes](std::string_view name,
                                                                  RecordType type) {
    Reply reply = ask(name, type);
    if (std::ranges::find(types, type) != types.end()) {
      std::string what;
      for (const Record& record : reply.records) {
        what += (what.empty() ? "" : ", ") + record.data;
      }
      if (what.empty()) {
        what = reply.code == Code::NxDomain ? "there is no such name" : "no such record";
      }
      const auto whole = [](SimDuration time) {
        return to_go_string(std::chrono::duration_cast<std::chrono::seconds>(time));
      };
      const std::string age =
          reply.age == SimDuration{} ? "" : fmt::format(", {} old", whole(reply.age));
      const SimDuration good =
          reply.records.empty() ? reply.time_to_live : reply.records.front().time_to_live;
      notes.push_back(fmt::format("{} {}: {}, from {}{}, good for {}",
                                  name,
                                  to_string(type),
                                  what,
                                  reply.from,
                                  age,
                                  whole(good)));
    }
    return reply;
  };
}

Answer resolve(const Client& client, std::string_view name, RecordType type, const Ask& ask) {
  Answer out;
  out.name = name;
  if (is_address(name)) {
    out.code = Code::NoError;
    out.origin = Origin::Literal;
    if (type == RecordType::A) {
      out.records.push_back(address_record(out.name, out.name));
    }
    return out;
  }
  if (from_files(client, name, type, out)) {
    return out;
  }
  if (client.servers.empty()) {
    return out;
  }
  out.origin = Origin::Server;
  for (std::string& candidate : candidates(client, name)) {
    Reply reply = ask(candidate, type);
    out.asked.push_back({candidate, reply.code, reply.records.size()});
    if (!reply.records.empty()) {
      out.code = Code::NoError;
      out.name = std::move(candidate);
      out.records = std::move(reply.records);
      return out;
    }
    // That a name exists without such a record is remembered, and the search goes on.
    if (reply.code == Code::NoError && out.code == Code::NxDomain) {
      out.code = Code::NoError;
      out.name = std::move(candidate);
    }
  }
  return out;
}

std::string name_of(const Client& client, std::string_view address, const Ask& ask) {
  for (const HostsLine& line : client.hosts) {
    if (line.address == address && !line.names.empty()) {
      return line.names.front();
    }
  }
  if (client.servers.empty()) {
    return "";
  }
  const std::string reverse = reverse_name(address);
  const Reply reply = reverse.empty() ? Reply{} : ask(reverse, RecordType::PTR);
  return reply.records.empty() ? "" : reply.records.front().data;
}

}  // namespace stsim::dns
