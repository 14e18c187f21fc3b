"""Coming back from the identity provider, and being signed out by it."""

from dataclasses import dataclass

from config.sign_in import Role
from connectors.oidc import SignedIn
from connectors.oidc.tokens import Notice
from sync import store
from sync.acts.office import Office, Refused
from sync.acts.sealed import sealed
from sync.acts.sessions import lasts
from sync.store.sessions import Abroad

ONCE = 10 * store.DAY // 24 // 60  # microseconds for which a way back is good, and remembered once it was gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Who came, and the word of their session; without a role there is none, and `word` is empty."""

    name: str
    role: Role | None
    word: str


def arrived(office: Office, who: SignedIn, *, way: str, before: str) -> Arrived:
    """Sign in whom the provider names. Their role is worked out anew from what it says now. `way` is the word of the
    way back, which is used up; `before` that of a session of the same browser, which is over."""
    settings, now = office.settings.sign_in, office.clock()
    name, role = settings.name(who.claims), settings.role(who.claims)
    visit = who.claims.get("sid")
    with office.house.write() as db:
        if not store.sessions.use(db, way, now=now, lasts=ONCE):
            raise Refused("this way back was used already; sign in again")
        if before and (old := store.sessions.found(db, before, now=now)):
            store.sessions.end(db, old.id, now=now)
        if role is None or not name:
            return Arrived(name=name, role=None, word="")
        abroad = Abroad(account=f"{who.issuer}\n{who.claims['sub']}", visit=f"{who.issuer}\n{visit}" if visit else "")
        word, id_ = store.sessions.begin(db, name, role, "oidc", now=now, lasts=lasts(office), abroad=abroad)
        store.sessions.remember(db, id_, sealed(word, who.id_token))
        store.note(db, "sign in", name, by=name, now=now, role=role, how="oidc")
    return Arrived(name=name, role=role, word=word)


def signed_out(office: Office, issuer: str, notice: Notice) -> int:
    """End the sessions of somebody who signed out at the provider, or was; how many. A notice works once."""
    now = office.clock()
    told = Abroad(
        account=f"{issuer}\n{notice.account}" if notice.account else "",
        visit=f"{issuer}\n{notice.visit}" if notice.visit else "",
    )
    with office.house.write() as db:
        if not store.sessions.use(db, f"{issuer}\n{notice.id}", now=now, lasts=2 * ONCE):
            return 0
        ended = store.sessions.end_abroad(db, told, now=now)
        for id_ in ended:
            store.note(db, "sign out", f"session:{id_}", by="identity provider", now=now)
    return len(ended)
