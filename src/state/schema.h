#pragma once
// The tables of state.db. Keys are row ids. A refresh is not a row: refreshes are packed, those of a commit in a row of
// `refresh_batch`, and folded into `refresh` now and then: a tenth of a microsecond each instead of one. Which of a put
// and a refresh is newer is told by sequence numbers that grow over all posts ever (`since`, `sequence`).

namespace carillon::state {

inline constexpr int kSchemaVersion = 2;
inline constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS binding(key INTEGER PRIMARY KEY, expires INTEGER NOT NULL, since INTEGER NOT NULL,
  record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS refresh(key INTEGER PRIMARY KEY, expires INTEGER NOT NULL, cseq INTEGER NOT NULL,
  sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_batch(sequence INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS call(key INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS record(kind INTEGER NOT NULL, key INTEGER NOT NULL, expires INTEGER NOT NULL,
  record BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cdr(id INTEGER PRIMARY KEY, start INTEGER NOT NULL, answer INTEGER, "end" INTEGER,
  calling TEXT, dialled TEXT, called TEXT, sent_on TEXT, disposition TEXT, cause INTEGER, global INTEGER,
  record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS cdr_start ON cdr(start);
CREATE TABLE IF NOT EXISTS epoch(one INTEGER PRIMARY KEY CHECK (one = 1), starts INTEGER NOT NULL);
INSERT OR IGNORE INTO epoch VALUES(1, 0);
UPDATE epoch SET starts = starts + 1;
)sql";

}  // namespace carillon::state
