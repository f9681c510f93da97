"""Many rounds of each fault, one JSON line a figure: `python -m tests.healing.figures [--rounds 10]`.

The same tests as in the suite, which makes one round; what else is given goes to pytest.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="faults of each kind")
    parser.add_argument("--look", type=float, default=30, help="seconds on each bad network")
    parser.add_argument("--gone", type=float, default=300, help="seconds without a store")
    options, own = parser.parse_known_args()
    asked = {
        "ALONGSIDE_TEST_ROUNDS": options.rounds,
        "ALONGSIDE_TEST_LOOK_S": options.look,
        "ALONGSIDE_TEST_STORE_GONE_S": options.gone,
    }
    return subprocess.call(
        [sys.executable, "-m", "pytest", "-q", *(own or ["tests/healing"])],
        env={**os.environ, **{name: str(value) for name, value in asked.items()}},
    )


if __name__ == "__main__":
    sys.exit(main())
