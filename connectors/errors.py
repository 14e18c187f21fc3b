"""What went wrong with a source, named by what to do next."""


class ConnectorError(Exception):
    """Base of the four; the message names the thing and the mend, and never holds a credential, a title or a name."""


class TryLater(ConnectorError):  # noqa: N818 - named by what to do next
    """The source did not answer in time or asked for patience. Nothing is lost: the next run goes on from here."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        """`after`: seconds the source asked us to wait, when it did."""
        super().__init__(message)
        self.after = after


class NotAllowed(ConnectorError):  # noqa: N818 - named by what to do next
    """The source refused our credentials or rights. Trying again will not help: mend the account or the settings."""


class NotUnderstood(ConnectorError):  # noqa: N818 - named by what to do next
    """The answer was not what the source's contract promises. Check address and version; the evidence is kept."""


class TooMuchGone(ConnectorError):  # noqa: N818 - named by what to do next
    """More has vanished than is likely. Nothing was deleted: run again, or agree with `ringmark accept RUN`."""


class Recalled(Exception):  # noqa: N818 - the source has nothing to do with it
    """Permission ended before a write, or a question about one output, left: nothing was sent."""
