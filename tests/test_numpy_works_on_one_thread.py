"""In a process of its own: what the test runner has loaded before us has its threads already."""

import os
import subprocess
import sys

import pytest

_COUNT = """
import appliance, os, numpy as np
np.ones((1000, 1000)) @ np.ones((1000, 1000))
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread anyway")
def test_a_product_of_matrices_starts_no_thread() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", _COUNT], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
