"""Looking for signs of gaming. What is found is shown to administrators, and counts as ever unless a rule set says
otherwise."""

from importlib.resources import files

import duckdb
import pyarrow as pa

from scoring.engine import Rows, answer
from scoring.habits import DAY
from scoring.signs import Check, checks
from scoring.tables import WHOLE


def signs(posts: Rows, accounts: Rows, *, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the checks have found: output, mention, sign (the number of the check).

    gaming.sql tells the columns of `posts` and `accounts`; the posts must be those about outputs that everybody may
    see."""
    query = files("scoring").joinpath("gaming.sql").read_text(encoding="utf-8")
    small = {check.name.replace("-", "_"): _row(check) for check in checks().values()}
    return answer(query, {"posts": posts, "accounts": accounts}, small, connection=connection)


def _row(check: Check) -> pa.Table:
    row = {"number": check.number, "whole": WHOLE, **check.limits}
    if "days" in row:
        row["days"] *= DAY  # times are microseconds
    return pa.table({name: pa.array([value], pa.int64()) for name, value in row.items()})
