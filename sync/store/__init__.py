"""The only door to the tables.

Times are microseconds since 1970 in UTC (`micros`, `moment`, `stamp`). Readers of badges take the audience first.
"""

from sync.store.asides import listed as set_aside
from sync.store.asides import one as one_aside
from sync.store.asides import resolve
from sync.store.audit import note
from sync.store.badges import AUDIENCES, Audience, Shown, context, find, walk
from sync.store.clock import micros, moment, now, stamp
from sync.store.connections import Begin, begin, end, forget, local, pause, register, state
from sync.store.connections import listed as sources
from sync.store.database import Store, StoreError, copy_of, open_store
from sync.store.hides import hide, output_of, person_of, release_due, unhide
from sync.store.hot import Face, Hot, Line, Mark, Vitals, top, vitals
from sync.store.identity import unknown
from sync.store.missing import Swept, accept, sweep
from sync.store.page import apply
from sync.store.pushed import agree, intend, leave, place, unseen, withdrawing, withdrawn
from sync.store.pushed import begin as begin_push
from sync.store.pushed import edited as push_edited
from sync.store.pushed import end as end_push
from sync.store.pushed import failed as push_failed
from sync.store.pushed import gone as push_gone
from sync.store.pushed import recalled as push_recalled
from sync.store.pushed import stays as push_stays
from sync.store.pushed import written as push_written
from sync.store.pushing import due as pushes_due
from sync.store.pushing import found_by, horizon, may_ask, taken, to_withdraw, unplaced, withdrawals
from sync.store.pushing import held_by as pushed_by
from sync.store.pushing import may as permitted
from sync.store.runs import Outcome
from sync.store.scopes import Effect, counted, in_force, preview, seed
from sync.store.scopes import apply as apply_scope
from sync.store.scores import Scored, compute, ledger, score
from sync.store.source import Applied, Source
from sync.store.standing import status
from sync.store.targets import Due, Entry, Target
from sync.store.turns import turn
from sync.store.why import output as why_output
from sync.store.why import person as why_person
from sync.tables import FOREVER

__all__ = [
    "AUDIENCES",
    "FOREVER",
    "Applied",
    "Audience",
    "Begin",
    "Due",
    "Effect",
    "Entry",
    "Face",
    "Hot",
    "Line",
    "Mark",
    "Outcome",
    "Scored",
    "Shown",
    "Source",
    "Store",
    "StoreError",
    "Swept",
    "Target",
    "Vitals",
    "accept",
    "agree",
    "apply",
    "apply_scope",
    "begin",
    "begin_push",
    "compute",
    "context",
    "copy_of",
    "counted",
    "end",
    "end_push",
    "find",
    "forget",
    "found_by",
    "hide",
    "horizon",
    "in_force",
    "intend",
    "leave",
    "ledger",
    "local",
    "may_ask",
    "micros",
    "moment",
    "note",
    "now",
    "one_aside",
    "open_store",
    "output_of",
    "pause",
    "permitted",
    "person_of",
    "place",
    "preview",
    "push_edited",
    "push_failed",
    "push_gone",
    "push_recalled",
    "push_stays",
    "push_written",
    "pushed_by",
    "pushes_due",
    "register",
    "release_due",
    "resolve",
    "score",
    "seed",
    "set_aside",
    "sources",
    "stamp",
    "state",
    "status",
    "sweep",
    "taken",
    "to_withdraw",
    "top",
    "turn",
    "unhide",
    "unknown",
    "unplaced",
    "unseen",
    "vitals",
    "walk",
    "why_output",
    "why_person",
    "withdrawals",
    "withdrawing",
    "withdrawn",
]
