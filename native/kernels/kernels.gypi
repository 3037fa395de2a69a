# The one list of kernel files; binding.gyp and wasm/build.mjs read it.
{
  'variables': {
    'kernel_sources': [
      'kernels/conv2d.cc',
      'kernels/conv2d_input_gradient.cc',
      'kernels/conv2d_kernel_gradient.cc',
      'kernels/conv2d_max_pool2d.cc',
      'kernels/conv2d_max_pool2d_input_gradient.cc',
      'kernels/correlate.cc',
      'kernels/elementwise.cc',
      'kernels/mat_mul.cc',
      'kernels/mat_mul_elementwise.cc',
      'kernels/max_pool2d.cc',
      'kernels/measure.cc',
      'kernels/reduce.cc',
      'kernels/softmax.cc',
      'kernels/table.cc',
      'kernels/winograd.cc',
      'kernels/winograd_kernel_gradient.cc',
    ],
    # No -ffast-math, and contraction off: fused multiply-adds are written out, so results do not depend on the compiler.
    'kernel_flags': [
      '-std=c++17',
      '-O3',
      '-ffp-contract=off',
      '-fno-exceptions',
      '-fno-rtti',
      '-fno-math-errno',
      '-fno-trapping-math',
      '-fno-strict-aliasing',
      '-fno-lto',
      '-ffreestanding',
      '-Wall',
      '-Wextra',
      '-Wno-psabi',
    ],
  },
}
