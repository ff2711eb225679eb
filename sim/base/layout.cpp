#include <stsim/base/layout.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace stsim {

namespace {

/// A character as it stands in a text.
struct Glyph {
  std::string_view bytes;
  char32_t code{};
  std::size_t width{};
};

/// The first characters of ranges that take two columns, and their last ones: East Asian Width W
/// and F of Unicode, neighbouring ranges joined.
constexpr std::array<std::pair<char32_t, char32_t>, 13> kWide{{
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1FAFF},
    {0x20000, 0x3FFFD},
}};
/// Those that take none.
constexpr std::array<std::pair<char32_t, char32_t>, 4> kNone{{
    {0x0000, 0x001F},
    {0x0300, 0x036F},
    {0x200B, 0x200F},
    {0xFE00, 0xFE0F},
}};

constexpr std::u32string_view kClosing = U"，。、；：！？）》」』】〕”’…,.;:!?)]}";
constexpr std::u32string_view kOpening = U"（《「『【〔“‘([{";

template <std::size_t N>
bool within(const std::array<std::pair<char32_t, char32_t>, N>& ranges, char32_t code) {
  return std::ranges::any_of(
      ranges, [code](const auto& range) { return code >= range.first && code <= range.second; });
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0xC0) {
    return 1;
  }
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The escape sequence, or character, that a text begins with. Pre: there is one.
Glyph next_glyph(std::string_view text) {
  if (text.starts_with("\x1b[")) {
    const std::size_t end = text.find('m');
    return {text.substr(0, end == std::string_view::npos ? end : end + 1), 0x1B, 0};
  }
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = std::min(sequence_length(lead), text.size());
  char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const std::size_t width = within(kNone, code) ? 0 : within(kWide, code) ? 2 : 1;
  return {text.substr(0, length), code, width};
}

std::vector<Glyph> glyphs_of(std::string_view text) {
  std::vector<Glyph> out;
  while (!text.empty()) {
    out.push_back(next_glyph(text));
    text.remove_prefix(out.back().bytes.size());
  }
  return out;
}

/// Whether a line may end between two characters without a blank between them.
bool may_break(const Glyph& before, const Glyph& after) {
  return (before.width == 2 || after.width == 2) &&
         kClosing.find(after.code) == std::u32string_view::npos &&
         kOpening.find(before.code) == std::u32string_view::npos;
}

/// What must stay together, and how many blanks stand before it.
struct Piece {
  std::string text;
  std::size_t width{};
  std::size_t blanks{};
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  std::size_t blanks = 0;
  const Glyph* before = nullptr;
  const std::vector<Glyph> glyphs = glyphs_of(text);
  for (const Glyph& glyph : glyphs) {
    if (glyph.code == U' ' || glyph.code == U'\n') {
      ++blanks;
      continue;
    }
    if (before == nullptr || blanks > 0 || may_break(*before, glyph)) {
      out.push_back({"", 0, before == nullptr ? 0 : blanks});
    }
    out.back().text += glyph.bytes;
    out.back().width += glyph.width;
    blanks = 0;
    before = &glyph;
  }
  return out;
}

/// Pieces in lines. Each but the first begins with `indent`.
std::string set(const std::vector<Piece>& pieces, std::size_t width, std::string_view indent) {
  std::string out;
  std::size_t column = 0;
  for (const Piece& piece : pieces) {
    if (column > 0 && column + piece.blanks + piece.width > width) {
      out += "\n";
      out += indent;
      column = columns(indent);
    } else if (column > 0) {
      out.append(piece.blanks, ' ');
      column += piece.blanks;
    }
    out += piece.text;
    column += piece.width;
  }
  return out;
}

/// Lines of Chinese text that are joined have no blank between them.
void join(std::string& paragraph, std::string_view line) {
  if (!paragraph.empty()) {
    const std::vector<Glyph> before = glyphs_of(paragraph);
    const bool wide = before.back().width == 2 && next_glyph(line).width == 2;
    paragraph += wide ? "" : "\n";
  }
  paragraph += line;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t out = 0;
  for (const Glyph& glyph : glyphs_of(text)) {
    out += glyph.width;
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) {
      out += set(pieces_of(paragraph), width, indent) + "\n";
      paragraph.clear();
    }
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with("  ")) {
      end_paragraph();
      out += line;
      out += "\n";
    } else {
      join(paragraph, line);
    }
  }
  end_paragraph();
  return out;
}

std::string folded(std::string_view line, std::size_t width, std::size_t indent) {
  if (columns(line) <= width || indent >= width) {
    return std::string(line);
  }
  // What leads the line, blanks between words included, stays as it is.
  std::size_t at = 0;
  std::size_t column = 0;
  while (at < line.size() && column < indent) {
    const Glyph glyph = next_glyph(line.substr(at));
    at += glyph.bytes.size();
    column += glyph.width;
  }
  const std::string blanks(indent, ' ');
  std::string rest = set(pieces_of(line.substr(at)), width - indent, "");
  std::string out(line.substr(0, at));
  for (const char c : rest) {
    out += c;
    if (c == '\n') {
      out += blanks;
    }
  }
  return out;
}

}  // namespace stsim
