"""A small world in which every reason to hide something is there once, each with its word (see canary).

The works that the public may see are called `Open ...` and `Crowd ...`; the crowd is there so that they are thirty,
from which number on a percentile is told.
"""

CROWD = range(28)

SETTINGS = """
[scope]
status = "current"
[score]
rules = "published-2020"
[connections.alpha]
kind = "files"
path = "alpha"
[connections.beta]
kind = "files"
path = "beta"
people = false
keep = "internal"
[connections.gamma]
kind = "files"
path = "gamma"
keep = "internal"
[connections.delta]
kind = "files"
path = "delta"
people = false
"""
ALPHA = {
    "people": """person,name,visibility,current
ann,Ann Open,public,true
ivy,Ivy canaryint,internal,true
pia,Pia canarypri,private,true
otto,Otto canarypri,public,false
bea,Bea canarypri,public,true
""",
    "groups": """group,name,parents,visibility
open,Open Group,,public
inner,canaryint group,,internal
unset,canaryint unset,,
secret,canarypri group,,private
child,canarypri child,secret,public
orphan,canarypri orphan,nowhere,public
empty,canarypri empty,,public
linked,canarypri linked,,public
""",
    "memberships": """person,group
ann,open
ann,inner
ann,unset
ann,secret
ann,child
ann,orphan
pia,linked
bea,linked
""",
    "outputs": """output,title,journal,visibility,doi,pmid,handle
open,Open work,Open Journal,public,10.5555/open,1,
inner,canaryint work,canaryint journal,internal,10.5555/canaryint,2,10.9999/canaryint
private,canarypri work,canarypri journal,private,10.5555/canarypri,3,10.9999/canarypri
voted,canarypri private elsewhere,,public,10.5555/canarypri-voted,,
vetoed,canarypri forgotten elsewhere,,public,10.5555/canarypri-vetoed,,
shy,canarypri whose author hid,,public,10.5555/canarypri-shy,,
left,canarypri whose author left,,public,10.5555/canarypri-left,,
alone,canarypri without author,,public,10.5555/canarypri-alone,,
hidden,canarypri hidden here,,public,10.5555/canarypri-hidden,,
closing,canarypri closed later,canarypri review,public,10.5555/canarypri-closing,10,10.9999/canarypri-closing
gone,canarypri gone later,,public,10.5555/canarypri-gone,,
typo,canarypri of an unknown level,,secrte,10.5555/canarypri-typo,,
blank,canarypri of no level,,,10.5555/canarypri-blank,,
second,Open second work,Open Journal,public,10.5555/open-second,,
one,canarypri one of two,,public,10.5555/canarypri-one,21,
two,canarypri other of two,Open Journal,public,10.5555/canarypri-two,,10.9999/canarypri-two
merged,canarypri merged later,Open Journal,public,,20,10.9999/canarypri-merged
ended,canarypri ended by the clock,Open Journal,public,10.5555/canarypri-ended,,
"""
    + "".join(f"crowd{n},Crowd {n},Open Journal,public,10.5555/crowd-{n},,\n" for n in CROWD),
    "authorships": """output,person,visibility
open,ann,public
open,ivy,public
open,pia,public
open,otto,public
open,bea,private
inner,ann,public
private,ann,public
voted,ann,public
vetoed,ann,public
shy,ann,private
left,otto,public
hidden,ann,public
closing,ann,public
gone,ann,public
typo,ann,public
blank,ann,public
second,ann,public
one,ann,public
two,ann,public
merged,ann,public
ended,ann,public
"""
    + "".join(f"crowd{n},ann,public\n" for n in CROWD),
}
CLOSED = ALPHA["outputs"].replace("canarypri review,public", "canarypri review,private")
CLOSED = CLOSED.replace("public,,20,", "public,10.5555/canarypri,20,")  # and so it is the private work
TIGHTER = "".join(line for line in CLOSED.splitlines(keepends=True) if "gone later" not in line)
BETA = {
    "outputs": """output,title,visibility,doi,handle
stays,canaryint beta,internal,10.5555/canaryint-beta,
forgotten,belowkeep work,private,10.5555/canarypri-vetoed,10.9999/belowkeep
""",
}
GAMMA = {
    "people": "person,name,visibility,current\npat,Pat belowkeep,private,true\n",
    "groups": "group,name,parents,visibility\nlow,belowkeep group,,private\n",
    "outputs": "output,title,visibility,doi\nlow,belowkeep work,private,10.5555/belowkeep\n",
}
DELTA = {
    "outputs": """output,title,visibility,doi,pmid,handle
voted,canarypri vote,private,10.5555/canarypri-voted,,
either,canarypri of one or the other,private,,21,10.9999/canarypri-two
""",
}
NOTICED = ("open", "canaryint", *(f"canarypri{end}" for end in ("", "-voted", "-hidden", "-closing", "-two", "-ended")))
MENTIONS = [
    {"id": work, "source": "news", "output": [f"doi:10.5555/{work}"], "url": f"https://news.example.com/{work}",
     "title": f"About {work}", "occurred_at": "2026-03-01T10:00:00Z",
     "outlet": {"id": work, "name": work, "tier": tier}}
    for work, tier in {**dict.fromkeys(NOTICED, 1), "open-second": 2}.items()
]  # fmt: skip
NOWHERE = ("10.5555/nothing", "pmid:999999", "handle:10.9999/nothing", "output:1", "no identifier")
FORGOTTEN = ("doi:10.5555/belowkeep", "handle:10.9999/belowkeep")  # what was told, and is kept by nobody
