// The engine of one JavaScript environment: a thread of its own that runs programs one after another, and its helpers.
// Knows nothing of JavaScript.
#ifndef CAJAL_ENGINE_H
#define CAJAL_ENGINE_H

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "../runtime/dispatch.h"
#include "../runtime/peak.h"
#include "../runtime/program.h"
#include "../runtime/thread_pool.h"
#include "memory.h"

namespace cajal {

// A checked program.
struct LoadedProgram {
  std::vector<int32_t> words;
  ProgramNeeds needs;
  int64_t batch_capacity;
};

// One run, or without a program a measurement of the machine's peak. It owns a share of everything it touches, so that
// programs and memory may be dropped while it runs.
struct Job {
  std::shared_ptr<const LoadedProgram> program;
  std::shared_ptr<Memory> arena, variables, scalars;
  int64_t batch;
  std::vector<double> answer;  // milliseconds of instructions (empty: not wanted); GFLOP/s and GB/s of a measurement
  CajalStatus status = kCajalOk;
  void* caller = nullptr;  // for whoever is told that the job is done
};

class Engine {
 public:
  using Done = void (*)(void* context, Job* job);

  // `done` is called on the engine's thread after each job, with the job to take over.
  Engine(const InstructionSet& instruction_set, int threads, Done done, void* context);
  ~Engine();

  CajalStatus check(LoadedProgram* program, ProgramFault* fault);
  void submit(std::unique_ptr<Job> job);
  // Runs a job's program now, on the caller's thread alone, beside whatever the engine's own thread is doing. Only
  // JavaScript's thread may call it.
  void run_here(Job* job);
  // Ends the run in progress after its current instruction, throws away waiting ones, and joins all threads.
  void stop();

  int threads() const { return pool_->threads; }
  const InstructionSet& instruction_set() const { return instruction_set_; }
  uint64_t tiles_run(int worker) const { return pool_->tiles_run(worker); }

 private:
  void serve();
  void run(Job* job);
  void run(Job* job, std::unique_ptr<Memory>* scratch, Parallel* parallel);
  void measure(Job* job);

  const InstructionSet& instruction_set_;
  const Done done_;
  void* const context_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<Memory> scratch_, scratch_here_;
  OneThread one_thread_;
  std::mutex mutex_;
  std::condition_variable has_job_;
  std::deque<std::unique_ptr<Job>> jobs_;
  uint32_t is_stopping_ = 0;
  std::vector<std::thread> helpers_;
  std::thread thread_;
};

}  // namespace cajal

#endif
