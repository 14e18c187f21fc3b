"""One daemon at a time for each store: taken at the start, renewed for as long as we live, given back at the end."""

import logging
import threading
import time
from collections.abc import Callable

from sync import store
from sync.daemon import holder
from sync.daemon.due import SECOND, steady
from sync.store import LeaseTaken, Store, StoreError

NAME = "daemon"
FOR = 90.0  # seconds
BEAT = 15.0  # seconds between renewals
GIVE_UP = 900.0  # seconds without one, after which to be started anew may help

log = logging.getLogger(__name__)


class Keeper:
    """Holds the lease by a thread of its own. While it is not `held` nothing may be done; `lost` says why it will not
    be held again, once that is so."""

    def __init__(self, house: Store, now: Callable[[], int]) -> None:
        """Raises `LeaseTaken`."""
        self._house, self._now = house, now
        self._ended = threading.Event()
        self._renewing = threading.Lock()
        self._awake, self._steady = time.monotonic(), steady()
        self._lease = store.leases.take(
            house, NAME, holder=holder.ourselves(), now=now(), for_=int(FOR * SECOND), gone=holder.gone
        )
        self._taken_away = False
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)
        self._thread.start()

    @property
    def held(self) -> bool:
        """Whether nobody else can have it by now. After the machine slept, or somebody has kept the store to himself
        for long, that is to be found out first."""
        return not self.lost and steady() - self._steady < FOR

    @property
    def lost(self) -> str:
        """Why the lease is not ours any more; empty while it may be."""
        if self._taken_away:
            return "another daemon has taken the lease; this one ends"
        if time.monotonic() - self._awake > GIVE_UP:
            return f"the lease could not be renewed for {GIVE_UP:.0f} s; this daemon ends"
        return ""

    def renew(self) -> None:
        """Hold it for longer. Raises `StoreError` where the store cannot be written to."""
        with self._renewing:
            awake, steadily = time.monotonic(), steady()
            if store.leases.renew(self._house, self._lease, now=self._now(), for_=int(FOR * SECOND)):
                self._awake, self._steady = awake, steadily
            else:
                self._taken_away = True

    def close(self) -> None:
        """Give it back."""
        self._ended.set()
        self._thread.join()
        store.leases.give_back(self._house, self._lease)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            try:
                self.renew()
            except StoreError as error:
                log.warning("the lease was not renewed", extra={"why": str(error)})


def refusal(taken: LeaseTaken) -> str:
    """What a second daemon says of the first."""
    lease = taken.lease
    since, until = (store.stamp(at // SECOND * SECOND) for at in (lease.taken_at, lease.until_at))
    return (
        f"another daemon is at work on this store: {holder.words(lease.holder)}, since {since}; its lease runs until "
        f"{until}; end it first, or, where its machine is gone, start again after that"
    )
