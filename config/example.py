"""The settings file that `ringmark init` writes: it works as it is, and shows what else can be said."""

EXAMPLE = """\
# Settings of Ringmark. Every key is explained in docs/settings.md. After a change: ringmark check
# A guide in the browser fills it in too: ringmark daemon --serve, then ringmark session link (docs/first-run.md)
# Each key can be overridden by an environment variable: RINGMARK_SCORE__RULES is `rules` in [score].
# Passwords never stand here. They come from the environment or from a file that only Ringmark's account may read.
# Paths are relative to this file.

[institution]
name = "University of Example"
# base_url = "https://ringmark.example.edu"   # where readers reach Ringmark; every badge links there
# contact = "research-office@example.edu"      # where readers may write to; or an https address

[store]
url = "sqlite:///ringmark.db"                 # or "postgresql+psycopg://host/name"

# Who takes part. This would seed an empty store, as it is by default. From then on the store decides, and the console
# or `ringmark scope apply FILE` changes it: a table here that says otherwise is an alarm.
# [scope]
# status = "all"                              # all | current
# profile = "all"                             # all | academic_or_student | academic
# [scope.visibility]                          # the least that takes part: private | internal | public
# people = "internal"
# outputs = "internal"
# authorships = "internal"

[score]
rules = "ringmark-2026"                       # ringmark rules list
# versions = false                            # what speaks of a preprint does not count for the article

[serve]
listen = "127.0.0.1:8000"                     # for readers, behind the web server that speaks https
operations = "127.0.0.1:8001"                 # for this machine alone

[badges]
theme = "ringmark"                            # plain | light | dark | one of your own: docs/badges.md

# Who is told when something needs looking at, once, and again when it is solved. Try it: ringmark alarms test
# [alarms]
# mail_to = ["research-systems@example.edu"]
# mail_from = "ringmark@example.edu"
# smtp = "mail.example.edu:587"               # STARTTLS; for port 465: smtp_security = "tls"
# # webhook_file = "webhook.url"              # chmod 600 webhook.url: who knows such an address can send to it

# Readers may watch an output by e-mail. The server is that of [alarms], unless there is an smtp here.
# [watch]
# mail = true

# People sign in to the console with the account they have: docs/sign-in.md. Until then: ringmark session link
# [sign_in]
# issuer = "https://login.example.edu/realms/university"
# client_id = "ringmark"
# # client_secret_file = "client.secret"      # chmod 600 client.secret
# internal_if = { groups = ["staff"] }        # who is a member; without a rule nobody is
# editor_if = { groups = ["library"] }        # who may do the daily work of the console
# admin_if = { groups = ["ringmark-admins"] } # who may everything

# One table for each system. Remove the leading "# " of those you have.

# [connections.elements]
# kind = "elements"
# url = "https://elements.example.edu:8091/secure-api/v6.13"
# username = "ringmark"                       # set RINGMARK_CONNECTIONS__ELEMENTS__PASSWORD, or password_file below
# # password_file = "elements.password"       # chmod 600 elements.password
# pull = "3h"                                 # what has changed; "manual" for only by hand
# full = "30d"                                # everything again, to find what is gone
# keep = "private"                            # the least that is stored at all

# A repository that badges are written into. It needs a base_url above, and docs/dspace.md.
# [connections.library]
# kind = "dspace"
# url = "https://repository.example.edu/server"
# username = "ringmark@example.edu"           # an account of its own, which nobody else uses
# # password_file = "library.password"
# push = "public"                             # the audience whose badges are written there
# field = "local.attention.score"             # in the metadata registry
# push_every = "7d"                           # one badge is written again at most so often; withdrawals never wait
# push_limit = 5000                           # more writes than this wait for: ringmark accept
# # read = true                               # its items are read, too

# Another research system or repository. What there is, and what each needs: docs/connectors.md
# [connections.pure]
# kind = "pure"
# url = "https://pure.example.edu/ws/api"
# # token_file = "pure.token"                 # or RINGMARK_CONNECTIONS__PURE__TOKEN; chmod 600 pure.token
# # people_map = "people.csv"                 # who is current or academic, where the system does not say: docs/pure.md

# Who speaks of the outputs. All sources, and what each needs, costs and keeps: docs/sources.md
# [connections.wikipedia]
# kind = "wikipedia"
# url = "https://stream.wikimedia.org"
# pull = "1h"

# A folder of CSV and JSONL files, for what has no API.
# [connections.local]
# kind = "files"
# path = "import/"
"""
