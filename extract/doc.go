// SPDX-License-Identifier: Apache-2.0

// Package extract reads incidents out of public reporting: who did what to whom, according to whom and since when, each with the
// sentence it rests on. It is pure: text in, intel values out, the same answer every time, no clock and no input or output.
//
// Text is cut into tokens and sentences, names of known actors and software are found by a catalogue, runs of capitals become
// candidates, the mentions of one organisation are grouped, and a logistic model over readable features gives each group the
// probability that the text reports it as a victim. Rules then link actors, read kind, time, place and sector, and write one
// statement for each facet that somebody in the text speaks to.
package extract
