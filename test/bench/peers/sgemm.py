# A product of two square f32 matrices by the library that numpy is linked with, on one thread.
import sys
import time

import numpy

size = int(sys.argv[1])
random = numpy.random.default_rng(1)
a = random.random((size, size), dtype=numpy.float32) - numpy.float32(0.5)
b = random.random((size, size), dtype=numpy.float32) - numpy.float32(0.5)
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
