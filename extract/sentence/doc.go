// SPDX-License-Identifier: Apache-2.0

// Package sentence cuts running text into tokens and sentences. It keeps byte offsets, never splits inside an address, a hash or a
// defanged indicator, and works in one pass over the text.
package sentence
