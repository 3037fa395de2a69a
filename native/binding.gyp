# The addon: one static library of kernels per instruction set, and the runtime, compiled once.
# It lies in native/ so that npm does not run node-gyp by itself; install.mjs decides.
{
  'includes': ['kernels/kernels.gypi'],
  'target_defaults': {
    'default_configuration': 'Release',
    'cflags!': ['-std=gnu++17', '-std=gnu++20'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'xcode_settings': {'MACOSX_DEPLOYMENT_TARGET': '11.0'},
  },
  'conditions': [
    ['target_arch=="x64"', {
      'variables': {'kernel_libraries': ['kernels_baseline', 'kernels_avx2', 'kernels_avx512']},
      'targets': [
        {
          'target_name': 'kernels_baseline',
          'type': 'static_library',
          'sources': ['<@(kernel_sources)'],
          'defines': ['CAJAL_ISA=baseline'],
          'cflags_cc': ['<@(kernel_flags)'],
          'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['<@(kernel_flags)']},
        },
        {
          'target_name': 'kernels_avx2',
          'type': 'static_library',
          'sources': ['<@(kernel_sources)'],
          'defines': ['CAJAL_ISA=avx2'],
          'cflags_cc': ['<@(kernel_flags)', '-mavx2', '-mfma'],
          'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['<@(kernel_flags)', '-mavx2', '-mfma']},
        },
        {
          'target_name': 'kernels_avx512',
          'type': 'static_library',
          'sources': ['<@(kernel_sources)'],
          'defines': ['CAJAL_ISA=avx512'],
          'cflags_cc': ['<@(kernel_flags)', '-mavx2', '-mfma', '-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl'],
          'xcode_settings': {
            'OTHER_CPLUSPLUSFLAGS': ['<@(kernel_flags)', '-mavx2', '-mfma', '-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl'],
          },
        },
      ],
    }, {
      'variables': {'kernel_libraries': ['kernels_neon']},
      'targets': [
        {
          'target_name': 'kernels_neon',
          'type': 'static_library',
          'sources': ['<@(kernel_sources)'],
          'defines': ['CAJAL_ISA=neon'],
          'cflags_cc': ['<@(kernel_flags)'],
          'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['<@(kernel_flags)']},
        },
      ],
    }],
  ],
  'targets': [
    {
      'target_name': 'cajal',
      'sources': [
        'node/addon.cc',
        'node/engine.cc',
        'node/memory.cc',
        'runtime/cpu_features.cc',
        'runtime/dispatch.cc',
        'runtime/peak.cc',
        'runtime/program.cc',
        'runtime/thread_pool.cc',
        'runtime/wait.cc',
      ],
      'defines': ['NAPI_VERSION=8'],
      'cflags_cc': ['-std=c++17', '-O2', '-Wall', '-Wextra', '-fvisibility=hidden'],
      'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['-std=c++17', '-O2', '-Wall', '-Wextra', '-fvisibility=hidden']},
      'conditions': [
        ['target_arch=="x64"', {'dependencies': ['kernels_baseline', 'kernels_avx2', 'kernels_avx512']}, {'dependencies': ['kernels_neon']}],
      ],
    },
  ],
}
