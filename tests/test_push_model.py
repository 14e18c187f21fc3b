"""What stands in repositories after pushes, against a plain model of the house's meaning.

Random small worlds: a source whose outputs open, close, change scores and identifiers; one or two practice DSpaces
whose items come and go and are edited by others; pushes that go well, and pushes in which requests fail in every way.
After each push in which nothing fails, every field holds exactly what the model allows; the next push writes nothing.
"""

import shutil
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive.push_worlds import World, a_step, after_it, quick

from sandbox.dspace import practice_dspace
from sync import steps


@pytest.fixture(scope="module")
def servers():
    with ExitStack() as running:
        yield [running.enter_context(practice_dspace([], version)) for version in ("9", "7")]


@settings(max_examples=14, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=False))
def test_a_push_leaves_exactly_what_may_stand(tmp_path_factory, servers, dice):
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "client", quick)
        chosen = dict(zip(("library", "museum"), servers[: dice.choice((1, 1, 2))], strict=False))
        world = World(folder, chosen, dice)

        world.push()
        for _ in range(dice.randrange(4, 13)):
            for step in (a_step(dice), *after_it(dice)):
                getattr(world, step)()
        world.push()
        world.days()
        world.push()

        world.close()
    shutil.rmtree(folder)
