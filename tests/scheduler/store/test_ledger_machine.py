"""The ledger against its model: any history of commands, sessions and time.

After every step every invariant holds and the store says what the model says; answers and refusals are
predicted before. `long_run` does the same for as many steps as are asked for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduler.store.machine import LedgerMachine, server

EXAMPLES = int(os.environ.get("ALONGSIDE_TEST_EXAMPLES", "15"))
STEPS = 40


@pytest.mark.timeout(600)  # shrinking a failure takes its time
def test_any_history_keeps_the_invariants_and_agrees_with_the_model(tmp_path: Path) -> None:
    with server(tmp_path) as running:
        run_state_machine_as_test(
            lambda: LedgerMachine(running),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                phases=[Phase.explicit, Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
