// SPDX-License-Identifier: Apache-2.0

// Package intel is rapsheet's domain: reports, actors, names, victims, claims, incidents and the questions asked of them. It
// depends on the standard library alone, reads no clock and does no I/O. Interfaces that two rooms share live here, each
// method naming the errors it returns.
package intel
