// SPDX-License-Identifier: Apache-2.0

// Package brief writes threat briefings from incidents: what was reported, by whom it was said, what the organisation answers,
// and every sentence with its citation. A machine never invents a likelihood or a judgement: that part is left to the analyst.
package brief
