// SPDX-License-Identifier: Apache-2.0

// Package store is the room of the system of record: the one thing that must never be lost. Package sqlite is the embedded
// store; package storetest the conformance suite that every store passes.
package store
