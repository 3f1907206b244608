// SPDX-License-Identifier: Apache-2.0

// Package storetest is the conformance suite of the system of record: every store runs it, and what it demands is what
// intel.Saver, intel.Journal, intel.Feed and intel.Archive promise.
package storetest
