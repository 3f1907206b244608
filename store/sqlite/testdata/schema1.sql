-- A store as schema version 1 wrote it: three reports, one of them edited, one purged; a merge, a correction, a decision taken back.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-23 03:49:56');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-23 03:49:56');
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO meta VALUES('kind','real');
CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (what, id)) STRICT;
INSERT INTO changes VALUES(2,'victim','78c17d73-2c86-5318-ad14-3258a5e85f4c',1772352002000000000);
INSERT INTO changes VALUES(6,'report','72ca924a-fe71-55ca-acef-3edc13ff7a33',1772352002000000000);
INSERT INTO changes VALUES(9,'actor','play',1772352003000000000);
INSERT INTO changes VALUES(10,'report','30d4cdf2-f58e-54af-8601-7ffbc0589eb1',1772352003000000000);
INSERT INTO changes VALUES(16,'report','3da01c6a-d423-57c5-ae0d-ae847c0fcdfb',1772352004000000000);
INSERT INTO changes VALUES(18,'actor','akiri',1772352005000000000);
INSERT INTO changes VALUES(19,'actor','akira',1772352005000000000);
INSERT INTO changes VALUES(20,'incident','id-000001',1772352005000000000);
INSERT INTO changes VALUES(21,'decision','id-000004',1772352005000000000);
INSERT INTO changes VALUES(22,'victim','5ad3ad96-b433-52fa-a4cd-49cb7e9954b2',1772352006000000000);
INSERT INTO changes VALUES(24,'decision','id-000005',1772352006000000000);
INSERT INTO changes VALUES(27,'decision','id-000006',1772352008000000000);
INSERT INTO changes VALUES(28,'incident','id-000002',1772352008000000000);
INSERT INTO changes VALUES(29,'decision','id-000007',1772352008000000000);
INSERT INTO changes VALUES(30,'victim','6ec4ea3a-eedd-5308-9eb7-73f5b33a5370',1772352009000000000);
INSERT INTO changes VALUES(31,'actor','f485f318-e755-531b-b73b-24e6d2357fd7',1772352009000000000);
INSERT INTO changes VALUES(32,'incident','id-000003',1772352009000000000);
INSERT INTO changes VALUES(33,'purge','ce8d89ca-014f-5682-8626-2235b03fdab7',1772352009000000000);
INSERT INTO changes VALUES(34,'decision','id-000008',1772352009000000000);
INSERT INTO changes VALUES(35,'source','paper',1772352010000000000);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, source_id TEXT NOT NULL, version INTEGER NOT NULL, content_hash TEXT NOT NULL, extractor TEXT NOT NULL,
  body TEXT NOT NULL, mentions TEXT NOT NULL, fingerprint BLOB, text BLOB, first_saved INTEGER NOT NULL) STRICT;
INSERT INTO reports VALUES('3da01c6a-d423-57c5-ae0d-ae847c0fcdfb','https://paper.example/a','paper',2,'8cd90e10353c8384006693ef8abd5cd9b71ddb3987819804b8b5dc083c80f40c','x2','{"id":"3da01c6a-d423-57c5-ae0d-ae847c0fcdfb","url":"https://paper.example/a","source_id":"paper","publisher":"The Paper","title":"Akira lists Acme","published":"2026-02-20","retrieved":"2026-03-01T08:00:00Z","recorded":"2026-03-01T08:00:04Z","language":"en","content_hash":"8cd90e10353c8384006693ef8abd5cd9b71ddb3987819804b8b5dc083c80f40c","version":2,"reliability":"B","speaker_kind":"media","tlp":"CLEAR"}','{}',X'0a0a9a9e116bc07e19cce65e202d0d3f278e331f2eef59ff365080df3db1a6bf4412cd9f4b73f37f52d419605a3540406196662068f78c006f58b3e076b9d9c07e1a00a1857b26818cdc4c61933d73419b9e9921a2ffbf01a960e6e1b0c10cc2b72233a2bf835982c6e47f62cd45a642d4a6cc22db07f302e36819e3eac93fc3f12a66a3f88b8c83ffecb263074ed9430eafff23151026041c714ce424d272c42b3399a43294bf8439f5e56440560c4548b732254f18590556797fe55ddaa5c5643bcca56c9cf28573fd18667a5e3f4681bf652689208c069081b2e697e2d8c69e43ffa6a5a42587ad054c67b4667247bbc79827c228bf07c989e5e7d1ea0bc8d84b32a8dfac5888e60d7f68ee6ea548f5cfcb28fc30f208039218e90af33ec9125465a919b58b892016b2692777d8492ed8fe293639250a3d9a4bea44fb71ca4b5c98aa53bdbe8a5a1ee56a617f0b4b68e0312b6f41580b77a27eeb7e03a5cb8564cbab8cc5f18b9326186c9b873e4ca2e8642ca9498b0cb0aab1ecb80bd8ccbf6cfeacc6cd248dcd2e4b6dd48f714ddcf0972de351be0deab2e4edf1130bcef87431ae00d6578e07377e6e0e98a44e15f9ca2e1d5af10e24bb17ef2b1c3ecf327d64af39de8a8f413fb16f48a0d74f4f01fe2f566224105dc34af0652471d06c8597b073e6bd907a47e47082a80a5189093131906a571197cb7df19e2ca4d1',X'28b52ffd0400a10000546865207061676520776173206564697465642e417ad9cc',1772352002000000000);
INSERT INTO reports VALUES('72ca924a-fe71-55ca-acef-3edc13ff7a33','https://paper.example/b','paper',1,'677ba43681e625aa7a98571683a462e4efdeb61bd1dbe40c4a44e0ae9047f62b','x1','{"id":"72ca924a-fe71-55ca-acef-3edc13ff7a33","url":"https://paper.example/b","source_id":"paper","publisher":"The Paper","title":"Akiri lists Acme","published":"2026-02-20","retrieved":"2026-03-01T08:00:00Z","recorded":"2026-03-01T08:00:02Z","language":"en","content_hash":"677ba43681e625aa7a98571683a462e4efdeb61bd1dbe40c4a44e0ae9047f62b","version":1,"reliability":"B","speaker_kind":"media","tlp":"CLEAR"}','{}',X'5a77024817bf8247b27ae60179d6660efb5382024047670b853a4c14ca2d311d0e211626c6dd690d9807e037ddfac4405f4f991a6906c21a5264543f391dcb00fd234e05a53d4c185402941dd400a606b362ca011d85b01e5ae921156fe4800c01aa5330a6579846a96a854b0ac85b128b2c67237198e105288b330f4bcc810f78be2f35cbe2710410d6560d54c93b1699bc201f9c6680182fcef809dc72ec233cafe109f27c994be36f1325acd81a0668d578165231bd22a325153fed03100e822bca152d924104a8c64d39b2dd8303f05346723feb62121df0481b4901583bab392712d83f0010fdaafb0e2773fc35cb9da90276a6f85b9a716106bb6a940b66818408ca2162102c995811f331da32782a2d087083dc0e5c8de7060af6fd0ab46d600c36eac50427a5551af757e409382c151a4c040c56f3a95e0162ff520c971a281b7f2cec047bb88601e5da6c1ec31670022f0ecb232d6e4b0a98def2080ad7a52b3f9f2424ba0f9a5f39ee9d05aff33511f9dc430839daff227ecde42b89c152030b42b407b35bb21a109c4626c44b3c0662469b262b02c80970e20848cd5bdf225d1e8804053d112990ba34041249ec48f901630a207cb22a36a99911dec29724f5f517015c292d027f8b183e124844132fc91816748fe311f59b5b013a8f400a27982500831a42110969ef24baf68008032ba40d0a2a7d2e32c5fa15',X'28b52ffd4400510235020042c40e1590b102a07ef7a5b8f935dd945004e140a5e98e713a43b181eb9a491a0f4b0918fea8c5d137bf69f40408255ec794b03af75f9fca02c79a322913015419052d84421672fbc897',1772352002000000000);
INSERT INTO reports VALUES('30d4cdf2-f58e-54af-8601-7ffbc0589eb1','https://paper.example/c','paper',1,'77e52aebc787b8ffe9b1831648896d24758451f822d29491b6192bb53ed7f952','x1','{"id":"30d4cdf2-f58e-54af-8601-7ffbc0589eb1","url":"https://paper.example/c","source_id":"paper","publisher":"The Paper","title":"Play lists Borealis","published":"2026-02-20","retrieved":"2026-03-01T08:00:00Z","recorded":"2026-03-01T08:00:03Z","language":"en","content_hash":"77e52aebc787b8ffe9b1831648896d24758451f822d29491b6192bb53ed7f952","version":1,"reliability":"B","speaker_kind":"media","tlp":"CLEAR"}','{}',X'4b748f091f3cde39dc6e500433f5da1070cc6003ec442b5a1b7626186eb8410f220ed80cd0c7470d9ec1da08b58c1e1e5f09320776d937266e6b2b2d7773fb12e0acb90669a26500987e650cf0f8da03965953004cdd5e0225c16925ef912b00df5ba513332fa3042167ef1173daeb24631c91112a46a3737776b6024619eb65a0280a022ad9f23f852ef00388a9550915960629092b2c09065514025d96bc229da9721a5cf2950eabfff21278dfad05402c381fe265c9253ae03e1d2234001474038d07424f9f03665f8e1fcc9e2e3f566cc11fc778f90f55c89a0b7f22d370cac9d605d067870328b21824ee758632f6597111676dba2563d8290b2b0cb51df33f403092ba1108f1478005dd5dd00176522c1f79b19c0bc5de1b09d4d2b74718450d28530d9c0cac572d2d86379e1852adc60ee5b078143d2bee0b95a563034774a40515602611af954d0cc6f44852673f276d4314941d9da5530c32c0f331d692da2ea401820b4282631242eecf16d1e97937414aa90242a5652bd964d401b4e6f30499053b1a6de31a1370cbc4093d0c223c006261241a939601692375033bc4d4130214e208df8cc71c37073d148f81b20be8fb27037b86460197b2a108c460be021cab4f232a31e8197054bb17e2dac17a58f81107202c9d197bbbb62a86b348077b557a177f392d117bef3d04305c524a1717a7042fb82b3654006f0f',X'28b52ffd440054024d020072840f16a0c70400109f68a95311d0291d117bd4cb3034019e0985183a82950db4f31132e4fda682d42b7bd1ccb15074e441364c44033628fedd9fe67276190102015419052d874216627e5aff',1772352003000000000);
CREATE TABLE report_versions (report_id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, recorded_to INTEGER NOT NULL, PRIMARY KEY (report_id, version)) STRICT;
INSERT INTO report_versions VALUES('3da01c6a-d423-57c5-ae0d-ae847c0fcdfb',1,'{"id":"3da01c6a-d423-57c5-ae0d-ae847c0fcdfb","url":"https://paper.example/a","source_id":"paper","publisher":"The Paper","title":"Akira lists Acme","published":"2026-02-20","retrieved":"2026-03-01T08:00:00Z","recorded":"2026-03-01T08:00:02Z","language":"en","content_hash":"7f27eea0b1b777781f60016fb2c86ad7f50f0dfb4ed7a4f3007ae50caf675cc7","version":1,"reliability":"B","speaker_kind":"media","tlp":"CLEAR"}',1772352004000000000);
CREATE TABLE claims (
  id TEXT NOT NULL, report_id TEXT NOT NULL, incident_id TEXT NOT NULL, body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, recorded_from)) STRICT;
INSERT INTO claims VALUES('ea8d777b-7654-5828-96eb-42036878eff9','3da01c6a-d423-57c5-ae0d-ae847c0fcdfb','id-000001','{"id":"ea8d777b-7654-5828-96eb-42036878eff9","report_id":"3da01c6a-d423-57c5-ae0d-ae847c0fcdfb","incident_id":"id-000001","facet":"event","stance":"claimed","said_by":{"name":"Akira","kind":"actor"},"actor":{"id":"akira","name":"Akira"},"victim":{"id":"78c17d73-2c86-5318-ad14-3258a5e85f4c","name":"Acme","role":"target"},"kind":"ransomware","kinds":["ransomware"],"occurred":{"from":null,"to":null,"precision":""},"quote":"Akira says it attacked Acme.","start":0,"end":28,"confidence":0.9,"published":"2026-02-20","extractor":"x2","recorded_from":"2026-03-01T08:00:02Z","origin":"actor:akira","credibility":3,"tlp":"CLEAR"}',1772352002000000000,0);
INSERT INTO claims VALUES('d84727cb-f412-5739-b968-8b71f498f62c','72ca924a-fe71-55ca-acef-3edc13ff7a33','id-000001','{"id":"d84727cb-f412-5739-b968-8b71f498f62c","report_id":"72ca924a-fe71-55ca-acef-3edc13ff7a33","incident_id":"id-000001","facet":"event","stance":"confirmed","said_by":{"name":"Acme","kind":"victim"},"actor":{"id":"akiri","name":"Akiri"},"victim":{"id":"78c17d73-2c86-5318-ad14-3258a5e85f4c","name":"Acme","role":"target"},"kind":"ransomware","kinds":["ransomware"],"occurred":{"from":null,"to":null,"precision":""},"quote":"Akiri says it attacked Acme.","start":0,"end":28,"confidence":0.9,"published":"2026-02-20","extractor":"x1","recorded_from":"2026-03-01T08:00:02Z","origin":"victim","credibility":2,"tlp":"CLEAR"}',1772352002000000000,0);
INSERT INTO claims VALUES('a58d43c7-32ad-5daa-85d9-24c3605b38a9','30d4cdf2-f58e-54af-8601-7ffbc0589eb1','id-000002','{"id":"a58d43c7-32ad-5daa-85d9-24c3605b38a9","report_id":"30d4cdf2-f58e-54af-8601-7ffbc0589eb1","incident_id":"id-000002","facet":"event","stance":"claimed","said_by":{"name":"Play","kind":"actor"},"actor":{"id":"play","name":"Play"},"victim":{"id":"5ad3ad96-b433-52fa-a4cd-49cb7e9954b2","name":"Borealis","role":"target"},"kind":"ransomware","kinds":["ransomware"],"occurred":{"from":null,"to":null,"precision":""},"quote":"Play says it attacked Borealis.","start":0,"end":31,"confidence":0.9,"published":"2026-02-20","extractor":"x1","recorded_from":"2026-03-01T08:00:03Z","origin":"actor:play","credibility":6,"tlp":"CLEAR"}',1772352003000000000,0);
CREATE TABLE incidents (id TEXT PRIMARY KEY, victim_id TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
INSERT INTO incidents VALUES('id-000001','78c17d73-2c86-5318-ad14-3258a5e85f4c','{"id":"id-000001","victim":{"id":"78c17d73-2c86-5318-ad14-3258a5e85f4c","name":"Acme","role":"target"},"actors":[{"id":"akira","name":"Akira"}],"kind":"ransomware","kinds":["ransomware"],"occurred":{"from":null,"to":null,"precision":""},"status":"confirmed","facets":{"event":"confirmed"},"victim_answer":"confirmed","claim_only":false,"corroborated":true,"origins":{"actor":1,"victim":1},"reports":["72ca924a-fe71-55ca-acef-3edc13ff7a33","3da01c6a-d423-57c5-ae0d-ae847c0fcdfb"],"first_reported":"2026-02-20","last_reported":"2026-02-20","confidence":0.9,"recorded_from":"2026-03-01T08:00:02Z"}',1772352002000000000);
INSERT INTO incidents VALUES('id-000002','5ad3ad96-b433-52fa-a4cd-49cb7e9954b2','{"id":"id-000002","victim":{"id":"5ad3ad96-b433-52fa-a4cd-49cb7e9954b2","name":"Borealis","role":"target"},"actors":[{"id":"play","name":"Play"}],"kind":"ransomware","kinds":["ransomware"],"occurred":{"from":null,"to":null,"precision":""},"status":"claimed","facets":{"event":"claimed"},"victim_answer":"none found","claim_only":true,"corroborated":false,"origins":{"actor":1},"reports":["30d4cdf2-f58e-54af-8601-7ffbc0589eb1"],"first_reported":"2026-02-20","last_reported":"2026-02-20","confidence":0.9,"recorded_from":"2026-03-01T08:00:03Z"}',1772352003000000000);
INSERT INTO incidents VALUES('id-000003','','{"id":"id-000003","victim":{"name":""},"actors":[],"kind":"","kinds":[],"occurred":{"from":null,"to":null,"precision":""},"status":"retracted","facets":{},"victim_answer":"none found","claim_only":false,"corroborated":false,"origins":{},"reports":[],"first_reported":null,"last_reported":null,"confidence":0,"recorded_from":"2026-03-01T08:00:03Z"}',1772352003000000000);
CREATE TABLE actors (id TEXT PRIMARY KEY, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
INSERT INTO actors VALUES('akira','{"id":"akira","name":"Akira","kind":"group","names":null,"origin":"reported"}',1772352002000000000);
INSERT INTO actors VALUES('akiri','{"id":"akiri","name":"Akiri","kind":"group","names":null,"origin":"reported","merged_into":"akira"}',1772352002000000000);
INSERT INTO actors VALUES('play','{"id":"play","name":"Play","kind":"group","names":null,"origin":"reported"}',1772352003000000000);
CREATE TABLE names (
  actor_id TEXT NOT NULL REFERENCES actors (id), name TEXT NOT NULL, source TEXT NOT NULL, used_by TEXT NOT NULL, body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (actor_id, name, source, used_by, recorded_from)) STRICT;
INSERT INTO names VALUES('akira','Akira','reported','','{"name":"Akira","source":"reported","extent":"exact","match":"cue"}',1772352002000000000,0);
INSERT INTO names VALUES('akiri','Akiri','reported','','{"name":"Akiri","source":"reported","extent":"exact","match":"cue"}',1772352002000000000,0);
INSERT INTO names VALUES('play','Play','reported','','{"name":"Play","source":"reported","extent":"exact","match":"cue"}',1772352003000000000,0);
CREATE TABLE relations (
  from_id TEXT NOT NULL, type TEXT NOT NULL, to_id TEXT NOT NULL, source TEXT NOT NULL, report_id TEXT NOT NULL DEFAULT '', body TEXT NOT NULL,
  recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (from_id, type, to_id, source, report_id, recorded_from)) STRICT;
CREATE TABLE catalogue (origin TEXT PRIMARY KEY, version TEXT NOT NULL, software TEXT NOT NULL, techniques TEXT NOT NULL) STRICT;
CREATE TABLE asserted (origin TEXT NOT NULL, actor_id TEXT NOT NULL, digest TEXT NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (origin, actor_id)) STRICT;
CREATE TABLE victims (id TEXT PRIMARY KEY, body TEXT NOT NULL, recorded_from INTEGER NOT NULL) STRICT;
INSERT INTO victims VALUES('78c17d73-2c86-5318-ad14-3258a5e85f4c','{"id":"78c17d73-2c86-5318-ad14-3258a5e85f4c","name":"Acme","names":["Acme"]}',1772352002000000000);
INSERT INTO victims VALUES('5ad3ad96-b433-52fa-a4cd-49cb7e9954b2','{"id":"5ad3ad96-b433-52fa-a4cd-49cb7e9954b2","name":"Borealis","names":["Borealis"]}',1772352003000000000);
CREATE TABLE victim_names (fold TEXT NOT NULL, victim_id TEXT NOT NULL REFERENCES victims (id), acronym INTEGER NOT NULL, PRIMARY KEY (fold, victim_id)) STRICT;
INSERT INTO victim_names VALUES('acme','78c17d73-2c86-5318-ad14-3258a5e85f4c',0);
INSERT INTO victim_names VALUES('borealis','5ad3ad96-b433-52fa-a4cd-49cb7e9954b2',0);
CREATE TABLE decisions (id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO decisions VALUES('id-000004','merge','akiri','{"id":"id-000004","kind":"merge","subject":"akiri","object":"akira","by":"ada","reason":"checked by hand","at":"2026-03-01T08:00:05Z","tlp":"AMBER"}',1772352005000000000,0);
INSERT INTO decisions VALUES('id-000005','correction','5ad3ad96-b433-52fa-a4cd-49cb7e9954b2','{"id":"id-000005","kind":"correction","subject":"5ad3ad96-b433-52fa-a4cd-49cb7e9954b2","field":"country","value":"NO","by":"ada","reason":"checked by hand","at":"2026-03-01T08:00:06Z","tlp":"AMBER"}',1772352006000000000,0);
INSERT INTO decisions VALUES('id-000006','not-victim','id-000002','{"id":"id-000006","kind":"not-victim","subject":"id-000002","by":"ada","reason":"checked by hand","at":"2026-03-01T08:00:07Z","undone_at":"2026-03-01T08:00:08Z","tlp":"AMBER"}',1772352007000000000,1772352008000000000);
INSERT INTO decisions VALUES('id-000007','undo','id-000006','{"id":"id-000007","kind":"undo","subject":"id-000006","by":"ada","reason":"checked by hand","at":"2026-03-01T08:00:08Z","tlp":"AMBER"}',1772352008000000000,0);
INSERT INTO decisions VALUES('id-000008','purge','ce8d89ca-014f-5682-8626-2235b03fdab7','{"id":"id-000008","kind":"purge","subject":"ce8d89ca-014f-5682-8626-2235b03fdab7","by":"ada","reason":"checked by hand","at":"2026-03-01T08:00:09Z","tlp":"AMBER"}',1772352009000000000,0);
CREATE TABLE tombstones (report_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
INSERT INTO tombstones VALUES('ce8d89ca-014f-5682-8626-2235b03fdab7',1772352009000000000);
CREATE TABLE sources (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, listed INTEGER NOT NULL, last_success INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '', reports INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO sources VALUES('paper','{"id":"paper","name":"The Paper","kind":"news","home":"","reliability":"","language":"","discover":null}',1,1772352000000000000,1772352000000000000,'',3);
CREATE TABLE fetches (id INTEGER PRIMARY KEY, source_id TEXT NOT NULL, url TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL, body TEXT NOT NULL) STRICT;
INSERT INTO fetches VALUES(1,'paper','https://paper.example/a',1772352000000000000,'stored','{"source_id":"paper","url":"https://paper.example/a","at":"2026-03-01T08:00:00Z","outcome":"stored"}');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',3);
INSERT INTO sqlite_sequence VALUES('changes',35);
CREATE INDEX reports_saved ON reports (first_saved, id);
CREATE INDEX claims_report ON claims (report_id);
CREATE INDEX claims_incident ON claims (incident_id, recorded_to);
CREATE INDEX incidents_victim ON incidents (victim_id);
CREATE INDEX relations_report ON relations (report_id);
CREATE INDEX decisions_subject ON decisions (subject);
CREATE INDEX fetches_url ON fetches (url, id);
COMMIT;
