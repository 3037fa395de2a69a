// The C ABI between cajal's TypeScript and its CPU engine: how a program lies in memory, and what
// a run answers.
// `src/graph/program-words.ts` writes what is read here; the two must change together.
//
// A program is int32 words:
//   magic, version, instruction count, then each instruction:
//     length in words (this word included), opcode, input count, output count, attribute word count,
//     operands (inputs, then outputs), attribute words.
//   An operand is: region, dtype, place, rank, sizes[6].
//     region 0 arena, 1 variables, 2 scalars; place counts 64-byte units from the region's start.
//     sizes beyond the rank are 1; -1 stands for the batch size of the run.
//   Opcode 0 is a fused elementwise instruction; opcode n is row n - 1 of the op table (native/include/ops.h, generated);
//   the opcode after the table is a matrix product with elementwise code over it.
//   Attribute words of a kernel are its fields in order: ints, float bits, places of choices.
//   Attribute words of an elementwise instruction: temporaries, constant count, step count, constants (float bits),
//   then six words per step: op, target, a, b, first, second (float bits).
//     Registers hold a tile of floats and are numbered inputs, outputs, temporaries, constants.
//     Inputs broadcast to the shape of output 0 as in NumPy (sizes aligned at the last axis). uint8 inputs are widened
//     to float. Outputs may share memory with full-shape inputs of the same instruction, so a tile of every input that
//     a later step still reads must not be overwritten earlier: programs write such outputs in their last steps.
//     randomUniform: a and b are inputs that hold the int32 scalars seed and step, `first` is the stream number as a float
//     (a whole number below 2^24); element i gets lane i % 4 of Philox4x32-10 with counter {i / 4, step, 0, 0} and key
//     {seed, stream}: (word >> 8) * 2^-24. randomNormal: of these numbers u, v of lanes 0 and 1, or 2 and 3, the first element
//     gets sqrt(-2 ln(1 - u)) cos(2 pi v), the second the same times sin(2 pi v).
//   Attribute words of a product with code: those of matMul (transposed a, plain b, linear), then those of elementwise code.
//     Its inputs are a and b, then the code's. The code's first register is the product, which lies nowhere; the rest of
//     the inputs follow it. The product has the shape of output 0, without the batch; the code draws no random numbers.
#ifndef CAJAL_H
#define CAJAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { kCajalMagic = 0x63616a61, kCajalVersion = 1, kCajalAlignment = 64, kCajalMaxRank = 6 };

typedef enum CajalStatus {
  kCajalOk = 0,
  kCajalBadProgram = 1,    // magic, version or layout is foreign
  kCajalUnsupported = 2,   // no kernel for an opcode or dtype in this build
  kCajalNoScratch = 3,     // a kernel asks for more scratch memory than it did when the program was loaded
  kCajalCancelled = 4,     // the run was stopped between two instructions
} CajalStatus;

// Where the three regions of a run lie. All are aligned to 64 bytes.
typedef struct CajalRegions {
  uint8_t* arena;
  uint8_t* variables;
  uint8_t* scalars;
} CajalRegions;

#ifdef __cplusplus
}
#endif

#endif
