// SPDX-License-Identifier: Apache-2.0

// Package index answers questions. It follows the store's feed of changes and keeps two things: bleve finds and scores words,
// and columns in memory answer who, whom, what, where and when, newest first, in microseconds. Both are a cache: delete the
// folder and CatchUp makes the same answers again.
//
// # Concurrency
//
// One goroutine writes (Follow, CatchUp and Rebuild exclude one another); any number read. The columns are guarded by one
// read-write lock that a writer holds only while it applies a batch to them, a few milliseconds; texts are written to bleve before that,
// outside the lock. The ordinal of a report never changes, so a search may ask bleve first and the columns afterwards.
// Answers share slices with the index: callers must not change them.
//
// # Consistency
//
// The sequence number that the texts have reached is written in the same bleve batch as the texts. When the index is opened,
// the columns are read again from the start of the feed and only texts beyond that number are written, so a process killed at
// any point leaves nothing to repair. A folder that cannot be opened, has another schema, is ahead of the feed or holds
// another number of reports is deleted and written anew.
//
// # Query language
//
// Words side by side must all match; if nothing matches all of them, what matches any is given. "Quotation marks" hold a
// phrase together, OR between parts asks for either, a minus before a part (or NOT) excludes it, brackets group.
// field:value asks a column: actor, victim, sector, country, kind, status, source, lang, cve, technique, observable; a value
// with spaces goes in quotation marks. Names of actors and victims are recognised by any alias and find all reports about
// them, whatever name those use. English words are found in their other forms (breach, breached). A query is at most 512
// characters and 32 parts. doc/query.md has examples.
//
// # Time travel
//
// Under AsOf a report is there when its first version was recorded by then, and an incident is computed again from the claims
// held then. What a later version of a report mentions without claiming is not counted; words are always those of the
// version held now.
package index
