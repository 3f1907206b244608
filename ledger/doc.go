// SPDX-License-Identifier: Apache-2.0

// Package ledger holds the written rules that turn claims into what may be said of an incident: the status of each facet, the
// victim's latest answer, independent origins, credibility, and which claims of different reports tell of one incident. It is
// pure: claims in, values out. doc/claims.md is its truth table.
package ledger
