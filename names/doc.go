// SPDX-License-Identifier: Apache-2.0

// Package names decides who is meant. Fold and FoldKey give every name a canonical form; Tokenize and Matcher find names in
// running text; Resolver answers which actors a name may mean, with all candidates and why; Join says which records of several
// catalogues are one actor. Names are many-to-many: nothing here merges because two things share one, and nothing merges
// transitively.
package names
