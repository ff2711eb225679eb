#include "api/yaml_data.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace stsim::api {

namespace {

constexpr std::size_t kShownLineMax = 300;

/// Columns beyond are counted in bytes: nobody counts that far, and the cost would add up.
constexpr int kCountedMax = 4096;

const YamlNode::Data& empty_data() {
  static const YamlNode::Data data;
  return data;
}

}  // namespace

YamlSource::YamlSource(std::string_view file, std::string_view text) : file_(file), text_(text) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      starts_.push_back(i + 1);
    }
  }
}

std::string_view YamlSource::line(int line) const {
  if (line < 1 || line > line_count()) {
    return {};
  }
  const auto index = static_cast<std::size_t>(line);
  const std::size_t begin = starts_[index - 1];
  const std::size_t end = index < starts_.size() ? starts_[index] - 1 : text_.size();
  std::string_view found = std::string_view(text_).substr(begin, end - begin);
  if (found.ends_with('\r')) {
    found.remove_suffix(1);
  }
  return found;
}

std::size_t YamlSource::offset(int line, int byte_column) const {
  return starts_[static_cast<std::size_t>(line) - 1] + static_cast<std::size_t>(byte_column) - 1;
}

std::string YamlSource::shown_line(int wanted) const {
  const std::string_view found = line(wanted);
  return found.size() > kShownLineMax ? std::string() : std::string(found);
}

SourceMark YamlSource::mark(int wanted, int byte_column) const {
  if (byte_column > kCountedMax) {
    return {file_, wanted, byte_column};
  }
  const std::string_view found = line(wanted);
  const auto bytes = std::min(found.size(), static_cast<std::size_t>(std::max(byte_column - 1, 0)));
  const auto continuations = std::ranges::count_if(found.substr(0, bytes), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  });
  return {file_, wanted, byte_column - static_cast<int>(continuations)};
}

YamlNode::YamlNode() : data_(std::shared_ptr<const Data>(), &empty_data()) {}

YamlNode::YamlNode(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

YamlNode::Type YamlNode::type() const {
  return data_->type;
}

YamlNode::Style YamlNode::style() const {
  return data_->style;
}

const std::string& YamlNode::text() const {
  return data_->text;
}

std::span<const YamlNode> YamlNode::items() const {
  return data_->items;
}

std::span<const YamlEntry> YamlNode::entries() const {
  return data_->entries;
}

SourceMark YamlNode::mark() const {
  return data_->source ? data_->source->mark(data_->line, data_->byte_column) : SourceMark{};
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto entries = data_->entries.rbegin();
  const auto found = std::find_if(entries, data_->entries.rend(), [key](const YamlEntry& entry) {
    return entry.key.is_scalar() && entry.key.text() == key;
  });
  return found == data_->entries.rend() ? nullptr : &found->value;
}

std::vector<const YamlEntry*> YamlNode::repeated_keys() const {
  std::vector<const YamlEntry*> found;
  std::set<const Data*> seen;
  add_repeated_keys(found, seen);
  return found;
}

void YamlNode::add_repeated_keys(std::vector<const YamlEntry*>& found,
                                 std::set<const Data*>& seen) const {
  // An alias leads to a tree that has been looked at.
  if (!seen.insert(data_.get()).second) {
    return;
  }
  for (const YamlNode& item : items()) {
    item.add_repeated_keys(found, seen);
  }
  std::set<std::string_view> keys;
  for (const YamlEntry& entry : entries()) {
    if (entry.key.is_scalar() && !keys.insert(entry.key.text()).second) {
      found.push_back(&entry);
    }
    entry.key.add_repeated_keys(found, seen);
    entry.value.add_repeated_keys(found, seen);
  }
}

UserError YamlNode::error(std::string message, std::string hint) const {
  if (!data_->source) {
    return {{}, std::move(message), std::move(hint), ""};
  }
  return {mark(), std::move(message), std::move(hint), data_->source->shown_line(data_->line)};
}

Result<std::vector<YamlNode>> load_yaml(std::string_view text,
                                        std::string_view file,
                                        const YamlLimits& limits) {
  const auto source = std::make_shared<const YamlSource>(file, text.substr(0, limits.bytes_max));
  const auto refuse = [&source, file](YamlFailure failure) {
    UserError error;
    error.mark = failure.line > 0 ? source->mark(failure.line, failure.byte_column)
                                  : SourceMark{std::string(file), 0, 0};
    error.message = std::move(failure.message);
    error.hint = std::move(failure.hint);
    error.source_line = source->shown_line(failure.line);
    return tl::unexpected(UserErrors{std::move(error)});
  };
  if (text.size() > limits.bytes_max) {
    YamlFailure failure;
    failure.message = "the file is longer than " + std::to_string(limits.bytes_max) + " bytes";
    return refuse(std::move(failure));
  }
  auto documents = build_documents(source, limits);
  if (!documents) {
    return refuse(std::move(documents.error()));
  }
  return std::move(*documents);
}

}  // namespace stsim::api
