// The address sanitizer keeps freed memory for a while, by default 256 MiB of it. A little is kept
// here, so that a limit on the fuzzer's memory is one on what the project needs.
extern "C" const char* __asan_default_options() {
  return "quarantine_size_mb=4:malloc_context_size=2";
}
