// Programs: checked once when they are loaded, then run from their words in place.
#ifndef CAJAL_PROGRAM_H
#define CAJAL_PROGRAM_H

#include "../include/cajal.h"
#include "kernel.h"

namespace cajal {

// Inputs and outputs of one instruction together.
constexpr int kMaxOperands = 128;

// What a checked program needs in order to run.
struct ProgramNeeds {
  int64_t region_bytes[3];  // arena, variables, scalars
  int64_t scratch_bytes;
  int32_t instructions;
};

// What is wrong with a program that was refused. `instruction` is -1 where the program as a whole is meant.
struct ProgramFault {
  int32_t instruction;
  int32_t opcode;
  const char* reason;
};

// Checks every word that later runs rely on. Kernels of this table must exist for all opcodes.
CajalStatus check_program(const int32_t* words, int64_t word_count, const KernelRow* kernels, int64_t batch_capacity,
                          Parallel* parallel, ProgramNeeds* needs, ProgramFault* fault);

// Times of a run, where they are wanted.
struct Profile {
  double* instruction_ms;
  double (*now_ms)();
};

// Runs a checked program for a batch of at most its capacity. Stops between two instructions once *is_cancelled is not
// 0 (null: never). No allocation.
CajalStatus run_program(const int32_t* words, const CajalRegions& regions, int64_t batch, const KernelRow* kernels,
                        uint8_t* scratch, int64_t scratch_bytes, Parallel* parallel, const Profile* profile,
                        const uint32_t* is_cancelled);

}  // namespace cajal

#endif
