// The door between JavaScript and the engine in WebAssembly. The module is instantiated once in the worker that runs
// programs, once in each helping worker and once where the backend was opened, all over one memory, and once more, over
// a small memory of its own, where programs are checked. Places in memory are chosen by JavaScript.
#include "../runtime/dispatch.h"
#include "../runtime/peak.h"
#include "../runtime/program.h"
#include "../runtime/thread_pool.h"

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

extern "C" __attribute__((import_module("env"), import_name("now_ms"))) double now_ms();

namespace {

cajal::ThreadPool pool;

const cajal::KernelRow* kernels() { return cajal::instruction_sets()[0].kernels(); }

}  // namespace

// Before anything else, once per memory.
EXPORT(cajal_open) void cajal_open(int threads) { pool.open(threads); }

// The life of a helping worker.
EXPORT(cajal_help) void cajal_help(int worker) { pool.help(worker); }

EXPORT(cajal_tiles_run) double cajal_tiles_run(int worker) { return static_cast<double>(pool.tiles_run(worker)); }

// `answer` gets the bytes of arena, variables, scalars and scratch, then instruction, opcode and the address of the
// reason of a refusal: seven numbers.
EXPORT(cajal_check)
int cajal_check(const int32_t* words, int word_count, int batch_capacity, double* answer) {
  cajal::ProgramNeeds needs;
  cajal::ProgramFault fault;
  const CajalStatus status =
      cajal::check_program(words, word_count, kernels(), batch_capacity, &pool, &needs, &fault);
  for (int region = 0; region < 3; region++) answer[region] = static_cast<double>(needs.region_bytes[region]);
  answer[3] = static_cast<double>(needs.scratch_bytes);
  answer[4] = fault.instruction;
  answer[5] = fault.opcode;
  answer[6] = static_cast<double>(reinterpret_cast<uintptr_t>(fault.reason));
  return status;
}

// `memory` has cajal_peak_bytes(); its content is lost. `answer` gets GFLOP/s and GB/s.
EXPORT(cajal_peak_bytes) double cajal_peak_bytes() { return static_cast<double>(cajal::kPeakBytes); }
EXPORT(cajal_measure_peak) void cajal_measure_peak(uint8_t* memory, double* answer) {
  const cajal::Peak peak = cajal::measure_peak(*cajal::instruction_sets()[0].gauges(), &pool, memory, now_ms);
  answer[0] = peak.gflops;
  answer[1] = peak.gb_per_second;
}

// `instruction_ms` may be null.
EXPORT(cajal_run)
int cajal_run(const int32_t* words, uint8_t* arena, uint8_t* variables, uint8_t* scalars, int batch, uint8_t* scratch,
              uint32_t scratch_bytes, double* instruction_ms) {
  const cajal::Profile profile = {instruction_ms, now_ms};
  return cajal::run_program(words, {arena, variables, scalars}, batch, kernels(), scratch, scratch_bytes, &pool,
                            instruction_ms ? &profile : nullptr, nullptr);
}

// The same on this thread alone, which never waits: pages forbid their own thread to. It may run beside the workers.
EXPORT(cajal_run_here)
int cajal_run_here(const int32_t* words, uint8_t* arena, uint8_t* variables, uint8_t* scalars, int batch,
                   uint8_t* scratch, uint32_t scratch_bytes) {
  cajal::OneThread one_thread;
  return cajal::run_program(words, {arena, variables, scalars}, batch, kernels(), scratch, scratch_bytes, &one_thread,
                            nullptr, nullptr);
}
