"""What administrators do: each act once, for the command line and for the console, with its line in the audit log in
the same transaction.

An act takes the `Office` first, raises `Refused` where it is not done, and returns what came of it; it prints nothing
and knows no request.
"""

from sync.acts.office import Office, Refused, machine_user

__all__ = ["Office", "Refused", "machine_user"]
