"""Who is signed in to the console, whose scripts may read, what was asked for there, and how the scope came to be what
it is."""

from sqlalchemy import CheckConstraint, Text
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words

ROLES = "('internal', 'editor', 'admin')"


class Session(SQLModel, table=True):
    """Somebody who is signed in, by the hash of the word in their cookie. `how`: link or oidc; `ended_at` 0 until they
    sign out or somebody ends it. `account` and `visit` are hashes of what the provider calls them and their sign-in
    there, by which it can end sessions; `hint` is what it wants to be told when they sign out, under a key that only
    their cookie holds. All three are empty for a link."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="session_role_known"), STRICT)
    id: int = key()
    mark: str = words(unique=True)
    name: str = words()
    role: str = words()
    how: str = words()
    made_at: int = whole()
    seen_at: int = whole()
    until_at: int = whole()
    ended_at: int = whole(0)
    account: str = words("")
    visit: str = words("")
    hint: str = words("")


class SignInLink(SQLModel, table=True):
    """The hash of the word in a link that signs somebody in, once."""

    __tablename__ = "sign_in_link"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="sign_in_link_role_known"), KEYED)
    mark: str = part(Text)
    name: str = words()
    role: str = words()
    until_at: int = whole()


class SignInUsed(SQLModel, table=True):
    """The hash of a way back from the provider that was gone, or of a notice from it, so that neither works twice."""

    __tablename__ = "sign_in_used"
    __table_args__ = (KEYED,)
    mark: str = part(Text)
    until_at: int = whole()


class Token(SQLModel, table=True):
    """What a script shows to read, by its hash. `may` are scopes with a blank between them; `used_at` 0 until its first
    use, `ended_at` 0 until it is revoked."""

    __table_args__ = (STRICT,)
    id: int = key()
    mark: str = words(unique=True)
    name: str = words()
    may: str = words()
    actor: str = words()
    made_at: int = whole()
    until_at: int = whole()
    used_at: int = whole(0)
    ended_at: int = whole(0)


class Errand(SQLModel, table=True):
    """What somebody asked the daemon to do out of its turn. `told` is what came of it, as a JSON object."""

    __table_args__ = (
        CheckConstraint("verb IN ('pull', 'full', 'score', 'push', 'check', 'withdraw')", name="errand_verb_known"),
        STRICT,
    )
    id: int = key()
    verb: str = words()
    subject: str = words()
    actor: str = words()
    asked_at: int = whole()
    begun_at: int = whole(0)
    ended_at: int = whole(0)
    outcome: str = words("")
    told: str = words("{}")


class ScopeChange(SQLModel, table=True):
    """One change of the scope in force: as it was and as it became, each as a JSON object, and what that did."""

    __tablename__ = "scope_change"
    __table_args__ = (STRICT,)
    id: int = key()
    at: int = whole()
    actor: str = words()
    why: str = words()
    before: str = words()
    after: str = words()
    did: str = words()
