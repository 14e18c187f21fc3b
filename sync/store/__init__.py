"""The only door to the tables.

Times are microseconds since 1970 in UTC (`micros`, `moment`, `stamp`). Readers of badges take the audience first.
"""

from sync.store import (
    alarms,
    asking,
    audit,
    begun,
    clashes,
    errands,
    evidence,
    hearing,
    known_as,
    leases,
    lookup,
    notes,
    refusals,
    refusing,
    rematching,
    reports,
    rulings,
    scope_changes,
    sessions,
    sought,
    telling,
    tokens,
    watching,
)
from sync.store.accounts import AccountFacts
from sync.store.accounts import hold as accounts_hold
from sync.store.accounts import said_by_administrators as accounts_said
from sync.store.accounts import say as say_accounts
from sync.store.accounts import story as account_story
from sync.store.added import added, assume
from sync.store.alarms import Alarm, News
from sync.store.asides import grouped as set_aside_by_reason
from sync.store.asides import listed as set_aside
from sync.store.asides import one as one_aside
from sync.store.asides import pass_by as let_asides_pass
from sync.store.asides import resolve
from sync.store.asides import some as set_aside_some
from sync.store.audit import note
from sync.store.audit import of as noted_of
from sync.store.audit import since as noted_since
from sync.store.backup import Backup, backup
from sync.store.backup import read as read_backup
from sync.store.badges import (
    AUDIENCES,
    Audience,
    Shown,
    ShownVersion,
    Titled,
    context,
    count,
    find,
    first,
    scored_by,
    several,
    titles,
    walk,
)
from sync.store.cited import Citing, Order, cited
from sync.store.clock import DAY, micros, moment, now, stamp
from sync.store.connections import (
    LOCAL,
    Begin,
    begin,
    end,
    end_rests,
    forget,
    local,
    pause,
    register,
    rests,
    state,
    tells,
    told_by,
)
from sync.store.connections import glance as sources_at_a_glance
from sync.store.connections import listed as sources
from sync.store.connections import size as source_size
from sync.store.copies import copy_of
from sync.store.crowds import Crowd, Crowds, Everyone, crowds, everyone
from sync.store.database import Store, StoreError, open_store
from sync.store.decisions import lost as would_lose
from sync.store.decisions import one as decision
from sync.store.decisions import rehearse as rehearse_accept
from sync.store.decisions import waiting as decisions
from sync.store.effects import Effect
from sync.store.erasing import Forgotten
from sync.store.erasing import account as erase_account
from sync.store.erasing import names as names_of
from sync.store.erasing import person as erase_person
from sync.store.faces import Face, Hot, Mark
from sync.store.facets import FACETS, Choice, Facet, Facets, facets, named
from sync.store.gaming import findings as gaming_found
from sync.store.gaming import mentions_with as gaming_mentions
from sync.store.hides import hide, output_of, person_of, public_of, release_due, unhide
from sync.store.history import Change, Since, changed_since, history
from sync.store.hot import hot
from sync.store.identity import unknown
from sync.store.known_of import account as known_of_account
from sync.store.known_of import person as known_of_person
from sync.store.leases import Lease, LeaseTaken
from sync.store.ledger import Ledger, ledger, points_by
from sync.store.ledger import about as ledger_mentions
from sync.store.ledger import points as ledger_points
from sync.store.listed import Changed, List, changed, listed, total
from sync.store.look import looked_at
from sync.store.missing import Swept, accept, put_right, sweep
from sync.store.outlet_lines import OutletLine
from sync.store.outlet_lines import lines as outlet_lines
from sync.store.outlets import OutletFacts, domain_owner
from sync.store.outlets import holds as outlets_hold
from sync.store.outlets import learn as learn_outlets
from sync.store.outlets import said_by as outlets_said
from sync.store.outlets import said_of as outlet_said
from sync.store.outlets import say as say_outlets
from sync.store.page import apply
from sync.store.past import Lately, ever_scored, heard, keeps, lately, read_since
from sync.store.past import Run as PastRun
from sync.store.periods import Per, Period
from sync.store.pushed import agree, intend, leave, place, unseen, withdrawing, withdrawn
from sync.store.pushed import begin as begin_push
from sync.store.pushed import edited as push_edited
from sync.store.pushed import end as end_push
from sync.store.pushed import failed as push_failed
from sync.store.pushed import gone as push_gone
from sync.store.pushed import recalled as push_recalled
from sync.store.pushed import stays as push_stays
from sync.store.pushed import verified as push_verified
from sync.store.pushed import written as push_written
from sync.store.pushing import LOOK, found_by, horizon, may_ask, taken, to_verify, to_withdraw, unplaced, withdrawals
from sync.store.pushing import due as pushes_due
from sync.store.pushing import held_by as pushed_by
from sync.store.pushing import holds as pushed_count
from sync.store.pushing import may as permitted
from sync.store.pushing import waits as push_waits
from sync.store.reading import SettingsChanged
from sync.store.restore import Restored, restore
from sync.store.runs import Outcome, close_dead, last_complete
from sync.store.runs import listed as runs_of
from sync.store.scope_changes import ScopeChange
from sync.store.scopes import apply as apply_scope
from sync.store.scopes import counted, in_force, preview, seed
from sync.store.score_state import ScoreState, generations, score_state
from sync.store.scores import Scored, score
from sync.store.scrub import scrub
from sync.store.search import SORTS, Condition, Search, condition
from sync.store.shelves import Shelf, groups, journals, mentioned
from sync.store.source import Applied, Source
from sync.store.speaking import Speaking, speaking
from sync.store.spoken import BANDS
from sync.store.standing import Expected, holding, status, troubles
from sync.store.targets import Due, Entry, Target
from sync.store.there import counted as there_counted
from sync.store.there import rows as there
from sync.store.tidy import tidy
from sync.store.touched import Touched
from sync.store.turns import turn
from sync.store.unread import awaited
from sync.store.vitals import Line, Vitals, top, vitals
from sync.store.voice import Measure, Voices, voices
from sync.store.why import output as why_output
from sync.store.why import person as why_person
from sync.store.worked_out import NO_SCORE, Engine, compute, held, relations, trial
from sync.tables import FOREVER

__all__ = [
    "AUDIENCES",
    "BANDS",
    "DAY",
    "FACETS",
    "FOREVER",
    "LOCAL",
    "LOOK",
    "NO_SCORE",
    "SORTS",
    "AccountFacts",
    "Alarm",
    "Applied",
    "Audience",
    "Backup",
    "Begin",
    "Change",
    "Changed",
    "Choice",
    "Citing",
    "Condition",
    "Crowd",
    "Crowds",
    "Due",
    "Effect",
    "Engine",
    "Entry",
    "Everyone",
    "Expected",
    "Face",
    "Facet",
    "Facets",
    "Forgotten",
    "Hot",
    "Lately",
    "Lease",
    "LeaseTaken",
    "Ledger",
    "Line",
    "List",
    "Mark",
    "Measure",
    "News",
    "Order",
    "Outcome",
    "OutletFacts",
    "OutletLine",
    "PastRun",
    "Per",
    "Period",
    "Restored",
    "ScopeChange",
    "ScoreState",
    "Scored",
    "Search",
    "SettingsChanged",
    "Shelf",
    "Shown",
    "ShownVersion",
    "Since",
    "Source",
    "Speaking",
    "Store",
    "StoreError",
    "Swept",
    "Target",
    "Titled",
    "Touched",
    "Vitals",
    "Voices",
    "accept",
    "account_story",
    "accounts_hold",
    "accounts_said",
    "added",
    "agree",
    "alarms",
    "apply",
    "apply_scope",
    "asking",
    "assume",
    "audit",
    "awaited",
    "backup",
    "begin",
    "begin_push",
    "begun",
    "changed",
    "changed_since",
    "cited",
    "clashes",
    "close_dead",
    "compute",
    "condition",
    "context",
    "copy_of",
    "count",
    "counted",
    "crowds",
    "decision",
    "decisions",
    "domain_owner",
    "end",
    "end_push",
    "end_rests",
    "erase_account",
    "erase_person",
    "errands",
    "ever_scored",
    "everyone",
    "evidence",
    "facets",
    "find",
    "first",
    "forget",
    "found_by",
    "gaming_found",
    "gaming_mentions",
    "generations",
    "groups",
    "heard",
    "hearing",
    "held",
    "hide",
    "history",
    "holding",
    "horizon",
    "hot",
    "in_force",
    "intend",
    "journals",
    "keeps",
    "known_as",
    "known_of_account",
    "known_of_person",
    "last_complete",
    "lately",
    "learn_outlets",
    "leases",
    "leave",
    "ledger",
    "ledger_mentions",
    "ledger_points",
    "let_asides_pass",
    "listed",
    "local",
    "looked_at",
    "lookup",
    "may_ask",
    "mentioned",
    "micros",
    "moment",
    "named",
    "names_of",
    "note",
    "noted_of",
    "noted_since",
    "notes",
    "now",
    "one_aside",
    "open_store",
    "outlet_lines",
    "outlet_said",
    "outlets_hold",
    "outlets_said",
    "output_of",
    "pause",
    "permitted",
    "person_of",
    "place",
    "points_by",
    "preview",
    "public_of",
    "push_edited",
    "push_failed",
    "push_gone",
    "push_recalled",
    "push_stays",
    "push_verified",
    "push_waits",
    "push_written",
    "pushed_by",
    "pushed_count",
    "pushes_due",
    "put_right",
    "read_backup",
    "read_since",
    "refusals",
    "refusing",
    "register",
    "rehearse_accept",
    "relations",
    "release_due",
    "rematching",
    "reports",
    "resolve",
    "restore",
    "rests",
    "rulings",
    "runs_of",
    "say_accounts",
    "say_outlets",
    "scope_changes",
    "score",
    "score_state",
    "scored_by",
    "scrub",
    "seed",
    "sessions",
    "set_aside",
    "set_aside_by_reason",
    "set_aside_some",
    "several",
    "sought",
    "source_size",
    "sources",
    "sources_at_a_glance",
    "speaking",
    "stamp",
    "state",
    "status",
    "sweep",
    "taken",
    "telling",
    "tells",
    "there",
    "there_counted",
    "tidy",
    "titles",
    "to_verify",
    "to_withdraw",
    "tokens",
    "told_by",
    "top",
    "total",
    "trial",
    "troubles",
    "turn",
    "unhide",
    "unknown",
    "unplaced",
    "unseen",
    "vitals",
    "voices",
    "walk",
    "watching",
    "why_output",
    "why_person",
    "withdrawals",
    "withdrawing",
    "withdrawn",
    "would_lose",
]
