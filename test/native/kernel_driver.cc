// A process that runs programs with the kernels that are linked into it: those of other processors under an emulator, and
// those that a sanitizer watches. test/support/driver-backend.ts is the other end.
//
//   kernel_driver                 prints the instruction sets that it can run
//   kernel_driver SET THREADS     answers requests until its input ends
//
// A request: six float64 (word count, batch capacity, batch, bytes of arena, variables and scalars), then the words and
// the three regions. An answer: four float64 (status, instruction that was refused, bytes of the reason, tiles of work
// so far), then the reason, the arena and the variables.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "../../native/runtime/dispatch.h"
#include "../../native/runtime/program.h"
#include "../../native/runtime/thread_pool.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, bytes) static_cast<void>(bytes)
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) static_cast<void>(bytes)
#endif

namespace {

using namespace cajal;

// Memory of exactly so many bytes, full of NaN: what lies next to it belongs to nobody.
struct Block {
  explicit Block(int64_t size) : bytes(static_cast<size_t>(size)) {
    void* start = nullptr;
    if (posix_memalign(&start, kCajalAlignment, bytes == 0 ? 1 : bytes) != 0) std::abort();
    data = static_cast<uint8_t*>(start);
    std::memset(data, 0xff, bytes);
  }
  Block(const Block&) = delete;
  ~Block() { std::free(data); }

  uint8_t* data;
  size_t bytes;
};

// False where the input has ended.
bool receive(void* to, size_t bytes) { return std::fread(to, 1, bytes, stdin) == bytes; }
void send(const void* from, size_t bytes) {
  if (std::fwrite(from, 1, bytes, stdout) != bytes) std::exit(1);
}

// Allows access to what the operands of a checked program cover and to nothing between them.
void allow_operands_only(const std::vector<int32_t>& words, const Block* regions, int64_t batch) {
  constexpr int kOperandWords = 4 + kCajalMaxRank;
  for (int region = 0; region < 3; region++) ASAN_POISON_MEMORY_REGION(regions[region].data, regions[region].bytes);
  const int32_t* at = words.data() + 3;
  for (int32_t index = 0; index < words[2]; index++, at += at[0]) {
    for (int32_t operand = 0; operand < at[2] + at[3]; operand++) {
      const int32_t* head = at + 5 + operand * kOperandWords;
      size_t bytes = head[1] == kUint8 ? 1 : 4;
      for (int axis = 0; axis < head[3]; axis++) bytes *= static_cast<size_t>(head[4 + axis] == -1 ? batch : head[4 + axis]);
      ASAN_UNPOISON_MEMORY_REGION(regions[head[0]].data + int64_t{head[2]} * kCajalAlignment, bytes);
    }
  }
}

CajalStatus run(const std::vector<int32_t>& words, const Block* regions, int64_t capacity, int64_t batch,
                const KernelRow* kernels, ThreadPool* pool, ProgramFault* fault) {
  ProgramNeeds most, needs;
  const auto count = static_cast<int64_t>(words.size());
  CajalStatus status = check_program(words.data(), count, kernels, capacity, pool, &most, fault);
  if (status == kCajalOk) status = check_program(words.data(), count, kernels, batch, pool, &needs, fault);
  if (status != kCajalOk) return status;
  if (needs.scratch_bytes > most.scratch_bytes) return kCajalNoScratch;
  for (int region = 0; region < 3; region++) {
    if (static_cast<int64_t>(regions[region].bytes) < most.region_bytes[region]) return kCajalBadProgram;
  }
  const Block scratch(needs.scratch_bytes);
  allow_operands_only(words, regions, batch);
  status = run_program(words.data(), {regions[0].data, regions[1].data, regions[2].data}, batch, kernels, scratch.data,
                       needs.scratch_bytes, pool, nullptr, nullptr);
  for (int region = 0; region < 3; region++) ASAN_UNPOISON_MEMORY_REGION(regions[region].data, regions[region].bytes);
  return status;
}

void serve(const KernelRow* kernels, ThreadPool* pool) {
  double request[6];
  while (receive(request, sizeof(request))) {
    std::vector<int32_t> words(static_cast<size_t>(request[0]));
    const Block regions[3] = {Block(static_cast<int64_t>(request[3])), Block(static_cast<int64_t>(request[4])),
                              Block(static_cast<int64_t>(request[5]))};
    if (!receive(words.data(), words.size() * sizeof(int32_t))) std::exit(1);
    for (const Block& region : regions) {
      if (!receive(region.data, region.bytes)) std::exit(1);
    }
    ProgramFault fault = {-1, -1, nullptr};
    const CajalStatus status = run(words, regions, static_cast<int64_t>(request[1]), static_cast<int64_t>(request[2]),
                                   kernels, pool, &fault);
    const char* reason = fault.reason ? fault.reason : "";
    double tiles = 0;
    for (int worker = 0; worker < pool->threads; worker++) tiles += static_cast<double>(pool->tiles_run(worker));
    const double answer[4] = {static_cast<double>(status), static_cast<double>(fault.instruction),
                              static_cast<double>(std::strlen(reason)), tiles};
    send(answer, sizeof(answer));
    send(reason, std::strlen(reason));
    send(regions[0].data, regions[0].bytes);
    send(regions[1].data, regions[1].bytes);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  const InstructionSet* set = instruction_sets();
  if (argument_count < 3) {
    for (; set->name; set++) {
      if (set->is_supported()) std::printf("%s\n", set->name);
    }
    return 0;
  }
  while (set->name && std::strcmp(set->name, arguments[1]) != 0) set++;
  const int threads = std::atoi(arguments[2]);
  if (!set->name || !set->is_supported() || threads < 1 || threads > kMaxThreads) return 2;
  const auto pool = std::make_unique<ThreadPool>();
  pool->open(threads);
  std::vector<std::thread> helpers;
  for (int worker = 1; worker < threads; worker++) helpers.emplace_back([&pool, worker] { pool->help(worker); });
  serve(set->kernels(), pool.get());
  pool->close();
  for (std::thread& helper : helpers) helper.join();
  return 0;
}
