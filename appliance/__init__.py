"""Efterklang: call-back surveys on the municipality's own premises."""

import os

# Our matrices are small: numpy's threads would only wait for each other, and take twice the processor time for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
