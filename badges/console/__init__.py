"""The console: administrators see what is hidden, set the filters, and answer for it. Signed in, audited, in English,
with the words of the command line, so that each can be looked up where the other is described."""
