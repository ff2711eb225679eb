#pragma once
// A run in the formats of tools that people have already. All of them are functions of the run: the
// same run gives the same bytes.

#include <stsim/scenario/log.hpp>

#include <string>
#include <string_view>

namespace stsim::report {

/// A trace for https://ui.perfetto.dev, in its binary format: the steps; of each StatefulSet its
/// pods as tracks by ordinal, and its counts as the API tells them; controllers' syncs as instants
/// with what they did and waited for; and flows from causes to effects on other tracks. Time counts
/// from the beginning of the run.
/// https://perfetto.dev/docs/reference/trace-packet-proto
[[nodiscard]] std::string to_perfetto(const scenario::RunLog& log);

/// A value change dump for waveform viewers: of each set and ordinal whether the pod is ready, its
/// state and its revision, as numbers that stand in comments. IEEE 1364-2005, 18.2.
[[nodiscard]] std::string to_vcd(const scenario::RunLog& log);

/// A recorded terminal session for asciinema: prompts as they are typed, what happened and what was
/// printed, at virtual time; players cut what takes long.
/// https://docs.asciinema.org/manual/asciicast/v2/
[[nodiscard]] std::string to_asciicast(const scenario::RunLog& log, std::string_view name);

/// Traces of OpenTelemetry in the JSON encoding of its protocol: one trace, with spans for the
/// steps, for the lives of pods with their states as events, and for syncs with their calls as
/// events, which link to what caused them. Ids are digests of the run.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
[[nodiscard]] std::string to_otlp(const scenario::RunLog& log, std::string_view name);

}  // namespace stsim::report
