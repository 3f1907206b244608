// SPDX-License-Identifier: Apache-2.0

// Package robots reads robots.txt and answers whether a path may be fetched, as RFC 9309 says: groups of one agent are merged,
// the longest matching rule wins, Allow wins a tie, and percent-encoding makes no difference.
package robots
