// What the processor can do, as far as kernels ask for it.
#ifndef CAJAL_CPU_FEATURES_H
#define CAJAL_CPU_FEATURES_H

namespace cajal {

bool always_supported();
bool supports_avx2();
bool supports_avx512();

}  // namespace cajal

#endif
