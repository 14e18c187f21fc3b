"""OAI-PMH 2.0, as a data provider speaks it and as it goes wrong: what kinds of systems that offer it share.

It knows requests, pages, windows and errors, and nothing of what a record means: `provider` asks, `harvest` reads a
whole repository or what changed in it, `xml` takes answers apart.
"""
