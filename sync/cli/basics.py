"""The verbs to begin with: demo, init, check, status."""

import os
from pathlib import Path
from typing import Annotated

import typer

from config.example import EXAMPLE
from config.settings import Settings
from sync import alarms, checks, registry, steps, store
from sync.acts.connections import assumed
from sync.alarms import certificates, reread
from sync.cli import house, say
from sync.cli.connection import print_connections
from sync.cli.say import FAILED, WRONG, Fail

app = typer.Typer()
WHO = {"public": "the public", "internal": "members"}
Folder = Annotated[Path, typer.Option("--dir", help="The folder to write to.")]


@app.command()
def init(folder: Folder = Path()) -> None:
    """Write a commented ringmark.toml to begin from."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "ringmark.toml"
    try:
        with file.open("x", encoding="utf-8") as text:
            text.write(EXAMPLE)
    except FileExistsError:
        raise Fail(f"{file}: is there already and was left alone") from None
    say.line(f"{file} written: fill in a connection, then run `ringmark check --connect`")


@app.command()
def check(
    context: typer.Context,
    connect: Annotated[bool, typer.Option("--connect", help="Ask every connection.")] = False,
    as_json: house.Json = False,
) -> None:
    """Validate the settings; with --connect ask every connection whether address, credentials and rights will do."""
    registry.alone()
    settings = house.settings(context)
    registry.check(settings)
    steps.rules_in_force(settings)
    names = settings.connections if connect else ()
    there = _there(settings)
    alone, not_read = there or (None, [])
    home = house.house(context)[1] if connect and there else None
    checked = checks.connect(settings, names, now=store.now(), house=home)
    findings, wrong = checked.findings, checked.wrong
    if home:
        certificates.keep(home, checked.certified, now=store.now())
    unusable = steps.unusable_rules(settings)
    good = not wrong
    error = {"error": "; ".join(wrong)} if wrong else {}
    if as_json:
        say.document(
            {
                "file": str(settings.file),
                "ok": good,
                "connections": findings,
                "without_person": alone,
                "not_read": not_read,
                "unusable_rules": unusable,
                **error,
            }
        )
    else:
        say.line(f"{settings.file}: {len(settings.connections)} connections, settings are good")
        for name, found in findings.items():
            for each in found:
                mend = f"; {each['mend']}" if each["mend"] else ""
                say.line(f"{name}: {'ok' if each['ok'] else 'NOT OK'}: {say.plain(each['what'])}{mend}")
        if alone is not None:
            say.line(f"{alone} outputs take part without a person")
        for words in not_read:
            say.line(words)
        for faults in unusable.values():
            for fault in faults:
                say.line(f"cannot be used: {say.plain(fault)}")
    if not good:
        raise typer.Exit(FAILED)


@app.command()
def status(
    context: typer.Context,
    fail_on: Annotated[str, typer.Option("--fail-on", help="alarm: exit 1 when there is one.")] = "",
    as_json: house.Json = False,
) -> None:
    """Connections, last runs, alarms, set-aside records, conflicts, and what waits."""
    if fail_on not in ("", "alarm"):
        raise Fail(f'--fail-on: "{fail_on}" is not alarm', WRONG)
    settings, home = house.house(context)
    now = store.now()
    told = store.status(home, alarms.expected(home, settings), alarms.others(home, settings, now=now), now=now)
    for each in told["connections"]:
        each["assume"] = assumed(settings, each["name"])
    if as_json:
        say.document(told)
    else:
        print_connections(told["connections"])
        for each in told["connections"]:
            if each["assume"] and (each["items"] or each["name"] != store.LOCAL):  # imports seldom bring outputs
                words = ", ".join(f"{kind} {level}" for kind, level in each["assume"].items())
                say.line(f"{each['name']}: its format does not tell everything; assumed are {words}")
        for each in told["connections"]:
            waits = {word: count for word, count in each["pushed"].items() if word.startswith("to_") and count}
            if waits:
                words = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in waits.items())
                say.line(f"{each['name']}: badges that wait for the next push: {words}")
        scope = told["scope"]
        say.line(
            f"scope: {scope['status']}, {scope['profile']}; least: "
            + ", ".join(f"{name} {level}" for name, level in scope["visibility"].items())
        )
        say.table(
            "Outputs", ("what", "number"), [(name.replace("_", " "), count) for name, count in told["outputs"].items()]
        )
        rows = [(row["name"], (row["since"] or "now")[:16], row["words"]) for row in told["alarm_rows"]]
        conflicts = [(line,) for line in told["conflicts"]]
        for title, columns, lines in (
            ("Alarms", ("name", "since", "what"), rows),
            ("Conflicts", ("what",), conflicts),
        ):
            if lines:
                say.table(title, columns, lines)
        for run in told["waits_for_accept"]:
            say.line(f"run {run} waits for a decision; `ringmark accept {run}` agrees to what it holds back")
        say.line(f"{told['set_aside']['open']} records set aside or stored as private; see `ringmark setaside list`")
        if told["watching"]["watches"] or told["watching"]["unconfirmed"]:
            say.line(
                f"{told['watching']['addresses']} readers watch {told['watching']['watches']} outputs by e-mail; "
                f"{told['watching']['unconfirmed']} wait to be confirmed"
            )
        if told["reports"]["open"]:
            say.line(f"{told['reports']['open']} reports of readers are open; see `ringmark report list`")
    if fail_on and told["alarms"]:
        raise typer.Exit(FAILED)


@app.command()
def demo(
    folder: Folder = Path("ringmark-demo"),
    everywhere: Annotated[
        bool, typer.Option("--all", help="Every kind of system at once, with flags that contradict each other.")
    ] = False,
    heard: Annotated[
        bool, typer.Option("--heard", help="Every source of attention at once, and what becomes of what it tells.")
    ] = False,
    as_json: house.Json = False,
) -> None:
    """Run the main job on the example institution, on this machine alone, and leave the result in a folder."""
    from sync.demo import run  # the practice systems are needed by nothing else

    os.umask(0o077)
    if everywhere:
        _everywhere(folder, as_json=as_json)
        return
    if heard:
        _heard(folder, as_json=as_json)
        return
    told = run(folder, clock=store.now)
    if as_json:
        say.document(told)
        return
    say.table(
        "University of Example",
        ("what", "result"),
        [
            *((name.replace("_", " "), value) for name, value in told.items() if name not in ("top_scores", "folder")),
            *(("top score", f"{row['score']}: {row['title']} (doi:{row['doi']})") for row in told["top_scores"]),
        ],
    )
    say.line(f"left in {folder}; try: ringmark --config {folder / 'ringmark.toml'} status")


def _everywhere(folder: Path, *, as_json: bool) -> None:
    from sync.demo.everywhere import run

    told = run(folder, clock=store.now, told=(lambda _: None) if as_json else say.line)
    if as_json:
        say.document(told)
        return
    columns = ("records", "private", "internal", "public", "badges_written", "badges_withdrawn")
    say.table(
        "What each system was told, and what came of it",
        ("system", *(name.replace("_", " ") for name in columns)),
        [
            (name, *("-" if each[column] is None else each[column] for column in columns))
            for name, each in told["systems"].items()
        ],
    )
    say.table(
        "University of Example",
        ("what", "result"),
        [(name.replace("_", " "), value) for name, value in told.items() if isinstance(value, int)],
    )
    say.table(
        "Where systems contradict each other, the least open counts",
        ("output", "what they say", "seen by"),
        [
            (
                f"doi:{each['doi']}",
                ", ".join(f"{name} {level}" for name, level in each["said"].items()),
                " and ".join(WHO[one] for one in each["seen_by"]) or "nobody",
            )
            for each in told["contradictions"]
        ],
    )
    say.line(
        f"left in {folder}; try: ringmark --config {folder / 'ringmark.toml'} why {told['contradictions'][0]['doi']}"
    )


def _heard(folder: Path, *, as_json: bool) -> None:
    from sync.demo.hearing import run

    told = run(folder, clock=store.now, told=(lambda _: None) if as_json else say.line)
    if as_json:
        say.document(told)
        return
    columns = ("shape", "said_there", "mentions", "of_hidden_outputs")
    say.table(
        "What each source said, and what was kept of it",
        ("source", *(name.replace("_", " ") for name in columns)),
        [(name, *(each[column] for column in columns)) for name, each in told["sources"].items()],
    )
    best, command = told["best"], f"ringmark --config {folder / 'ringmark.toml'}"
    say.line(f"doi:{best['doi']}, of which all of them speak, has a score of {best['score']}")
    say.line(f"left in {folder}; try: {command} explain {best['doi']}, or: {command} mention list")


def _there(settings: Settings) -> tuple[int, list[str]] | None:
    """How many outputs take part without a person, and what is not read any more; None where there is no store yet."""
    if not Path(settings.store.url.removeprefix("sqlite:///")).exists():
        return None
    home = steps.open_house(settings)
    try:
        with home.read() as db:
            alone = store.counted(db, now=store.now())["without_person"]
        return alone, [alarm.words for alarm in reread.given_up(home, settings)]
    finally:
        home.engine.dispose()
