"""The child of `columns`: writes the results of SELECT statements to standard output, one Arrow stream after the other.

Run by its path with a database and the statements; it imports nothing of the house, to start fast.
"""

import sys
from collections.abc import Sequence

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa


def hand_over(database: str, statements: Sequence[str]) -> None:
    """All from one snapshot, since the driver holds one transaction open."""
    out = pa.PythonFile(sys.stdout.buffer, mode="w")
    with adbc.connect(database) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            with cursor.fetch_record_batch() as rows, pa.ipc.new_stream(out, rows.schema) as stream:
                for batch in rows:
                    stream.write_batch(batch)


if __name__ == "__main__":
    hand_over(sys.argv[1], sys.argv[2:])
