// The door between Node and the engine, in plain Node-API. Everything JavaScript holds is an external around a shared
// pointer; a run in progress holds shares of its own, so whatever is dropped in the middle of a step outlives the step.
// No state outside of these objects: the addon may be loaded by any number of worker threads.
#include <node_api.h>

#include <cstring>
#include <string>

#include "engine.h"

namespace {

using cajal::Engine;
using cajal::InstructionSet;
using cajal::Job;
using cajal::LoadedProgram;
using cajal::Memory;

// Arguments come from src/backends/native only, which has checked them: failures here are bugs, and end as exceptions.
#define CHECK(call)                                                       \
  do {                                                                    \
    if ((call) != napi_ok) {                                              \
      napi_throw_error(env, nullptr, "cajal addon: unexpected " #call);   \
      return nullptr;                                                     \
    }                                                                     \
  } while (0)

// An engine with its way back into JavaScript.
struct Instance {
  napi_env env;
  napi_threadsafe_function answer = nullptr;
  std::unique_ptr<Engine> engine;
  int runs_in_progress = 0;

  ~Instance() {
    if (!engine) return;
    napi_remove_env_cleanup_hook(env, stop, this);
    stop(this);
  }

  // Also runs when the environment ends: before Node closes the thread-safe function, which was created earlier.
  static void stop(void* self) {
    auto* instance = static_cast<Instance*>(self);
    if (!instance->engine) return;
    instance->engine->stop();
    instance->engine.reset();
    napi_release_threadsafe_function(instance->answer, napi_tsfn_release);
  }
};

// What a job needs to answer: its promise.
struct Call {
  std::shared_ptr<Instance> instance;
  napi_deferred promise;
};

template <typename T>
void release(napi_env, void* data, void*) {
  delete static_cast<std::shared_ptr<T>*>(data);
}

template <typename T>
napi_value wrap(napi_env env, std::shared_ptr<T> value) {
  auto* held = new std::shared_ptr<T>(std::move(value));
  napi_value result;
  if (napi_create_external(env, held, release<T>, nullptr, &result) == napi_ok) return result;
  delete held;
  napi_throw_error(env, nullptr, "cajal addon: could not create an object");
  return nullptr;
}

template <typename T>
std::shared_ptr<T> unwrap(napi_env env, napi_value value) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || !data) return nullptr;
  return *static_cast<std::shared_ptr<T>*>(data);
}

template <size_t N>
bool arguments(napi_env env, napi_callback_info info, napi_value (&values)[N]) {
  size_t count = N;
  return napi_get_cb_info(env, info, &count, values, nullptr, nullptr) == napi_ok && count == N;
}

// instructionSets(): [name, isSupported][], slowest first.
napi_value instruction_sets(napi_env env, napi_callback_info) {
  napi_value list;
  CHECK(napi_create_array(env, &list));
  uint32_t index = 0;
  for (const InstructionSet* set = cajal::instruction_sets(); set->name; set++) {
    napi_value pair, name, is_supported;
    CHECK(napi_create_array_with_length(env, 2, &pair));
    CHECK(napi_create_string_utf8(env, set->name, NAPI_AUTO_LENGTH, &name));
    CHECK(napi_get_boolean(env, set->is_supported(), &is_supported));
    CHECK(napi_set_element(env, pair, 0, name));
    CHECK(napi_set_element(env, pair, 1, is_supported));
    CHECK(napi_set_element(env, list, index++, pair));
  }
  return list;
}

const char* text_of(CajalStatus status);

// On JavaScript's thread, after a run; without an environment where that has ended.
void answer_run(napi_env env, napi_value, void*, void* data) {
  std::unique_ptr<Job> job(static_cast<Job*>(data));
  std::unique_ptr<Call> call(static_cast<Call*>(job->caller));
  if (!env) return;
  Instance& instance = *call->instance;
  if (--instance.runs_in_progress == 0 && instance.engine) napi_unref_threadsafe_function(env, instance.answer);
  napi_value result;
  if (job->status != kCajalOk) {
    napi_value message;
    napi_create_string_utf8(env, text_of(job->status), NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, nullptr, message, &result);
    napi_reject_deferred(env, call->promise, result);
    return;
  }
  napi_get_undefined(env, &result);
  if (!job->answer.empty()) {
    void* bytes = nullptr;
    napi_value buffer;
    const size_t count = job->answer.size();
    napi_create_arraybuffer(env, count * sizeof(double), &bytes, &buffer);
    std::memcpy(bytes, job->answer.data(), count * sizeof(double));
    napi_create_typedarray(env, napi_float64_array, count, buffer, 0, &result);
  }
  napi_resolve_deferred(env, call->promise, result);
}

// On the engine's thread. The function is released only after that thread was joined, so the call arrives.
void pass_on(void* context, Job* job) {
  napi_call_threadsafe_function(static_cast<Instance*>(context)->answer, job, napi_tsfn_nonblocking);
}

// createEngine(instructionSet, threads): engine.
napi_value create_engine(napi_env env, napi_callback_info info) {
  napi_value values[2], label;
  char name[16];
  int32_t threads;
  if (!arguments(env, info, values)) return nullptr;
  CHECK(napi_get_value_string_utf8(env, values[0], name, sizeof(name), nullptr));
  CHECK(napi_get_value_int32(env, values[1], &threads));
  const InstructionSet* set = cajal::instruction_sets();
  while (set->name && std::strcmp(set->name, name) != 0) set++;
  if (!set->name || !set->is_supported() || threads < 1 || threads > cajal::kMaxThreads) {
    napi_throw_error(env, nullptr, "cajal addon: no such instruction set, or too many threads");
    return nullptr;
  }
  auto instance = std::make_shared<Instance>();
  instance->env = env;
  CHECK(napi_create_string_utf8(env, "cajal", NAPI_AUTO_LENGTH, &label));
  CHECK(napi_create_threadsafe_function(env, nullptr, nullptr, label, 0, 1, nullptr, nullptr, nullptr, answer_run,
                                        &instance->answer));
  CHECK(napi_unref_threadsafe_function(env, instance->answer));
  instance->engine = std::make_unique<Engine>(*set, threads, pass_on, instance.get());
  CHECK(napi_add_env_cleanup_hook(env, Instance::stop, instance.get()));
  return wrap(env, std::move(instance));
}

// closeEngine(engine): joins its threads; runs in progress end early.
napi_value close_engine(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return nullptr;
  const auto instance = unwrap<Instance>(env, values[0]);
  if (!instance || !instance->engine) return nullptr;
  napi_remove_env_cleanup_hook(env, Instance::stop, instance.get());
  Instance::stop(instance.get());
  return nullptr;
}

// tilesRun(engine): the number of tiles that each worker has run.
napi_value tiles_run(napi_env env, napi_callback_info info) {
  napi_value values[1], list;
  if (!arguments(env, info, values)) return nullptr;
  const auto instance = unwrap<Instance>(env, values[0]);
  CHECK(instance && instance->engine ? napi_ok : napi_invalid_arg);
  CHECK(napi_create_array(env, &list));
  for (int worker = 0; worker < instance->engine->threads(); worker++) {
    napi_value count;
    CHECK(napi_create_double(env, static_cast<double>(instance->engine->tiles_run(worker)), &count));
    CHECK(napi_set_element(env, list, worker, count));
  }
  return list;
}

void release_memory(napi_env env, void* data, void*) {
  auto* held = static_cast<std::shared_ptr<Memory>*>(data);
  int64_t total;
  napi_adjust_external_memory(env, -static_cast<int64_t>((*held)->bytes()), &total);
  delete held;
}

// allocate(bytes): memory, or undefined where the system has none.
napi_value allocate(napi_env env, napi_callback_info info) {
  napi_value values[1], result;
  int64_t bytes, total;
  if (!arguments(env, info, values)) return nullptr;
  CHECK(napi_get_value_int64(env, values[0], &bytes));
  auto memory = std::make_shared<Memory>(static_cast<size_t>(bytes));
  if (!memory->data()) return nullptr;
  auto* held = new std::shared_ptr<Memory>(std::move(memory));
  CHECK(napi_create_external(env, held, release_memory, nullptr, &result));
  CHECK(napi_adjust_external_memory(env, bytes, &total));
  return result;
}

// buffer(memory): an ArrayBuffer of the memory itself, which holds a share of it. Only once per memory.
napi_value buffer(napi_env env, napi_callback_info info) {
  napi_value values[1], result;
  if (!arguments(env, info, values)) return nullptr;
  auto* held = new std::shared_ptr<Memory>(unwrap<Memory>(env, values[0]));
  const auto drop = [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<Memory>*>(hint); };
  const bool is_made = *held && napi_create_external_arraybuffer(env, (*held)->data(), (*held)->bytes(), drop, held,
                                                                 &result) == napi_ok;
  if (is_made) return result;
  delete held;
  napi_throw_error(env, nullptr, "cajal addon: could not create a buffer");
  return nullptr;
}

// The bytes of a view, and the place in memory that they go to or come from.
struct Copy {
  std::shared_ptr<Memory> memory;
  uint8_t* place = nullptr;
  void* view = nullptr;
  size_t bytes = 0;
};

bool parse_copy(napi_env env, napi_callback_info info, Copy* copy) {
  napi_value values[3];
  int64_t offset;
  if (!arguments(env, info, values)) return false;
  copy->memory = unwrap<Memory>(env, values[0]);
  bool is_ok = copy->memory && napi_get_value_int64(env, values[1], &offset) == napi_ok;
  napi_typedarray_type type;
  size_t length;
  is_ok = is_ok && napi_get_typedarray_info(env, values[2], &type, &length, &copy->view, nullptr, nullptr) == napi_ok;
  is_ok = is_ok && type == napi_uint8_array && offset >= 0 && offset + length <= copy->memory->bytes();
  if (!is_ok) {
    napi_throw_error(env, nullptr, "cajal addon: a copy beyond the end of memory");
    return false;
  }
  copy->place = copy->memory->data() + offset;
  copy->bytes = length;
  return true;
}

// write(memory, offset, bytes: Uint8Array).
napi_value write(napi_env env, napi_callback_info info) {
  Copy copy;
  if (parse_copy(env, info, &copy) && copy.bytes != 0) std::memcpy(copy.place, copy.view, copy.bytes);
  return nullptr;
}

// read(memory, offset, into: Uint8Array).
napi_value read(napi_env env, napi_callback_info info) {
  Copy copy;
  if (parse_copy(env, info, &copy) && copy.bytes != 0) std::memcpy(copy.view, copy.place, copy.bytes);
  return nullptr;
}

// load(engine, words: Int32Array, batchCapacity): [program, needs], where needs are the bytes of arena, variables,
// scalars and scratch; or [instruction, opcode, reason] where the program is refused.
napi_value load(napi_env env, napi_callback_info info) {
  napi_value values[3], result, item;
  if (!arguments(env, info, values)) return nullptr;
  const auto instance = unwrap<Instance>(env, values[0]);
  CHECK(instance && instance->engine ? napi_ok : napi_invalid_arg);
  napi_typedarray_type type;
  size_t length;
  void* data;
  CHECK(napi_get_typedarray_info(env, values[1], &type, &length, &data, nullptr, nullptr));
  CHECK(type == napi_int32_array ? napi_ok : napi_invalid_arg);
  auto program = std::make_shared<LoadedProgram>();
  CHECK(napi_get_value_int64(env, values[2], &program->batch_capacity));
  const auto* words = static_cast<const int32_t*>(data);
  program->words.assign(words, words + length);
  cajal::ProgramFault fault;
  CHECK(napi_create_array(env, &result));
  if (instance->engine->check(program.get(), &fault) != kCajalOk) {
    CHECK(napi_create_int32(env, fault.instruction, &item));
    CHECK(napi_set_element(env, result, 0, item));
    CHECK(napi_create_int32(env, fault.opcode, &item));
    CHECK(napi_set_element(env, result, 1, item));
    CHECK(napi_create_string_utf8(env, fault.reason, NAPI_AUTO_LENGTH, &item));
    CHECK(napi_set_element(env, result, 2, item));
    return result;
  }
  const cajal::ProgramNeeds& needs = program->needs;
  const int64_t bytes[] = {needs.region_bytes[0], needs.region_bytes[1], needs.region_bytes[2], needs.scratch_bytes};
  napi_value list;
  CHECK(napi_create_array(env, &list));
  for (uint32_t index = 0; index < 4; index++) {
    CHECK(napi_create_int64(env, bytes[index], &item));
    CHECK(napi_set_element(env, list, index, item));
  }
  CHECK(napi_set_element(env, result, 0, wrap(env, std::move(program))));
  CHECK(napi_set_element(env, result, 1, list));
  return result;
}

const char* text_of(CajalStatus status) {
  switch (status) {
    case kCajalCancelled: return "the engine was closed during the run";
    case kCajalNoScratch: return "there was not enough scratch memory";
    case kCajalUnsupported: return "a kernel does not support its operands";
    default: return "the program is damaged";
  }
}

// A promise of the job's answer.
napi_value submit(napi_env env, std::unique_ptr<Call> call, std::unique_ptr<Job> job) {
  napi_value promise;
  CHECK(napi_create_promise(env, &call->promise, &promise));
  Instance& instance = *call->instance;
  if (instance.runs_in_progress++ == 0) CHECK(napi_ref_threadsafe_function(env, instance.answer));
  job->caller = call.release();
  instance.engine->submit(std::move(job));
  return promise;
}

// The arguments of a run, checked: engine, program, arena, variables, scalars, batch. `values` may have more.
bool parse_run(napi_env env, const napi_value* values, std::shared_ptr<Instance>* instance, Job* job) {
  *instance = unwrap<Instance>(env, values[0]);
  job->program = unwrap<LoadedProgram>(env, values[1]);
  job->arena = unwrap<Memory>(env, values[2]);
  job->variables = unwrap<Memory>(env, values[3]);
  job->scalars = unwrap<Memory>(env, values[4]);
  bool is_right = *instance && (*instance)->engine && job->program && job->arena && job->variables && job->scalars;
  is_right = is_right && napi_get_value_int64(env, values[5], &job->batch) == napi_ok;
  is_right = is_right && job->batch >= 1 && job->batch <= job->program->batch_capacity;
  const Memory* const regions[] = {job->arena.get(), job->variables.get(), job->scalars.get()};
  for (int region = 0; region < 3; region++) {
    is_right = is_right && static_cast<int64_t>(regions[region]->bytes()) >= job->program->needs.region_bytes[region];
  }
  if (!is_right) napi_throw_error(env, nullptr, "cajal addon: a run with wrong arguments");
  return is_right;
}

// run(engine, program, arena, variables, scalars, batch, isProfiled): a promise of the milliseconds of each instruction,
// or of nothing.
napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[7];
  if (!arguments(env, info, values)) return nullptr;
  auto call = std::make_unique<Call>();
  auto job = std::make_unique<Job>();
  bool is_profiled;
  if (!parse_run(env, values, &call->instance, job.get())) return nullptr;
  CHECK(napi_get_value_bool(env, values[6], &is_profiled));
  if (is_profiled) job->answer.resize(job->program->needs.instructions);
  return submit(env, std::move(call), std::move(job));
}

// runHere(engine, program, arena, variables, scalars, batch): runs on this thread, before it returns.
napi_value run_here(napi_env env, napi_callback_info info) {
  napi_value values[6];
  if (!arguments(env, info, values)) return nullptr;
  std::shared_ptr<Instance> instance;
  Job job;
  if (!parse_run(env, values, &instance, &job)) return nullptr;
  instance->engine->run_here(&job);
  if (job.status != kCajalOk) napi_throw_error(env, nullptr, text_of(job.status));
  return nullptr;
}

// measurePeak(engine): a promise of GFLOP/s and GB/s.
napi_value measure_peak(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, values)) return nullptr;
  auto call = std::make_unique<Call>();
  call->instance = unwrap<Instance>(env, values[0]);
  CHECK(call->instance && call->instance->engine ? napi_ok : napi_invalid_arg);
  return submit(env, std::move(call), std::make_unique<Job>());
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
#define FUNCTION(name, function) {name, nullptr, function, nullptr, nullptr, nullptr, napi_enumerable, nullptr}
      FUNCTION("instructionSets", instruction_sets),
      FUNCTION("createEngine", create_engine),
      FUNCTION("closeEngine", close_engine),
      FUNCTION("tilesRun", tiles_run),
      FUNCTION("allocate", allocate),
      FUNCTION("buffer", buffer),
      FUNCTION("write", write),
      FUNCTION("read", read),
      FUNCTION("load", load),
      FUNCTION("run", run),
      FUNCTION("runHere", run_here),
      FUNCTION("measurePeak", measure_peak),
#undef FUNCTION
  };
  CHECK(napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties));
  return exports;
}
