// Which instruction sets this build has kernels for, and which of them this machine can run.
#ifndef CAJAL_DISPATCH_H
#define CAJAL_DISPATCH_H

#include "kernel.h"

namespace cajal {

struct InstructionSet {
  const char* name;
  const KernelRow* (*kernels)();  // rows by opcode, kOpcodeCount of them
  const Gauges* (*gauges)();
  bool (*is_supported)();
};

// All sets of this build, slowest first; the last one has a null name.
const InstructionSet* instruction_sets();

}  // namespace cajal

#endif
