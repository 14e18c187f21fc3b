"""The only door to the tables.

Times are microseconds since 1970 in UTC (`micros`, `moment`, `stamp`). Readers of badges take the audience first.
"""

from sync.store.asides import listed as set_aside
from sync.store.asides import one as one_aside
from sync.store.asides import resolve
from sync.store.audit import note
from sync.store.badges import AUDIENCES, Audience, Shown, context, find, walk
from sync.store.clock import micros, moment, now, stamp
from sync.store.connections import Begin, Outcome, begin, end, forget, local, pause, register, state
from sync.store.connections import listed as sources
from sync.store.database import Store, StoreError, copy_of, open_store
from sync.store.hides import hide, output_of, person_of, release_due, unhide
from sync.store.identity import unknown
from sync.store.missing import Swept, accept, sweep
from sync.store.page import apply
from sync.store.scopes import apply as apply_scope
from sync.store.scopes import counted, in_force, preview, seed
from sync.store.scores import Scored, compute, ledger, score
from sync.store.source import Applied, Source
from sync.store.standing import status
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
    "Outcome",
    "Scored",
    "Shown",
    "Source",
    "Store",
    "StoreError",
    "Swept",
    "accept",
    "apply",
    "apply_scope",
    "begin",
    "compute",
    "context",
    "copy_of",
    "counted",
    "end",
    "find",
    "forget",
    "hide",
    "in_force",
    "ledger",
    "local",
    "micros",
    "moment",
    "note",
    "now",
    "one_aside",
    "open_store",
    "output_of",
    "pause",
    "person_of",
    "preview",
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
    "turn",
    "unhide",
    "unknown",
    "walk",
    "why_output",
    "why_person",
]
