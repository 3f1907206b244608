// SPDX-License-Identifier: Apache-2.0

// Package article turns the bytes of a public document into its readable part: title, authors, date, language and main text.
//
// It is pure: bytes in, values out, no input or output and no clock. The page is decoded once, parsed once and cut into blocks;
// trafilatura says which blocks are the article, and the rules of this package add what belongs to it and drop what does not.
// Pages that are no report (geo-blocks, cookie walls, paywalls, error pages) are refused with intel.ErrNotReport.
package article
