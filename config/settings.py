"""The settings: one object, read once by `config.load`, that cannot be changed afterwards."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.abroad import Abroad
from config.alarms import Alarms
from config.errors import refuse, shown
from config.mail import Contact, MailServer
from config.schedule import Schedule
from config.scope import Scope
from config.sign_in import SignIn
from config.sources import variable
from config.themes import Badges
from config.values import (
    Count,
    Duration,
    Headers,
    HostPort,
    Level,
    LoopbackPort,
    Number,
    PlaceAddress,
    Seconds,
    Share,
    Table,
    Text,
    WebAddress,
    WebAddresses,
    When,
    Words,
    YesNo,
    is_loopback,
)
from config.visibility import Visibility
from config.watch import Watch

MAKE_PEOPLE = frozenset({"elements", "pure", "files"})
NEEDED = {"elements": "url", "dspace": "url", "files": "path"}  # other kinds say so in their manifest
DOI_FIELDS = {"dspace": ("dc.identifier.doi", "dc.identifier.uri")}
WRITTEN_TO = frozenset({"dspace"})  # kinds that, where badges are pushed to them, are read only when asked to
SCHEMES = ("for", "science-metrix")
RELATIONSHIPS = ("publication-user-authorship", "publication-user-editorship")


class Institution(Table):
    """Who we are. `base_url` is where readers reach `serve`; every badge link begins with it. `contact` is where they
    may write to: an e-mail address, or a page."""

    name: Text = "Our institution"
    base_url: WebAddress = "http://127.0.0.1:8000"
    contact: Contact | None = None


class Store(Table):
    """Where our copy lives. `url` may hold a password, so it is not shown; a sqlite path is absolute after loading."""

    read_from: ClassVar = {"url_file": "url"}

    url: str = Field(default="sqlite:///ringmark.db", repr=False)

    @model_validator(mode="after")
    def _known_database(self) -> Self:
        mend = "write sqlite:///file.db or postgresql+psycopg://host/name"
        if not re.match(r"(sqlite:///|postgresql\+psycopg://).", self.url):
            refuse([("url", f"is no database this version knows; {mend}")])
        if self.url.startswith("sqlite:///:memory:"):
            refuse([("url", f"would forget everything at the end of each command; {mend}")])
        return self


class Score(Table):
    """Which rule set's scores are published. `versions`: what speaks of a preprint, or of another version that a record
    states, counts for the output too."""

    rules: Text = "ringmark-2026"
    versions: YesNo = True


class Serve(Table):
    """Where `serve` listens: for readers (behind the proxy that speaks https), and for operations on this machine. How
    many calls of `/v1` it answers in an hour and in a day, whoever asks; 0 for any number."""

    listen: HostPort = "127.0.0.1:8000"
    operations: LoopbackPort = "127.0.0.1:8001"
    v1_hourly: Number = 100_000
    v1_daily: Number = 1_000_000


class Assume(Table):
    """The visibility of what a source's wire format cannot say at all; None is private, for groups internal."""

    people: Level | None = None
    outputs: Level | None = None
    authorships: Level | None = None
    groups: Level | None = None


class AssumeAdded(Table):
    """The visibility of outputs that only an import has told."""

    outputs: Level = Visibility.PRIVATE


class Imports(Table):
    """What holds for `import`, whose files do not say who may see an output."""

    assume: AssumeAdded = AssumeAdded()


class Connection(Table):
    """One configured system. `pace` and `at_once` None leave it to the connector; `set_aside_max` is a share (0 to 1)
    of a run, `deadline` how long one may take; `redirect_to` are scheme, host and port. `key_file` and `host_key` are
    those of SSH. `academic` are the source's own words for academic staff, where it has any; `formats` (the best first)
    and `sets` are those of OAI-PMH, or `sets` are wikis. Each of these three is empty where the connector knows better.
    `oai` is where a system with an interface of its own answers harvesters, None where that is the usual place.

    `daily` is how many questions a service is asked on one day at most; None leaves it to the connector.

    Headers may carry keys, so they are secrets, and like a password they never travel over plain http to another host.
    """

    given_by_load: ClassVar = ("name",)
    read_from: ClassVar = {"password_file": "password", "token_file": "token", "headers_file": "headers"}

    name: str
    kind: Text
    url: PlaceAddress | None = None
    path: Path | None = None
    username: Text | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    headers: Headers = Field(default_factory=dict)
    ca_file: Path | None = None
    key_file: Path | None = None
    host_key: Text | None = None
    pull: When = Schedule.read("3h")
    full: When = Schedule.read("30d")
    keep: Level = Visibility.PRIVATE
    people: YesNo = Field(default_factory=lambda known: known.get("kind") in MAKE_PEOPLE)
    people_map: Path | None = None
    academic: Words = ()
    require_author: YesNo = Field(default_factory=lambda known: known.get("people", True))
    assume: Assume = Assume()
    relationships: Words = RELATIONSHIPS
    subjects: Words = SCHEMES
    doi_fields: Words = Field(default_factory=lambda known: DOI_FIELDS.get(str(known.get("kind")), ("doi",)))
    formats: Words = ()
    sets: Words = ()
    oai: WebAddress | None = None
    set_aside_max: Share = 0.05
    pace: Seconds | None = None
    at_once: Count | None = None
    deadline: Duration = timedelta(hours=12)
    redirect_to: WebAddresses = ()
    per_page: Count | None = None
    push: Literal["public", "internal"] | None = None
    read: YesNo = Field(default_factory=lambda known: not (known.get("push") and known.get("kind") in WRITTEN_TO))
    field: Text | None = None
    push_every: Duration = timedelta(days=7)
    push_limit: Count = 5000
    ask_about: Level = Visibility.PUBLIC
    daily: Count | None = None

    @model_validator(mode="after")
    def _complete_and_safe(self) -> Self:
        problems = []
        needed = NEEDED.get(self.kind)
        if needed and getattr(self, needed) is None:
            problems.append((needed, f'missing; kind = "{self.kind}" needs it'))
        password = self.password.get_secret_value() if self.password else ""
        if self.username and not password and not self.key_file:
            mend = f"set {variable('connections', self.name, 'password')} or password_file"
            problems.append(("password", f"missing; {mend}"))
        if password and not self.username:
            problems.append(("username", "missing; there is a password"))
        if self.key_file and not self.username:
            problems.append(("username", "missing; there is a key_file"))
        if (
            self.url
            and self.url.startswith("http:")
            and not is_loopback(self.url)
            and (password or self.token or self.headers)
        ):
            problems.append(("url", "would send credentials over plain http; write https://"))
        for address in self.redirect_to:
            if address.count("/") > 2:
                problems.append(("redirect_to", f"{shown(address)} has a path; write such as https://host:port"))
            if address.startswith("http:") and not is_loopback(address):
                problems.append(("redirect_to", f"{shown(address)} would be read over plain http; write https://"))
        refuse(problems)
        return self


def _connection_name(name: str) -> str:
    # `__` parts the names in environment variables, so a name must not blur where it ends.
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError("is no connection name; use a-z, 0-9 and single _ between them, beginning with a letter")
    return name


class Settings(BaseSettings):
    """Everything of one `ringmark.toml` and its environment. `connections` are in the order of the file, which decides
    whose titles and names come first; `scope` only seeds an empty store. `file` is the absolute path it came from."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    given_by_load: ClassVar = ("file",)

    file: Path
    institution: Institution = Institution()
    store: Store = Store()
    scope: Scope | None = None
    score: Score = Score()
    serve: Serve = Serve()
    imports: Imports = Imports()
    abroad: Abroad = Abroad()
    badges: Badges = Badges()
    alarms: Alarms = Alarms()
    watch: Watch = Watch()
    sign_in: SignIn = SignIn()
    connections: dict[Annotated[str, AfterValidator(_connection_name)], Connection] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the names are pydantic's)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """File and environment are merged by `config.load`, which remembers where each value came from to name it."""
        return (init_settings,)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = []
        pushing = [name for name, connection in self.connections.items() if connection.push]
        if pushing and "base_url" not in self.institution.model_fields_set:
            mend = f"connections.{pushing[0]} pushes links that begin with it"
            problems.append(("institution.base_url", f"missing; {mend}"))
        problems += self._letters() + self._back()
        refuse(problems + below_keep(self.scope or Scope(), self.connections.values()))
        return self

    @property
    def letters(self) -> tuple[str, MailServer]:
        """The mail server for readers' messages, and the table that names it."""
        own = {"mail_from": self.watch.mail_from} if self.watch.mail_from else {}
        if self.watch.smtp or not self.alarms.smtp:
            return "watch", self.watch
        return "alarms", self.alarms.model_copy(update=own)

    def _back(self) -> list[tuple[str, str]]:
        """What keeps people from coming back from the provider they sign in at: codes and cookies travel there."""
        if not self.sign_in.issuer:
            return []
        if "base_url" not in self.institution.model_fields_set:
            return [("institution.base_url", "missing; people come back to it from the issuer of [sign_in]")]
        base = self.institution.base_url
        if base.startswith("http:") and not is_loopback(base):
            return [("institution.base_url", "is plain http, where nobody can sign in safely; write https://")]
        return []

    def _letters(self) -> list[tuple[str, str]]:
        """What is missing where readers can watch by e-mail."""
        if not self.watch.mail:
            return []
        problems = []
        if self.letters[1].smtp is None:
            problems.append(("watch.smtp", "missing; mail = true needs it, here or in [alarms]"))
        if "base_url" not in self.institution.model_fields_set:
            problems.append(("institution.base_url", "missing; the messages of [watch] hold links that begin with it"))
        return problems


def below_keep(scope: Scope, connections: Iterable[Connection]) -> list[tuple[str, str]]:
    """The levels of a scope that ask for what a connection does not keep, as (key, what is wrong)."""
    return [
        (f"scope.visibility.{part}", f'"{level.word}" is below keep = "{c.keep.word}" of connections.{c.name}')
        for part, level in scope.visibility
        for c in connections
        if level < c.keep
    ]
