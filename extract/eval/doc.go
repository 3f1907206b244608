// SPDX-License-Identifier: Apache-2.0

// Package eval measures an extractor against labelled reporting: precision and recall of victims, actors and pairs, false alarms, and
// how far its confidence can be trusted.
package eval
