"""Ten minutes of whatever schemathesis makes of our OpenAPI, against `ringmark serve` with an invented institution:
`python -m bench.schemathesis [--minutes N] [--seed N]`.

It says what was sent, by operation and by class of answer. 1 where a server error was answered, or anything else that
is not described.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from bench import scope, world
from bench.serve import SERVE, serving

NO_LIMIT = "v1_hourly = 0\nv1_daily = 0\n"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)


def main() -> int:
    """Run, and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.schemathesis", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with world.copy_of(scope.published(world.SMALL)) as house, TemporaryDirectory() as place:
        folder = Path(str(house.engine.url.database)).parent
        (folder / "ringmark.toml").write_text(world.SETTINGS + SERVE + NO_LIMIT)
        with serving(folder) as address:
            ended = run(address, Path(place), seconds=round(told.minutes * 60), seed=told.seed)
    return ended


def run(address: str, place: Path, *, seconds: int, seed: int) -> int:
    """What schemathesis ended with, 1 also where a server error was among the answers."""
    described = place / "openapi.json"
    with urlopen(f"{address}/openapi.json") as answer:  # noqa: S310 - an address of our own
        described.write_text(answer.read().decode().replace("10.5555/example", str(world.doi(1).value)))
    sent = place / "sent.ndjson"
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", str(described), "--url", address]
    command += ["--checks", ",".join(CHECKS), "--seed", str(seed), "--max-time", str(seconds), "--warnings", "off"]
    command += ["--phases", "examples,coverage,fuzzing", "--report-ndjson-path", str(sent)]
    ran = subprocess.run(command, cwd=place, check=False)
    answers = answered(sent)
    for (operation, status), count in sorted(answers.items()):
        print(f"{count:>8,}  {status}xx  {operation}")
    broken = sum(count for (_, status), count in answers.items() if status == 5)
    print(f"{sum(answers.values()):,} requests, {broken} server errors")
    return 1 if broken else ran.returncode


def answered(sent: Path) -> Counter[tuple[str, int]]:
    """By operation and class of status, from the report of what was sent."""
    found: Counter[tuple[str, int]] = Counter()
    with sent.open() as lines:
        for line in lines:
            scenario = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
            for each in scenario.get("interactions", {}).values():
                if response := each.get("response"):
                    found[scenario["label"], response["status_code"] // 100] += 1
    return found


if __name__ == "__main__":
    sys.exit(main())
