// Runs jobs in the order in which they were submitted.
#include "engine.h"

#include <chrono>

namespace cajal {
namespace {

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Engine::Engine(const InstructionSet& instruction_set, int threads, Done done, void* context)
    : instruction_set_(instruction_set), done_(done), context_(context), pool_(new ThreadPool) {
  pool_->open(threads);
  for (int worker = 1; worker < threads; worker++) {
    helpers_.emplace_back([pool = pool_.get(), worker] { pool->help(worker); });
  }
  thread_ = std::thread([this] { serve(); });
}

Engine::~Engine() { stop(); }

CajalStatus Engine::check(LoadedProgram* program, ProgramFault* fault) {
  return check_program(program->words.data(), static_cast<int64_t>(program->words.size()), instruction_set_.kernels(),
                       program->batch_capacity, pool_.get(), &program->needs, fault);
}

void Engine::submit(std::unique_ptr<Job> job) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  has_job_.notify_one();
}

void Engine::stop() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    __atomic_store_n(&is_stopping_, 1, __ATOMIC_SEQ_CST);
  }
  has_job_.notify_one();
  thread_.join();
  pool_->close();
  for (std::thread& helper : helpers_) helper.join();
}

void Engine::serve() {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      has_job_.wait(lock, [this] { return is_stopping_ != 0 || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    if (job->program) {
      run(job.get());
    } else {
      measure(job.get());
    }
    done_(context_, job.release());
  }
}

void Engine::measure(Job* job) {
  const Memory memory(static_cast<size_t>(kPeakBytes));
  if (!memory.data()) {
    job->status = kCajalNoScratch;
    return;
  }
  const Peak peak = measure_peak(*instruction_set_.gauges(), pool_.get(), memory.data(), now_ms);
  job->answer = {peak.gflops, peak.gb_per_second};
}

void Engine::run(Job* job) { run(job, &scratch_, pool_.get()); }

void Engine::run_here(Job* job) { run(job, &scratch_here_, &one_thread_); }

void Engine::run(Job* job, std::unique_ptr<Memory>* scratch, Parallel* parallel) {
  const int64_t scratch_bytes = job->program->needs.scratch_bytes;
  if (!*scratch || static_cast<int64_t>((*scratch)->bytes()) < scratch_bytes) {
    scratch->reset();
    *scratch = std::make_unique<Memory>(static_cast<size_t>(scratch_bytes));
    if (!(*scratch)->data()) {
      scratch->reset();
      job->status = kCajalNoScratch;
      return;
    }
  }
  const Profile profile = {job->answer.data(), now_ms};
  const CajalRegions regions = {job->arena->data(), job->variables->data(), job->scalars->data()};
  job->status = run_program(job->program->words.data(), regions, job->batch, instruction_set_.kernels(),
                            (*scratch)->data(), scratch_bytes, parallel,
                            job->answer.empty() ? nullptr : &profile, &is_stopping_);
}

}  // namespace cajal
