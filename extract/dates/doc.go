// SPDX-License-Identifier: Apache-2.0

// Package dates finds words of time in English text and reads them as intervals of days relative to a reference date. What cannot
// be said without a reference stays unknown, and its words are kept.
package dates
