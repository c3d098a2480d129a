# A product of two f32 matrices, [m, k] by [k, n], by the library that numpy is linked with, on one thread.
import sys
import time

import numpy

m, k, n = (int(size) for size in sys.argv[1:4])
random = numpy.random.default_rng(1)
a = random.random((m, k), dtype=numpy.float32) - numpy.float32(0.5)
b = random.random((k, n), dtype=numpy.float32) - numpy.float32(0.5)
c = numpy.matmul(a, b)
assert abs(float(c[0, 0]) - float(a[0].astype(float) @ b[:, 0].astype(float))) < 1e-2
try:
    with open("/proc/self/maps") as maps:
        library = "openblas" if "openblas" in maps.read() else "blas"
except OSError:
    library = "numpy"
print(library + "-sgemm", flush=True)
for line in sys.stdin:
    count = int(line)
    began = time.perf_counter()
    for _ in range(count):
        numpy.matmul(a, b, out=c)
    print((time.perf_counter() - began) / count, flush=True)
