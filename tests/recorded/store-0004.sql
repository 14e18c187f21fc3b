BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	followers INTEGER NOT NULL, 
	posts INTEGER NOT NULL, 
	share INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source_id, "key")
)
 STRICT

;
CREATE TABLE account_moved (
	account_id INTEGER NOT NULL, 
	followers INTEGER NOT NULL, 
	posts INTEGER NOT NULL, 
	share INTEGER NOT NULL, 
	PRIMARY KEY (account_id)
)
 STRICT

;
CREATE TABLE alarm (
	name TEXT NOT NULL, 
	words TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	told_at INTEGER DEFAULT '0' NOT NULL, 
	solved_at INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT

;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "audit" VALUES(1,1795208403546101,'root','hide','doi:10.5555/work.102','{"until":"","why":"x"}');
INSERT INTO "audit" VALUES(2,1795208404098357,'root','scope apply','scope','{"profile":"academic","status":"all","visibility":{"authorships":"internal","outputs":"internal","people":"internal"}}');
INSERT INTO "audit" VALUES(3,1795208404306258,'root','scope apply','scope','{"profile":"all","status":"all","visibility":{"authorships":"internal","outputs":"internal","people":"internal"}}');
CREATE TABLE authorship (
	output_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (output_id, person_id), 
	CONSTRAINT authorship_visibility_known CHECK (visibility IN (0, 1, 2))
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "authorship" VALUES(1,1,2,4611686018427387904,1);
INSERT INTO "authorship" VALUES(1,2,2,4611686018427387904,2);
INSERT INTO "authorship" VALUES(2,3,2,4611686018427387904,3);
INSERT INTO "authorship" VALUES(2,4,2,4611686018427387904,4);
INSERT INTO "authorship" VALUES(3,4,2,4611686018427387904,4);
INSERT INTO "authorship" VALUES(4,1,2,4611686018427387904,1);
INSERT INTO "authorship" VALUES(5,2,2,4611686018427387904,2);
INSERT INTO "authorship" VALUES(6,1,0,4611686018427387904,1);
INSERT INTO "authorship" VALUES(7,2,2,4611686018427387904,2);
INSERT INTO "authorship" VALUES(9,2,2,4611686018427387904,2);
INSERT INTO "authorship" VALUES(10,1,2,4611686018427387904,1);
CREATE TABLE authorship_record (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	item_key TEXT NOT NULL, 
	person_key TEXT NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	raw TEXT NOT NULL, 
	doubts TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	state INTEGER DEFAULT '1' NOT NULL, 
	sweep INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT authorship_record_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (connection_id, "key")
)
 STRICT

;
INSERT INTO "authorship_record" VALUES(1,1,'101 1001','101','1001',2,4611686018427387904,1,'{"visibility":"public"}','[]','d0d2aad8f8c13b35d159b749dfba99de',1,2);
INSERT INTO "authorship_record" VALUES(2,1,'101 1002','101','1002',2,4611686018427387904,2,'{"visibility":"public"}','[]','3a2f76a461f0a6f67722137af0c55760',1,2);
INSERT INTO "authorship_record" VALUES(3,1,'102 1003','102','1003',2,4611686018427387904,3,'{"visibility":"public"}','[]','8d6522c651b8bfb91ea06ed74cbb44e6',1,2);
INSERT INTO "authorship_record" VALUES(4,1,'102 1004','102','1004',2,4611686018427387904,4,'{"visibility":"public"}','[]','d5d5f8aaf378b6c793847e15970182f9',1,2);
INSERT INTO "authorship_record" VALUES(5,1,'103 1004','103','1004',2,4611686018427387904,4,'{"visibility":"public"}','[]','69b4dc9e4516b5f220a67d677d83759f',1,2);
INSERT INTO "authorship_record" VALUES(6,1,'104 1001','104','1001',2,4611686018427387904,1,'{"visibility":"public"}','[]','c8568618130eb8d367ee79dd7c8ae504',1,2);
INSERT INTO "authorship_record" VALUES(7,1,'105 1002','105','1002',2,4611686018427387904,2,'{"visibility":"public"}','[]','347893a86a567469287905b9706d0511',1,2);
INSERT INTO "authorship_record" VALUES(8,1,'106 1001','106','1001',0,4611686018427387904,1,'{"visibility":"private"}','[]','3f466c66bc3f092436b6a0d8b1e3e22c',1,2);
INSERT INTO "authorship_record" VALUES(9,1,'107 1002','107','1002',2,4611686018427387904,2,'{"visibility":"public"}','[]','5ea3ce17affe20451311d02c36098a71',1,2);
INSERT INTO "authorship_record" VALUES(11,1,'109 1002','109','1002',2,4611686018427387904,2,'{"visibility":"public"}','[]','7d25ae727cf787dccb510d0233721505',1,2);
INSERT INTO "authorship_record" VALUES(12,1,'110 1001','110','1001',2,4611686018427387904,1,'{"visibility":"public"}','[]','2bbf7a84797dd75b47ad07052992bd4f',1,2);
CREATE TABLE badge (
	audience TEXT NOT NULL, 
	output_id INTEGER NOT NULL, 
	public_id INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	visibility INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	type TEXT NOT NULL, 
	journal TEXT NOT NULL, 
	journal_id INTEGER NOT NULL, 
	issn TEXT NOT NULL, 
	published TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	precision INTEGER NOT NULL, 
	doi TEXT NOT NULL, 
	score INTEGER NOT NULL, 
	millipoints INTEGER NOT NULL, 
	basis TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	version TEXT NOT NULL, 
	scored_at INTEGER NOT NULL, 
	PRIMARY KEY (audience, output_id), 
	CONSTRAINT badge_audience_known CHECK (audience IN ('public', 'internal')), 
	CONSTRAINT badge_never_private CHECK (visibility IN (1, 2))
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "badge" VALUES('internal',1,4339317810259211,4611686018427387904,2,'A work of the number 101','book','',0,'','2020-06-01',18414,3,'10.5555/work.101',6,6000,'mentions','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('internal',3,4313807851937567,4611686018427387904,2,'A work of the number 103','book','',0,'','2020-08-01',18475,3,'10.5555/work.103',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('internal',5,3530753177620786,4611686018427387904,1,'A work of the number 105','book','',0,'','2020-10-01',18536,3,'10.5555/work.105',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('internal',7,2367458681365212,4611686018427387904,2,'A work of the number 107','book','',0,'','2020-12-01',18597,3,'10.5555/work.107',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('internal',9,8338161107088319,4611686018427387904,2,'A work of the number 109','book','',0,'','2020-02-01',18293,3,'10.5555/work.109',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('internal',10,2568557980878059,4611686018427387904,2,'A work of the number 110','book','',0,'','2020-03-01',18322,3,'10.5555/work.110',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('public',1,4339317810259211,4611686018427387904,2,'A work of the number 101','book','',0,'','2020-06-01',18414,3,'10.5555/work.101',6,6000,'mentions','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('public',3,4313807851937567,4611686018427387904,2,'A work of the number 103','book','',0,'','2020-08-01',18475,3,'10.5555/work.103',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('public',7,2367458681365212,4611686018427387904,2,'A work of the number 107','book','',0,'','2020-12-01',18597,3,'10.5555/work.107',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('public',9,8338161107088319,4611686018427387904,2,'A work of the number 109','book','',0,'','2020-02-01',18293,3,'10.5555/work.109',0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "badge" VALUES('public',10,2568557980878059,4611686018427387904,2,'A work of the number 110','book','',0,'','2020-03-01',18322,3,'10.5555/work.110',0,0,'none','published-2020','1',1795208401771487);
CREATE TABLE badge_group (
	audience TEXT NOT NULL, 
	output_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	closes_at INTEGER NOT NULL, 
	PRIMARY KEY (audience, output_id, group_id), 
	FOREIGN KEY(audience, output_id) REFERENCES badge (audience, output_id) ON DELETE CASCADE DEFERRABLE
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "badge_group" VALUES('internal',1,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',1,6555859287026166,'University of Example',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',3,6555859287026166,'University of Example',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',5,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',7,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',9,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('internal',10,6555859287026166,'University of Example',4611686018427387904);
INSERT INTO "badge_group" VALUES('public',1,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('public',1,6555859287026166,'University of Example',4611686018427387904);
INSERT INTO "badge_group" VALUES('public',7,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('public',9,5725133468437392,'Faculty of Science',4611686018427387904);
INSERT INTO "badge_group" VALUES('public',10,6555859287026166,'University of Example',4611686018427387904);
CREATE TABLE badge_identifier (
	audience TEXT NOT NULL, 
	output_id INTEGER NOT NULL, 
	scheme TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (audience, output_id, scheme, value), 
	FOREIGN KEY(audience, output_id) REFERENCES badge (audience, output_id) ON DELETE CASCADE DEFERRABLE
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "badge_identifier" VALUES('internal',1,'doi','10.5555/work.101');
INSERT INTO "badge_identifier" VALUES('internal',3,'doi','10.5555/work.103');
INSERT INTO "badge_identifier" VALUES('internal',5,'doi','10.5555/work.105');
INSERT INTO "badge_identifier" VALUES('internal',7,'doi','10.5555/work.107');
INSERT INTO "badge_identifier" VALUES('internal',9,'doi','10.5555/work.109');
INSERT INTO "badge_identifier" VALUES('internal',10,'doi','10.5555/work.110');
INSERT INTO "badge_identifier" VALUES('public',1,'doi','10.5555/work.101');
INSERT INTO "badge_identifier" VALUES('public',3,'doi','10.5555/work.103');
INSERT INTO "badge_identifier" VALUES('public',7,'doi','10.5555/work.107');
INSERT INTO "badge_identifier" VALUES('public',9,'doi','10.5555/work.109');
INSERT INTO "badge_identifier" VALUES('public',10,'doi','10.5555/work.110');
CREATE TABLE badge_person (
	audience TEXT NOT NULL, 
	output_id INTEGER NOT NULL, 
	person INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	PRIMARY KEY (audience, output_id, person), 
	FOREIGN KEY(audience, output_id) REFERENCES badge (audience, output_id) ON DELETE CASCADE DEFERRABLE
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "badge_person" VALUES('internal',1,53071542198655,'Ada Maren Abernook',1,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',1,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',3,5812010489113653,'Dagny van der Proef',4,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',5,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',7,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',9,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('internal',10,53071542198655,'Ada Maren Abernook',1,4611686018427387904);
INSERT INTO "badge_person" VALUES('public',1,53071542198655,'Ada Maren Abernook',1,4611686018427387904);
INSERT INTO "badge_person" VALUES('public',1,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('public',7,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('public',9,3086438382009236,'Bashir Hollowmere',2,4611686018427387904);
INSERT INTO "badge_person" VALUES('public',10,53071542198655,'Ada Maren Abernook',1,4611686018427387904);
CREATE TABLE badge_source (
	audience TEXT NOT NULL, 
	output_id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	mentions INTEGER NOT NULL, 
	units INTEGER NOT NULL, 
	millipoints INTEGER NOT NULL, 
	PRIMARY KEY (audience, output_id, source_id), 
	FOREIGN KEY(audience, output_id) REFERENCES badge (audience, output_id) ON DELETE CASCADE DEFERRABLE
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "badge_source" VALUES('internal',1,3,2,2,6000);
INSERT INTO "badge_source" VALUES('public',1,3,2,2,6000);
CREATE TABLE coming (
	mention_id INTEGER NOT NULL, 
	occurred_at INTEGER NOT NULL, 
	PRIMARY KEY (mention_id)
)
 STRICT

;
CREATE TABLE connection (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	people INTEGER NOT NULL, 
	require_author INTEGER NOT NULL, 
	keep INTEGER NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	sweep INTEGER DEFAULT '0' NOT NULL, 
	cursor TEXT DEFAULT '' NOT NULL, 
	bookmark TEXT DEFAULT '' NOT NULL, 
	bookmark_at INTEGER DEFAULT '0' NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	alarm TEXT DEFAULT '' NOT NULL, push_agreed INTEGER DEFAULT '0' NOT NULL, rests_until INTEGER DEFAULT '0' NOT NULL, unread INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT connection_state_known CHECK (state IN ('active', 'paused', 'removed')), 
	UNIQUE (name)
)
 STRICT

;
INSERT INTO "connection" VALUES(1,'local','files',0,1,1,0,'active',2,'{"authorships.csv": 11, "groups.csv": 3, "memberships.csv": 4, "mentions.jsonl": 0, "outputs.csv": 9, "people.csv": 4}','',0,0,'',0,0,0);
INSERT INTO "connection" VALUES(2,'library','dspace',1,0,0,0,'active',0,'','',0,0,'',0,0,0);
INSERT INTO "connection" VALUES(3,'(import)','(import)',1000000,0,0,0,'active',1,'','',0,0,'',0,0,0);
CREATE TABLE dirty (
	output_id INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	PRIMARY KEY (output_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "dirty" VALUES(2,4);
INSERT INTO "dirty" VALUES(4,7);
INSERT INTO "dirty" VALUES(8,8);
CREATE TABLE group_record (
	id INTEGER NOT NULL, 
	public_id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	parents TEXT NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	effective INTEGER DEFAULT '0' NOT NULL, 
	effective_closes_at INTEGER DEFAULT '0' NOT NULL, 
	raw TEXT NOT NULL, 
	doubts TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	state INTEGER DEFAULT '1' NOT NULL, 
	sweep INTEGER NOT NULL, 
	held_at INTEGER DEFAULT '0' NOT NULL, 
	held_run INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT group_record_effective_known CHECK (effective IN (0, 1, 2)), 
	CONSTRAINT group_record_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (connection_id, "key"), 
	UNIQUE (public_id)
)
 STRICT

;
INSERT INTO "group_record" VALUES(1,6555859287026166,1,'1','University of Example','[]',2,4611686018427387904,2,4611686018427387904,'{"visibility":"public"}','[]','96fed61ba0781bd2afb38f46b8738f11',1,2,0,0);
INSERT INTO "group_record" VALUES(2,5725133468437392,1,'2','Faculty of Science','["1"]',2,4611686018427387904,2,4611686018427387904,'{"visibility":"public"}','[]','665d8d43dab774506011c7e3ed93c8e9',1,2,0,0);
INSERT INTO "group_record" VALUES(3,43623348841188,1,'3','Faculty of Arts','["1"]',1,4611686018427387904,1,4611686018427387904,'{"visibility":"internal"}','[]','bf90cec574367ce97c116962405ea60d',1,2,0,0);
CREATE TABLE hide (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	why TEXT NOT NULL, 
	made_at INTEGER NOT NULL, 
	until_at INTEGER NOT NULL, 
	released_at INTEGER DEFAULT '4611686018427387904' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT hide_kind_known CHECK (kind IN ('output', 'person'))
)
 STRICT

;
INSERT INTO "hide" VALUES(1,'output','doi:10.5555/work.102','x',1795208403546101,4611686018427387904,4611686018427387904);
CREATE TABLE hide_target (
	hide_id INTEGER NOT NULL, 
	mark TEXT NOT NULL, 
	PRIMARY KEY (hide_id, mark)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "hide_target" VALUES(1,'doi:10.5555/work.102');
INSERT INTO "hide_target" VALUES(1,'item:local:102');
CREATE TABLE identifier (
	id INTEGER NOT NULL, 
	scheme TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (scheme, value)
)
 STRICT

;
INSERT INTO "identifier" VALUES(1,'doi','10.5555/work.101');
INSERT INTO "identifier" VALUES(2,'doi','10.5555/work.102');
INSERT INTO "identifier" VALUES(3,'doi','10.5555/work.103');
INSERT INTO "identifier" VALUES(4,'doi','10.5555/work.104');
INSERT INTO "identifier" VALUES(5,'doi','10.5555/work.105');
INSERT INTO "identifier" VALUES(6,'doi','10.5555/work.106');
INSERT INTO "identifier" VALUES(7,'doi','10.5555/work.107');
INSERT INTO "identifier" VALUES(8,'doi','10.5555/work.108');
INSERT INTO "identifier" VALUES(9,'doi','10.5555/work.109');
INSERT INTO "identifier" VALUES(10,'doi','10.5555/work.110');
INSERT INTO "identifier" VALUES(11,'doi','10.5555/work.111');
CREATE TABLE item (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	output_id INTEGER DEFAULT '0' NOT NULL, 
	title TEXT NOT NULL, 
	type TEXT NOT NULL, 
	journal TEXT NOT NULL, 
	issns TEXT NOT NULL, 
	published TEXT NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	raw TEXT NOT NULL, 
	doubts TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	state INTEGER DEFAULT '1' NOT NULL, 
	sweep INTEGER NOT NULL, 
	into_key TEXT DEFAULT '' NOT NULL, 
	held_at INTEGER DEFAULT '0' NOT NULL, 
	held_run INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT item_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (connection_id, "key")
)
 STRICT

;
INSERT INTO "item" VALUES(1,1,'101',1,'A work of the number 101','book','','','2020-06-01',2,4611686018427387904,'{"visibility":"public"}','[]','df7223a5f046b1f9e60399f5034dbabf',1,2,'',0,0);
INSERT INTO "item" VALUES(2,1,'102',2,'A work of the number 102','book','','','2020-07-01',2,4611686018427387904,'{"visibility":"public"}','[]','14d32ae1ea31a9bc883ceda823e5d424',1,2,'',0,0);
INSERT INTO "item" VALUES(3,1,'103',3,'A work of the number 103','book','','','2020-08-01',2,4611686018427387904,'{"visibility":"public"}','[]','168b9da91d949b161007ba33efb47e72',1,2,'',0,0);
INSERT INTO "item" VALUES(4,1,'104',4,'A work of the number 104','book','','','2020-09-01',0,4611686018427387904,'{"visibility":"private"}','[]','71f54a5b4e280c1ce4715c83f49f2fe8',1,2,'',0,0);
INSERT INTO "item" VALUES(5,1,'105',5,'A work of the number 105','book','','','2020-10-01',1,4611686018427387904,'{"visibility":"internal"}','[]','598797c9eed63c4086dd25006f4c0733',1,2,'',0,0);
INSERT INTO "item" VALUES(6,1,'106',6,'A work of the number 106','book','','','2020-11-01',2,4611686018427387904,'{"visibility":"public"}','[]','32dbefb7d89939d2fec3d75c9ffd0bc9',1,2,'',0,0);
INSERT INTO "item" VALUES(7,1,'107',7,'A work of the number 107','book','','','2020-12-01',2,4611686018427387904,'{"visibility":"public"}','[]','b30562dc801a367c57301a2d405b63ed',1,2,'',0,0);
INSERT INTO "item" VALUES(8,1,'108',8,'','','','','',0,4611686018427387904,'{}','[]','',0,1,'',0,0);
INSERT INTO "item" VALUES(9,1,'109',9,'A work of the number 109','book','','','2020-02-01',2,4611686018427387904,'{"visibility":"public"}','[]','6a0a78df9bea8f69740dd29f323a0d86',1,2,'',0,0);
INSERT INTO "item" VALUES(10,1,'110',10,'A work of the number 110','book','','','2020-03-01',2,4611686018427387904,'{"visibility":"public"}','[]','f18d575aaee7613b091cdd51ba2bf924',1,2,'',0,0);
CREATE TABLE item_identifier (
	item_id INTEGER NOT NULL, 
	identifier_id INTEGER NOT NULL, 
	counts INTEGER NOT NULL, 
	PRIMARY KEY (item_id, identifier_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "item_identifier" VALUES(1,1,1);
INSERT INTO "item_identifier" VALUES(2,2,1);
INSERT INTO "item_identifier" VALUES(3,3,1);
INSERT INTO "item_identifier" VALUES(4,4,1);
INSERT INTO "item_identifier" VALUES(5,5,1);
INSERT INTO "item_identifier" VALUES(6,6,1);
INSERT INTO "item_identifier" VALUES(7,7,1);
INSERT INTO "item_identifier" VALUES(8,8,1);
INSERT INTO "item_identifier" VALUES(9,9,1);
INSERT INTO "item_identifier" VALUES(10,10,1);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
)
 STRICT

;
CREATE TABLE lease (
	name TEXT NOT NULL, 
	token TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	taken_at INTEGER NOT NULL, 
	until_at INTEGER NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT

;
CREATE TABLE mark (
	output_id INTEGER NOT NULL, 
	mention_id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	outlet_id INTEGER NOT NULL, 
	occurred_at INTEGER NOT NULL, 
	known_at INTEGER NOT NULL, 
	taken_at INTEGER NOT NULL, 
	repost INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	twin INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (output_id, mention_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "mark" VALUES(1,1,3,1,-1,-1,1772323200000000,1795208401758217,-1,0,0,0);
INSERT INTO "mark" VALUES(1,2,3,2,-1,-1,1772409600000000,1795208401758217,-1,0,0,0);
INSERT INTO "mark" VALUES(2,3,3,1,-1,-1,1772496000000000,1795208401758217,-1,0,0,0);
CREATE TABLE member (
	connection_id INTEGER NOT NULL, 
	group_key TEXT NOT NULL, 
	person_key TEXT NOT NULL, 
	PRIMARY KEY (connection_id, group_key, person_key)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "member" VALUES(1,'1','1001');
INSERT INTO "member" VALUES(1,'1','1004');
INSERT INTO "member" VALUES(1,'2','1002');
INSERT INTO "member" VALUES(1,'3','1003');
CREATE TABLE mention (
	id INTEGER NOT NULL, 
	public_id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	source_id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	outlet_id INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	method TEXT NOT NULL, 
	occurred_at INTEGER NOT NULL, 
	known_at INTEGER NOT NULL, 
	taken_at INTEGER NOT NULL, 
	repost INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (connection_id, "key"), 
	UNIQUE (public_id)
)
 STRICT

;
INSERT INTO "mention" VALUES(1,2282042945732278,3,'1',3,1,-1,-1,0,'','','told by the source',1772323200000000,1795208401758217,-1,0,'d2213fedc17934ec25ff71e8a7ee3f1d');
INSERT INTO "mention" VALUES(2,4375173919171631,3,'2',3,2,-1,-1,0,'','','told by the source',1772409600000000,1795208401758217,-1,0,'e682d4293f08b2359171b51d2194b5cb');
INSERT INTO "mention" VALUES(3,2554871746004726,3,'3',3,1,-1,-1,0,'','','told by the source',1772496000000000,1795208401758217,-1,0,'9acdade63436b6000f775b57cbda9bcb');
INSERT INTO "mention" VALUES(4,7122849157441092,3,'4',3,1,-1,-1,0,'','','told by the source',1772496000000000,1795208401758217,-1,0,'136173e507fa431fdc7945c3c481d421');
CREATE TABLE mention_target (
	mention_id INTEGER NOT NULL, 
	identifier_id INTEGER NOT NULL, 
	PRIMARY KEY (mention_id, identifier_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "mention_target" VALUES(1,1);
INSERT INTO "mention_target" VALUES(2,1);
INSERT INTO "mention_target" VALUES(3,2);
INSERT INTO "mention_target" VALUES(4,11);
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "meta" VALUES('certificates','{"institution.base_url":{"at":1795208403616372,"ends":0,"host":"ringmark.example.edu","port":443,"why":""}}');
INSERT INTO "meta" VALUES('days','{"(import)":[[20777,0,0,2]],"library":[[20777,0,0,0]],"local":[[20777,4,10,0]]}');
INSERT INTO "meta" VALUES('generation','12');
INSERT INTO "meta" VALUES('turn','8');
CREATE TABLE outlet (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	country TEXT NOT NULL, 
	tier INTEGER NOT NULL, 
	reach INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
)
 STRICT

;
CREATE TABLE output (
	id INTEGER NOT NULL, 
	public_id INTEGER NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	live INTEGER NOT NULL, 
	requires_author INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	type TEXT NOT NULL, 
	journal TEXT NOT NULL, 
	journal_id INTEGER DEFAULT '0' NOT NULL, 
	issn TEXT NOT NULL, 
	published TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	precision INTEGER NOT NULL, 
	doi TEXT NOT NULL, 
	"conflict" TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT output_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (public_id)
)
 STRICT

;
INSERT INTO "output" VALUES(1,4339317810259211,2,4611686018427387904,1,1,'A work of the number 101','book','',0,'','2020-06-01',18414,3,'10.5555/work.101','');
INSERT INTO "output" VALUES(2,2562057861136405,0,4611686018427387904,1,1,'A work of the number 102','book','',0,'','2020-07-01',18444,3,'10.5555/work.102','');
INSERT INTO "output" VALUES(3,4313807851937567,2,4611686018427387904,1,1,'A work of the number 103','book','',0,'','2020-08-01',18475,3,'10.5555/work.103','');
INSERT INTO "output" VALUES(4,3303384685421570,0,4611686018427387904,1,1,'A work of the number 104','book','',0,'','2020-09-01',18506,3,'10.5555/work.104','');
INSERT INTO "output" VALUES(5,3530753177620786,1,4611686018427387904,1,1,'A work of the number 105','book','',0,'','2020-10-01',18536,3,'10.5555/work.105','');
INSERT INTO "output" VALUES(6,2465989498379356,2,4611686018427387904,1,1,'A work of the number 106','book','',0,'','2020-11-01',18567,3,'10.5555/work.106','');
INSERT INTO "output" VALUES(7,2367458681365212,2,4611686018427387904,1,1,'A work of the number 107','book','',0,'','2020-12-01',18597,3,'10.5555/work.107','');
INSERT INTO "output" VALUES(8,8601087245618776,0,4611686018427387904,0,0,'','','',0,'','',0,0,'','');
INSERT INTO "output" VALUES(9,8338161107088319,2,4611686018427387904,1,1,'A work of the number 109','book','',0,'','2020-02-01',18293,3,'10.5555/work.109','');
INSERT INTO "output" VALUES(10,2568557980878059,2,4611686018427387904,1,1,'A work of the number 110','book','',0,'','2020-03-01',18322,3,'10.5555/work.110','');
CREATE TABLE output_vote (
	output_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	PRIMARY KEY (output_id, item_id)
)
 WITHOUT ROWID,
 STRICT

;
CREATE TABLE page (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source_id, url)
)
 STRICT

;
CREATE TABLE person (
	id INTEGER NOT NULL, 
	public_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	live INTEGER NOT NULL, 
	current INTEGER NOT NULL, 
	academic INTEGER NOT NULL, 
	student INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT person_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (public_id)
)
 STRICT

;
INSERT INTO "person" VALUES(1,53071542198655,'Ada Maren Abernook',2,4611686018427387904,1,1,1,1);
INSERT INTO "person" VALUES(2,3086438382009236,'Bashir Hollowmere',2,4611686018427387904,1,1,1,0);
INSERT INTO "person" VALUES(3,1918603898183082,'Chiara O''Sample',2,4611686018427387904,1,1,0,1);
INSERT INTO "person" VALUES(4,5812010489113653,'Dagny van der Proef',1,4611686018427387904,1,1,1,0);
CREATE TABLE person_group (
	person_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	PRIMARY KEY (person_id, group_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "person_group" VALUES(1,1,1);
INSERT INTO "person_group" VALUES(2,2,1);
INSERT INTO "person_group" VALUES(3,3,1);
INSERT INTO "person_group" VALUES(4,1,1);
CREATE TABLE person_record (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	orcid TEXT DEFAULT '' NOT NULL, 
	visibility INTEGER NOT NULL, 
	closes_at INTEGER NOT NULL, 
	current INTEGER NOT NULL, 
	academic INTEGER NOT NULL, 
	student INTEGER NOT NULL, 
	raw TEXT NOT NULL, 
	doubts TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	state INTEGER DEFAULT '1' NOT NULL, 
	sweep INTEGER NOT NULL, 
	into_key TEXT DEFAULT '' NOT NULL, 
	held_at INTEGER DEFAULT '0' NOT NULL, 
	held_run INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT person_record_visibility_known CHECK (visibility IN (0, 1, 2)), 
	UNIQUE (connection_id, "key")
)
 STRICT

;
INSERT INTO "person_record" VALUES(1,1,'1001',1,'Ada Maren Abernook','0009-0009-9900-0003',2,4611686018427387904,1,1,1,'{"academic":"true","current":"true","student":"true","visibility":"public"}','[]','b8865120dfeb71b0de5733983b5fec99',1,2,'',0,0);
INSERT INTO "person_record" VALUES(2,1,'1002',2,'Bashir Hollowmere','0009-0009-9900-0011',2,4611686018427387904,1,1,0,'{"academic":"true","current":"true","student":"false","visibility":"public"}','[]','e4cb0e498e02995339776bc1a702276a',1,2,'',0,0);
INSERT INTO "person_record" VALUES(3,1,'1003',3,'Chiara O''Sample','',2,4611686018427387904,1,0,1,'{"academic":"false","current":"true","student":"true","visibility":"public"}','[]','890a93b4756c1f9fafa63a4a8eb23fb6',1,2,'',0,0);
INSERT INTO "person_record" VALUES(4,1,'1004',4,'Dagny van der Proef','',1,4611686018427387904,1,1,0,'{"academic":"true","current":"true","student":"false","visibility":"internal"}','[]','4d7064d1a14ea4f7339e1a20a0d239a3',1,2,'',0,0);
CREATE TABLE pushed (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	output INTEGER NOT NULL, 
	audience TEXT NOT NULL, 
	target TEXT NOT NULL, 
	field TEXT NOT NULL, 
	scheme TEXT DEFAULT '' NOT NULL, 
	identifier TEXT DEFAULT '' NOT NULL, 
	address TEXT DEFAULT '' NOT NULL, 
	value TEXT DEFAULT '' NOT NULL, 
	intended TEXT DEFAULT '' NOT NULL, 
	intended_at INTEGER DEFAULT '0' NOT NULL, 
	written_at INTEGER DEFAULT '0' NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	next_at INTEGER DEFAULT '0' NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, looked_at INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT pushed_audience_known CHECK (audience IN ('public', 'internal')), 
	UNIQUE (connection_id, output, target, field)
)
 STRICT

;
INSERT INTO "pushed" VALUES(1,2,4339317810259211,'public','http://repository.example.edu/server','local.attention.score','doi','10.5555/work.101','b82360c1-a93d-559a-bbca-14a8c6e27457','','https://ringmark.example.edu/badge/output/4339317810259211.svg 6 2026-11-20',1795208403077898,0,1,1795208703123096,'GET /server/api/core/items/b82360c1-a93d-559a-bbca-14a8c6e27457: status 500, 6 times; try again later',1795208402946888);
INSERT INTO "pushed" VALUES(2,2,2562057861136405,'public','http://repository.example.edu/server','local.attention.score','','','','','',0,0,1,1795813202960185,'no item carries its identifiers',1795208402960185);
INSERT INTO "pushed" VALUES(3,2,4313807851937567,'public','http://repository.example.edu/server','local.attention.score','doi','10.5555/work.103','7a0bfddb-8805-55b4-866a-9c80726d51b7','https://ringmark.example.edu/badge/output/4313807851937567.svg 0 2026-11-20','',0,1795208403351395,0,0,'',1795208402975658);
INSERT INTO "pushed" VALUES(4,2,3303384685421570,'public','http://repository.example.edu/server','local.attention.score','','','','','',0,0,1,1795813202992712,'no item carries its identifiers',1795208402992712);
INSERT INTO "pushed" VALUES(5,2,2367458681365212,'public','http://repository.example.edu/server','local.attention.score','doi','10.5555/work.107','63c721fe-6f38-5555-bb39-372659e63010','https://ringmark.example.edu/badge/output/2367458681365212.svg 0 2026-11-20','',0,1795208403447878,0,0,'',1795208403014352);
INSERT INTO "pushed" VALUES(6,2,8338161107088319,'public','http://repository.example.edu/server','local.attention.score','doi','10.5555/work.109','ebf12946-75db-591c-abb2-870453af193d','https://ringmark.example.edu/badge/output/8338161107088319.svg 0 2026-11-20','',0,1795208403493517,0,0,'',1795208403028487);
INSERT INTO "pushed" VALUES(7,2,2568557980878059,'public','http://repository.example.edu/server','local.attention.score','','','','','',0,0,1,1795813203047096,'no item carries its identifiers',1795208403047096);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	step TEXT NOT NULL, 
	began_at INTEGER NOT NULL, 
	ended_at INTEGER DEFAULT '0' NOT NULL, 
	outcome TEXT DEFAULT 'running' NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, 
	counts TEXT DEFAULT '{}' NOT NULL, asked TEXT DEFAULT '' NOT NULL, expected INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "run" VALUES(1,1,'pull',1795208401614140,1795208401720749,'done','','{"aside":0,"at":1795208401716239,"before":0,"below_keep":0,"changed":29,"deleted":0,"doubted":0,"keyless":0,"seen":29,"told":[1795208401644888,0]}','everything',29);
INSERT INTO "run" VALUES(2,3,'import',1795208401754078,1795208401761176,'done','','{"aside":2,"at":1795208401758217,"before":0,"below_keep":0,"changed":4,"deleted":0,"doubted":0,"keyless":0,"seen":6}','import',0);
INSERT INTO "run" VALUES(3,2,'push',1795208402885505,1795208403127193,'failed','GET /server/api/core/items/b82360c1-a93d-559a-bbca-14a8c6e27457: status 500, 6 times; try again later','{"at":1795208403127193,"edited":0,"equal":0,"failed":1,"not_found":3,"waiting":0,"withdrawn":0,"written":0}','push',0);
INSERT INTO "run" VALUES(4,2,'push',1795208403171954,1795208403494291,'done','','{"at":1795208403494291,"edited":0,"equal":0,"failed":0,"not_found":0,"waiting":0,"withdrawn":0,"written":3}','push',0);
INSERT INTO "run" VALUES(5,1,'pull',1795208404488015,1795208404604590,'done','','{"aside":0,"at":1795208404595398,"before":0,"below_keep":0,"changed":1,"deleted":1,"doubted":0,"keyless":0,"seen":27,"told":[1795208404505909,0]}','everything',27);
CREATE TABLE scope (
	id INTEGER NOT NULL, 
	current_only INTEGER NOT NULL, 
	profile INTEGER NOT NULL, 
	people INTEGER NOT NULL, 
	outputs INTEGER NOT NULL, 
	authorships INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT scope_authorships_known CHECK (authorships IN (0, 1, 2)), 
	CONSTRAINT scope_outputs_known CHECK (outputs IN (0, 1, 2)), 
	CONSTRAINT scope_people_known CHECK (people IN (0, 1, 2)), 
	CONSTRAINT scope_filters_known CHECK (profile IN (0, 1, 2) AND current_only IN (0, 1))
)
 STRICT

;
INSERT INTO "scope" VALUES(1,0,0,1,1,1);
CREATE TABLE score (
	output_id INTEGER NOT NULL, 
	millipoints INTEGER NOT NULL, 
	score INTEGER NOT NULL, 
	basis TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	version TEXT NOT NULL, 
	scored_at INTEGER NOT NULL, 
	PRIMARY KEY (output_id), 
	CONSTRAINT score_basis_known CHECK (basis IN ('mentions', 'counts', 'none'))
)
 STRICT

;
INSERT INTO "score" VALUES(1,6000,6,'mentions','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(2,3000,3,'mentions','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(3,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(4,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(5,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(6,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(7,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(8,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(9,0,0,'none','published-2020','1',1795208401771487);
INSERT INTO "score" VALUES(10,0,0,'none','published-2020','1',1795208401771487);
CREATE TABLE score_change (
	id INTEGER NOT NULL, 
	output_id INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	"before" INTEGER NOT NULL, 
	"after" INTEGER NOT NULL, 
	rules TEXT NOT NULL, 
	version TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "score_change" VALUES(1,1,1795208401771487,0,6000,'published-2020','1','mentions');
INSERT INTO "score_change" VALUES(2,2,1795208401771487,0,3000,'published-2020','1','mentions');
CREATE TABLE score_source (
	output_id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	mentions INTEGER NOT NULL, 
	units INTEGER NOT NULL, 
	millipoints INTEGER NOT NULL, 
	PRIMARY KEY (output_id, source_id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "score_source" VALUES(1,3,2,2,6000);
INSERT INTO "score_source" VALUES(2,3,1,1,3000);
CREATE TABLE sees (
	audience TEXT NOT NULL, 
	visibility INTEGER NOT NULL, 
	PRIMARY KEY (audience, visibility), 
	CONSTRAINT sees_never_private CHECK (visibility IN (1, 2))
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "sees" VALUES('internal',1);
INSERT INTO "sees" VALUES('internal',2);
INSERT INTO "sees" VALUES('public',2);
CREATE TABLE set_aside (
	id INTEGER NOT NULL, 
	connection_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	place TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	stored INTEGER DEFAULT '0' NOT NULL, 
	at INTEGER NOT NULL, 
	resolved_at INTEGER DEFAULT '4611686018427387904' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (connection_id, kind, "key", reason, place)
)
 STRICT

;
INSERT INTO "set_aside" VALUES(1,3,2,'mention','','news.jsonl:7','the line is not JSON','this is no mention',0,1795208401757118,4611686018427387904);
INSERT INTO "set_aside" VALUES(2,3,2,'mention','5','news.jsonl:6','unknown source ''no such source''',' 2026-03-03 00:00:00+00:00',0,1795208401758217,4611686018427387904);
CREATE TABLE unit (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source_id, name)
)
 STRICT

;
INSERT INTO "unit" VALUES(1,3,'policy_source:a');
INSERT INTO "unit" VALUES(2,3,'policy_source:b');
CREATE TABLE veto (
	connection_id INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	mark TEXT NOT NULL, 
	doi_mark TEXT DEFAULT '' NOT NULL, 
	sweep INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (connection_id, subject, mark)
)
 WITHOUT ROWID,
 STRICT

;
CREATE INDEX authorship_by_person ON authorship (person_id);
CREATE INDEX authorship_record_by_item ON authorship_record (connection_id, item_key);
CREATE INDEX authorship_record_by_person ON authorship_record (connection_id, person_key);
CREATE INDEX badge_by_day ON badge (audience, day, millipoints);
CREATE INDEX badge_by_journal ON badge (audience, journal_id, day);
CREATE INDEX badge_by_millipoints ON badge (audience, millipoints);
CREATE UNIQUE INDEX badge_by_public_id ON badge (audience, public_id);
CREATE INDEX hide_target_by_mark ON hide_target (mark);
CREATE INDEX item_by_survivor ON item (connection_id, into_key) WHERE into_key <> '';
CREATE INDEX ix_item_output_id ON item (output_id);
CREATE INDEX item_identifier_by_identifier ON item_identifier (identifier_id);
CREATE INDEX mark_by_mention ON mark (mention_id);
CREATE INDEX ix_mention_account_id ON mention (account_id);
CREATE INDEX ix_mention_outlet_id ON mention (outlet_id);
CREATE INDEX ix_mention_page_id ON mention (page_id);
CREATE INDEX mention_target_by_identifier ON mention_target (identifier_id);
CREATE INDEX output_vote_by_item ON output_vote (item_id);
CREATE INDEX ix_person_record_orcid ON person_record (orcid);
CREATE INDEX ix_person_record_person_id ON person_record (person_id);
CREATE INDEX person_record_by_survivor ON person_record (connection_id, into_key) WHERE into_key <> '';
CREATE INDEX ix_run_connection_id ON run (connection_id);
CREATE INDEX ix_score_change_output_id ON score_change (output_id);
CREATE INDEX veto_by_mark ON veto (mark);
CREATE INDEX badge_group_by_group ON badge_group (audience, group_id);
CREATE INDEX badge_identifier_by_value ON badge_identifier (audience, scheme, value);
CREATE INDEX badge_person_by_person ON badge_person (audience, person);
CREATE INDEX pushed_by_output ON pushed (output);
COMMIT;
