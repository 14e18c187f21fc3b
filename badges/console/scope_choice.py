"""What can be chosen of a scope, in words, and what somebody has chosen: it stands in the address."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from badges.forms import Form
from config.scope import Scope
from config.settings import Settings, below_keep

SAYS_LEVEL = "Elements: privacy-level, or is-public where there is none"


class Option(NamedTuple):
    """`value` as `[scope]` has it, what it is called, and what it means."""

    value: str
    text: str
    means: str


class Field(NamedTuple):
    """One part of a scope."""

    name: str
    legend: str
    hint: str
    options: tuple[Option, ...]


FIELDS = (
    Field(
        "status",
        "Status",
        "Of people. In the settings: status.",
        (
            Option("all", "All", "People take part whether they are current or not."),
            Option(
                "current",
                "Current",
                "Only people whom every source that says so calls current (Elements: is-current-staff).",
            ),
        ),
    ),
    Field(
        "profile",
        "Profile",
        "Of people. In the settings: profile.",
        (
            Option("all", "All", "Every kind of profile takes part, staff of all kinds included."),
            Option(
                "academic_or_student", "Academic or student", "Only academics and students (is-academic, is-student)."
            ),
            Option("academic", "Academic", "Only academics (Elements: is-academic)."),
        ),
    ),
    Field(
        "people",
        "Least visibility of people",
        f"{SAYS_LEVEL}. In the settings: visibility.people.",
        (
            Option("private", "Private", "Everybody takes part. Who is private is named to nobody all the same."),
            Option("internal", "Internal", "Who is private takes no part, nor what nobody else has written."),
            Option("public", "Public", "Only who is public takes part, for members too."),
        ),
    ),
    Field(
        "outputs",
        "Least visibility of outputs",
        f"{SAYS_LEVEL}. In the settings: visibility.outputs.",
        (
            Option("private", "Private", "All outputs take part. Private ones have a badge for nobody all the same."),
            Option("internal", "Internal", "The public sees public outputs, members internal ones as well."),
            Option("public", "Public", "Only public outputs take part: members see no others."),
        ),
    ),
    Field(
        "authorships",
        "Least visibility of authorships",
        "The link between a person and an output. Elements: privacy-level or is-visible of the relationship. "
        "In the settings: visibility.authorships.",
        (
            Option("private", "Private", "An output whose only author hid the link has its badge, without the name."),
            Option("internal", "Internal", "A hidden link brings no output in. Members see internal links."),
            Option("public", "Public", "Only public links bring an output in, for members too."),
        ),
    ),
)


class Chosen(NamedTuple):
    """`values` by field, and what is wrong with them, by field; `scope` is None where something is."""

    values: dict[str, str]
    errors: dict[str, str]
    scope: Scope | None

    @property
    def query(self) -> str:
        """As the address has it."""
        return urlencode(self.values)


def values(scope: Scope) -> dict[str, str]:
    """A scope by field."""
    return {"status": scope.status, "profile": scope.profile, **{name: level.word for name, level in scope.visibility}}


def chosen(told: Form, in_force: Scope, settings: Settings) -> Chosen:
    """What an address chooses; where it says nothing of a field, that stays as it is in force."""
    found, errors = values(in_force), {}
    for field in FIELDS:
        known = [option.value for option in field.options]
        if (value := told.one(field.name)) in known:
            found[field.name] = value
        elif value:
            errors[field.name] = f'"{value[:40]}" is none of {", ".join(known)}'
    if errors:
        return Chosen(found, errors, None)
    scope = scope_of(found)
    for key, words in below_keep(scope, settings.connections.values()):
        errors.setdefault(key.rpartition(".")[2], words)
    return Chosen(found, errors, None if errors else scope)


def scope_of(told: Mapping[str, str]) -> Scope:
    """The scope of values that are known ones."""
    least = {name: told[name] for name in ("people", "outputs", "authorships")}
    return Scope.model_validate({"status": told["status"], "profile": told["profile"], "visibility": least})
