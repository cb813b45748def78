"""How the tests name and start processes that run jobs."""

import subprocess
from collections.abc import Callable

PROBING = "tests.running.probe_worker"
Start = Callable[..., "subprocess.Popen[str]"]
