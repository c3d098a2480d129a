# Decides how the native addon is built: each kernel source once per instruction-set level, with
# that level's flags, and one addon that picks a level at run time.
{
  "variables": {
    "kernel_sources": [
      "native/cpu/add.cc", "native/cpu/attention.cc", "native/cpu/batch-matmul.cc",
      "native/cpu/bias.cc",
      "native/cpu/causal-mask.cc", "native/cpu/constant.cc",
      "native/cpu/conv2d-gradient-filter.cc", "native/cpu/conv2d-gradient-input.cc",
      "native/cpu/conv2d.cc", "native/cpu/cos.cc", "native/cpu/depthwise.cc",
      "native/cpu/div.cc",
      "native/cpu/dropout-mask.cc", "native/cpu/embedding-gradient.cc", "native/cpu/embedding.cc",
      "native/cpu/erf.cc", "native/cpu/exp.cc", "native/cpu/gelu-gradient.cc",
      "native/cpu/gelu.cc", "native/cpu/load.cc", "native/cpu/log.cc", "native/cpu/matmul.cc",
      "native/cpu/max-pool-gradient.cc", "native/cpu/max-pool.cc", "native/cpu/max.cc",
      "native/cpu/mean.cc", "native/cpu/mul.cc", "native/cpu/one-hot.cc",
      "native/cpu/op-table.cc", "native/cpu/pad.cc", "native/cpu/peak.cc", "native/cpu/range.cc",
      "native/cpu/relu-gradient.cc", "native/cpu/relu.cc", "native/cpu/reshape.cc",
      "native/cpu/rows.cc",
      "native/cpu/schedule.cc", "native/cpu/sigmoid.cc", "native/cpu/sin.cc",
      "native/cpu/slice.cc", "native/cpu/sqrt.cc", "native/cpu/sub.cc", "native/cpu/sum.cc",
      "native/cpu/tanh.cc", "native/cpu/transpose.cc", "native/cpu/triad.cc",
    ],
    # Floating point as written: no contraction, no reordering. errno and traps are not observed,
    # which lets a square root and a selection become one instruction without changing a result.
    "exact_flags": [
      "-std=c++20", "-O3", "-ffp-contract=off", "-fno-fast-math", "-fno-math-errno",
      "-fno-trapping-math", "-Wno-ignored-attributes", "-Wno-missing-field-initializers",
      "-Wno-maybe-uninitialized", "-Wno-uninitialized",
    ],
    "exact_flags_msvc": ["/std:c++20", "/O2", "/fp:precise"],
    "amx_flags": ["-mamx-tile", "-mamx-int8"],
    "ask_for_amx":
      "${CXX:-c++} -mamx-int8 -x c++ -fsyntax-only /dev/null 2>/dev/null && echo 1 || echo 0",
    "avxvnni_flags": ["-mavx2", "-mavxvnni"],
    "ask_for_avxvnni":
      "${CXX:-c++} -mavxvnni -x c++ -fsyntax-only /dev/null 2>/dev/null && echo 1 || echo 0",
    # What has products of pairs of int16 in it.
    "product_sources": [
      "native/cpu/attention.cc", "native/cpu/batch-matmul.cc", "native/cpu/conv2d.cc",
      "native/cpu/conv2d-gradient-filter.cc", "native/cpu/conv2d-gradient-input.cc",
      "native/cpu/matmul.cc", "native/cpu/peak.cc", "native/cpu/product-table.cc",
    ],
    "sha_flags": ["-msha", "-msse4.1", "-mssse3"],
    "avx2_flags": ["-mavx2"],
    "avx512vnni_flags": [
      "-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mavx512vnni",
      "-mprefer-vector-width=512",
    ],
  },
  "target_defaults": {
    "cflags_cc!": ["-std=gnu++20", "-std=gnu++17", "-fno-exceptions"],
    "cflags!": ["-O3"],
    "cflags_cc": ["<@(exact_flags)"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "OTHER_CPLUSPLUSFLAGS": ["<@(exact_flags)"],
    },
    "msvs_settings": {
      "VCCLCompilerTool": {
        "ExceptionHandling": 1,
        "AdditionalOptions": ["<@(exact_flags_msvc)"],
      },
    },
  },
  "targets": [
    {
      "target_name": "kernels_scalar",
      "type": "static_library",
      "defines": ["VIVIAN_LEVEL=0"],
      "sources": ["<@(kernel_sources)"],
    },
    {
      "target_name": "vivian_native",
      "defines": ["NAPI_VERSION=8"],
      "dependencies": ["kernels_scalar"],
      "sources": [
        "native/binding/addon.cc", "native/binding/arguments.cc",
        "native/binding/block-tree-call.cc", "native/binding/cuda-object.cc",
        "native/binding/keccak-call.cc",
        "native/binding/record-tree-call.cc",
        "native/binding/session-object.cc", "native/binding/state-map-call.cc",
        "native/hash/keccak.cc",
        "native/cuda/cuda-session.cc", "native/cuda/device.cc", "native/cuda/driver.cc",
        "native/cuda/launch-convolutions.cc", "native/cuda/launch-ops.cc",
        "native/cuda/launch-products.cc", "native/cuda/launch-rows.cc",
        "native/cpu/attention-plan.cc", "native/cpu/bandwidth.cc",
        "native/cpu/bound-plan.cc", "native/cpu/depthwise-plan.cc",
        "native/cpu/memory-plan.cc", "native/cpu/program.cc", "native/cpu/row-chain.cc",
        "native/cpu/sequence-shape-rules.cc", "native/cpu/session.cc",
        "native/cpu/shape-rules.cc", "native/cpu/simd-levels.cc",
        "native/cpu/step-layout.cc", "native/cpu/step-plan.cc", "native/cpu/thread-pool.cc",
      ],
      "conditions": [
        ["target_arch=='x64'", {
          "dependencies": ["kernels_avx2", "kernels_avx512vnni", "hash_sha"],
          "sources": [
            "native/hash/block-tree.cc", "native/hash/record-tree.cc",
            "native/hash/state-map.cc",
          ],
        }],
        ["OS=='linux' and target_arch=='x64'", {
          "variables": {
            "knows_amx": "<!(<(ask_for_amx))",
            "knows_avxvnni": "<!(<(ask_for_avxvnni))",
          },
          "conditions": [
            ["knows_amx==1", {"dependencies": ["kernels_amx"], "defines": ["VIVIAN_HAS_AMX"]}],
            ["knows_avxvnni==1", {
              "dependencies": ["kernels_avxvnni"],
              "defines": ["VIVIAN_HAS_AVXVNNI"],
            }],
          ],
        }],
        ["OS=='win' and target_arch=='x64'", {
          "dependencies": ["kernels_avxvnni"],
          "defines": ["VIVIAN_HAS_AVXVNNI"],
        }],
        ["target_arch=='arm64'", {"dependencies": ["kernels_neon"]}],
      ],
    },
  ],
  "conditions": [
    # Instructions for products alone; built only where the compiler knows them: GCC 11, Clang 12.
    ["OS=='linux' and target_arch=='x64'", {
      "targets": [
        {
          "target_name": "kernels_avxvnni",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=1", "VIVIAN_PAIR_SUMS"],
          "variables": {"knows_avxvnni": "<!(<(ask_for_avxvnni))"},
          "conditions": [
            ["knows_avxvnni==1", {
              "sources": ["<@(product_sources)"],
              "cflags_cc": ["<@(avxvnni_flags)"],
            }, {
              "type": "none",
            }],
          ],
        },
        {
          "target_name": "kernels_amx",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=2", "VIVIAN_TILE_REGISTERS"],
          "variables": {"knows_amx": "<!(<(ask_for_amx))"},
          "conditions": [
            ["knows_amx==1", {
              "sources": [
                "native/cpu/batch-matmul.cc", "native/cpu/matmul.cc", "native/cpu/tile-peak.cc",
                "native/cpu/product-table.cc",
              ],
              "cflags_cc": ["<@(avx512vnni_flags)", "<@(amx_flags)"],
            }, {
              "type": "none",
            }],
          ],
        },
      ],
    }],
    ["OS=='win' and target_arch=='x64'", {
      "targets": [
        {
          "target_name": "kernels_avxvnni",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=1", "VIVIAN_PAIR_SUMS"],
          "sources": ["<@(product_sources)"],
          "msvs_settings": {"VCCLCompilerTool": {"AdditionalOptions": ["/arch:AVX2"]}},
        },
      ],
    }],
    # A process of its own that speaks to PJRT plugins (TPUs); never loaded into another one.
    ["OS!='win'", {
      "targets": [
        {
          "target_name": "vivian_pjrt",
          "type": "executable",
          "sources": ["native/pjrt/main.cc", "native/pjrt/plugin.cc"],
          "conditions": [["OS=='linux'", {"libraries": ["-ldl"]}]],
        },
      ],
    }],
    ["target_arch=='arm64'", {
      "targets": [
        {
          "target_name": "kernels_neon",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=3"],
          "sources": ["<@(kernel_sources)"],
        },
      ],
    }],
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "hash_sha",
          "type": "static_library",
          "sources": ["native/hash/sha256-x64.cc"],
          "cflags_cc": ["<@(sha_flags)"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<@(sha_flags)"]},
        },
        {
          "target_name": "kernels_avx2",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=1"],
          "sources": ["<@(kernel_sources)"],
          "cflags_cc": ["<@(avx2_flags)"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<@(avx2_flags)"]},
          "msvs_settings": {"VCCLCompilerTool": {"AdditionalOptions": ["/arch:AVX2"]}},
        },
        {
          "target_name": "kernels_avx512vnni",
          "type": "static_library",
          "defines": ["VIVIAN_LEVEL=2"],
          "sources": ["<@(kernel_sources)"],
          "cflags_cc": ["<@(avx512vnni_flags)"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["<@(avx512vnni_flags)"]},
          "msvs_settings": {"VCCLCompilerTool": {"AdditionalOptions": ["/arch:AVX512"]}},
        },
      ],
    }],
  ],
}
