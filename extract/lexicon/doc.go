// SPDX-License-Identifier: Apache-2.0

// Package lexicon holds the words that the extractor reads by: verbs and nouns of attack by class, words of speaking, heads of
// organisation names, given names, and public names of vendors, media and authorities, which serve as evidence and never as a stop list.
package lexicon
