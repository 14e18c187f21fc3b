"""What an account's posts say of it where nobody has told: its posts in a month, and the share for one journal.

Few posts say little, so what is usual is mixed in, as if it had been seen before them. We hold posts about outputs that
are known here and no others, so the first number is too low rather than too high.
"""

from dataclasses import asdict, dataclass
from importlib.resources import files

import duckdb
import pyarrow as pa

from scoring.engine import Rows, answer
from scoring.tables import WHOLE

DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What an account of which little is known is taken for."""

    posts: int = 3  # in the `days`: one a month, for most accounts that post about research at all do so now and then
    days: int = 90  # a season, so that a busy week of one who is otherwise silent is no habit
    elsewhere: int = 9  # posts that went to other journals: nobody's share is known from one or two
    least: int = 2  # one post is no habit
    month: int = 30  # days
    day: int = DAY
    whole: int = WHOLE


def habits(posts: Rows, *, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Of each account with posts enough: account, posts (a month), share; thousandths. habits.sql tells the columns of
    `posts`, which must be those about outputs that everybody may see."""
    prior = {name: pa.array([value], pa.int64()) for name, value in asdict(Prior()).items()}
    query = files("scoring").joinpath("habits.sql").read_text(encoding="utf-8")
    return answer(query, {"posts": posts}, {"prior": pa.table(prior)}, connection=connection)
