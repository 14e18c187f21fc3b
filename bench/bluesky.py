"""What Bluesky says, message by message, through the connector, on one core.

Messages are invented, in the proportions of a recorded moment of the real stream: of 33 are 17 posts, 15 reposts and
one that is deleted. The posts are those of `bench.sightings`, with addresses shortened for show, and whole in links and
cards; half of the identifiers in them are looked for. Beside it the same lines are read as JSON, and nothing is done.
Then the same messages come over a websocket from another process on this machine. Time is that of the processor, for
the websocket that of the clock.
"""

import json
import multiprocessing
import random
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from bench.parse import peak
from bench.results import Result, both, medians, told
from bench.sightings import OUTPUTS, ROUNDS, URLS, looked_for, post
from config.settings import Connection
from connectors.base import Ear
from connectors.bluesky.acts import act, mentions
from connectors.bluesky.events import POST, REPOST, event
from connectors.http import client
from connectors.sightings import Tracked
from connectors.websocket import messages

MESSAGES, BATCH = 40_000, 500
POSTS, REPOSTS, ALL = 17, 15, 33
A_DAY = 9_000_000  # posts and reposts, by 105 a second
BEGAN = int(datetime(2026, 7, 4, tzinfo=UTC).timestamp() * 1e6)


def measure(*, small: bool) -> list[Result]:
    """Messages a second, posts alone and all as they come; over a websocket; and the memory of it."""
    scale = 100 if small else 1
    tracked = Tracked(looked_for(OUTPUTS // scale, URLS // scale))
    with tempfile.TemporaryDirectory() as folder:
        lines, posts = Path(folder) / "all.jsonl", Path(folder) / "posts.jsonl"
        write(lines, MESSAGES // scale, OUTPUTS // scale, range(ALL))
        write(posts, MESSAGES // scale, OUTPUTS // scale, range(POSTS))
        before = peak()
        results = [
            beside("posts of Bluesky, from the message to the mention", posts, tracked, least=20_000),
            beside("the same among reposts and what is deleted", lines, tracked),
        ]
        results.append(over_the_wire(lines, tracked, MESSAGES // scale))
        grown = (peak() - before) / 1024
    return [
        *results,
        Result(what="the same, its memory", limit="-", reach="flat", measured=f"+{grown:.0f} MB", met=grown < 50),
    ]


def beside(what: str, path: Path, tracked: Tracked, *, least: int = 0) -> Result:
    """Ours and reading alone, in turns."""
    found: list[int] = []
    alone, ours = [], []
    for _ in range(ROUNDS):
        alone.append(both(lambda: sum(1 for line in read(path) if json.loads(line))))
        ours.append(both(lambda: found.append(heard(read(path), tracked))))
    count = sum(1 for _ in read(path))
    limit, own = count / medians(alone)[1], count / medians(ours)[1]
    return Result(
        what=what,
        limit="reading the same lines as JSON, doing nothing",
        reach=f">= {least:,}/s" if least else "-",
        measured=f"{own:,.0f}/s against {limit:,.0f}, {own / limit:.2f} x; {found[0]:,} mentions of {count:,}",
        met=own >= least if least else None,
    )


def over_the_wire(path: Path, tracked: Tracked, count: int) -> Result:
    """From a server that sends what it has as fast as it can, compressed as the real one does."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve_lines, args=(path, theirs), daemon=True)
    server.start()
    url = f"ws://127.0.0.1:{ours.recv()}"
    settings = Connection(name="bluesky", kind="bluesky", url=url)
    with closing(messages(client(settings), settings, lambda: url)) as stream:
        lines = (each for each in stream if each)
        taken, _ = both(lambda: heard((next(lines) for _ in range(count)), tracked))
    server.kill()
    speed = count / taken
    return told(
        "all of them over a websocket",
        f"{speed:,.0f}/s; {A_DAY / 1e6:.0f} M, a day of them, in {A_DAY / speed / 60:.0f} min",
    )


def serve_lines(path: Path, pipe: "Pipe[int, int]") -> None:
    """One connection, and all lines to it again and again."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.server import ServerConnection, serve

    lines = list(read(path))

    def handle(connection: ServerConnection) -> None:
        try:
            while True:
                for line in lines:
                    connection.send(line, text=True)
        except ConnectionClosed:
            return

    with serve(handle, "127.0.0.1", 0, ping_interval=None) as server:
        pipe.send(server.socket.getsockname()[1])
        server.serve_forever()


def heard(lines: Iterator[bytes], tracked: Tracked) -> int:
    """How many mentions there are, batch by batch; the store knows of none."""
    ear = Ear(
        tracked=tracked,
        abroad=None,
        noted=lambda _: "",
        told=lambda _: {},
        told_by=lambda *_: (),  # type: ignore[arg-type]
    )
    found, acts = 0, []
    for line in lines:
        if one := act(event(line), tracked):
            acts.append(one)
        if len(acts) == BATCH:
            found += len(mentions(acts, ear))
            acts = []
    return found + len(mentions(acts, ear))


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def write(path: Path, count: int, outputs: int, kinds: range) -> None:
    """Messages as they are sent, a line each."""
    chance = random.Random(1)
    with path.open("w") as file:
        file.writelines(json.dumps(message(chance, number, outputs, kinds)) + "\n" for number in range(count))


def message(chance: random.Random, number: int, outputs: int, kinds: range) -> dict[str, object]:
    kind, stamp = chance.choice(kinds), f"2026-07-04T{number % 24:02}:00:00.000Z"
    who, other = (f"did:plc:{chance.randrange(10**6):024}" for _ in range(2))
    commit: dict[str, object] = {
        "rev": "3mptbypcq372f",
        "operation": "create",
        "collection": POST,
        "rkey": f"3m{number}",
    }
    if kind < POSTS:
        said = post(chance, outputs)
        links = [word for word in said.split() if word.startswith("https://")]
        text = " ".join(shown(word) for word in said.split())
        record: dict[str, object] = {"$type": POST, "createdAt": stamp, "langs": ["en"], "text": text}
        feature = "app.bsky.richtext.facet#link"
        if links:
            record |= {"facets": [{"features": [{"$type": feature, "uri": each}], "index": {}} for each in links]}
            external = {"uri": links[0], "title": text[:60], "description": text[:200]}
            record |= {"embed": {"$type": "app.bsky.embed.external", "external": external}}
        elif number % 10 == 0:
            record |= {"embed": {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{other}/{POST}/3k"}}}
        commit |= {"record": record, "cid": "bafyreiapzyf65cmq55jklpnrihiygze2jmmdqvvkwqeiomd72pbp2iazuu"}
    elif kind < POSTS + REPOSTS:
        subject = {
            "cid": "bafyreig7t4btqz2izpbcxm6olbbzrvjqhmccx5xnn54avbv3y2kerbpyea",
            "uri": f"at://{other}/{POST}/3k",
        }
        record = {"$type": REPOST, "createdAt": stamp, "subject": subject}
        commit |= {"collection": REPOST, "record": record, "cid": "bafyreiaqbcvimtcgaen4ntpmyxaqyliad7e4ins6jvv4jnrhqj"}
    else:
        commit |= {"operation": "delete"}
    return {"did": who, "time_us": BEGAN + number, "kind": "commit", "commit": commit}


def shown(word: str) -> str:
    """As the network shows an address in a text."""
    short = word.removeprefix("https://")
    return f"{short[:27]}..." if short != word and len(short) > 30 else short
