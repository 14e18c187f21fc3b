"""A small world in which every reason to hide something is there once, each with its word (see test_locks)."""

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
""",
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
""",
}
CLOSED = ALPHA["outputs"].replace("canarypri review,public", "canarypri review,private")
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
DELTA = {"outputs": "output,title,visibility,doi\nvoted,canarypri vote,private,10.5555/canarypri-voted\n"}
MENTIONS = [
    {"id": work, "source": "news", "output": [f"doi:10.5555/{work}"], "url": f"https://news.example.com/{work}",
     "title": f"About {work}", "occurred_at": "2026-03-01T10:00:00Z", "outlet": {"id": work, "name": work, "tier": 1}}
    for work in ("open", "canaryint", "canarypri", "canarypri-voted", "canarypri-hidden", "canarypri-closing")
]  # fmt: skip
NOWHERE = ("10.5555/nothing", "pmid:999999", "handle:10.9999/nothing", "output:1", "no identifier")
