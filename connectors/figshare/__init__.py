"""Figshare for Institutions: articles as everybody is told of them, and the accounts whose profiles are public.

API:       v2, JSON, https://api.figshare.com/v2; lists by date of change, then one request an article and a profile
Auth:      a personal token of an administrator of the institution
Deletions: not told, and what is unpublished leaves no trace; a full pull finds both
Terms:     at most one request a second is what Figshare asks for, and the pace where the settings are silent

Nothing is written: docs/figshare.md says why, and how the badge is shown beside an item all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Manifest, Pulls, Since
from connectors.errors import ConnectorError, NotUnderstood
from connectors.figshare.api import ACCOUNTS, ARTICLES, Api, Refused
from connectors.figshare.check import findings
from connectors.figshare.flags import judge
from connectors.figshare.items import key_of
from connectors.figshare.people import person
from connectors.figshare.run import Run
from connectors.people_map import PeopleMap
from connectors.records import Gone, Kind, Page


class Figshare(Pulls):
    """The Figshare of one institution, read as one of its administrators."""

    manifest: ClassVar = Manifest(
        kind="figshare",
        incremental=True,
        deletions="none",
        people=True,
        person_status=True,
        visibility=frozenset({"people", "outputs"}),
        token="Authorization: token {}",  # noqa: S106 - where it goes
        page_limits=(("articles", ARTICLES), ("accounts", ACCOUNTS)),
        pace=1.0,
    )

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`.

        A list that does not go on as it must ends the run with `Done.incomplete`: what came before is true, but not
        all."""
        self.client.begin()
        run = self._run()
        run.began = clock.began(run.began, since.now)
        yield from run.pages(since.cursor, since.bookmark, again=since.memory is not None)

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one thing; gone where it is no account any more, and hidden where it is not for everybody, or not for
        us. So it is with an article that nobody is shown: it was unpublished, or deleted."""
        gone, api = Gone(kind=kind, key=key), Api(self.client, None)
        if kind not in ("item", "person"):
            return gone
        hidden = replace(gone, hidden=True)
        try:
            level = _article(api, key) if kind == "item" else _profile(api, key)
        except Refused:
            return hidden
        if level is None:
            return hidden if kind == "item" else gone
        return None if level == Visibility.PUBLIC else hidden

    def check(self) -> Iterator[Finding]:
        """Address, token, rights, and how the flags of the first articles and people are spread."""
        self.client.begin()
        try:
            yield from findings(self._run())
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def _run(self) -> Run:
        api = Api(self.client, self.settings.per_page)
        return Run(
            api=api,
            source=self.settings.name,
            began=api.institution(),
            people=self.settings.people,
            authorships=self.settings.assume.authorships or Visibility.PRIVATE,
            map=PeopleMap.read(self.settings.people_map),
        )


def _article(api: Api, key: str) -> Visibility | None:
    """How open an article is; None where there is none for everybody."""
    view = api.article(key)
    if view is None:
        return None
    if not isinstance(view, Mapping) or key_of(view) != key:
        raise NotUnderstood("what everybody is told of an article is no article, or another one")
    return judge(view, [])


def _profile(api: Api, key: str) -> Visibility | None:
    """How open the profile of an account is; None where there is no such account."""
    account = api.account(key)
    return None if account is None else person([account], api.user(key)).visibility
