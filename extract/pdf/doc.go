// SPDX-License-Identifier: Apache-2.0

// Package pdf takes the text out of PDF documents with pdfium, compiled to WebAssembly and run in a sandbox: a hostile document
// can use up its time and its memory, and nothing else.
//
// The engine opens when the first document comes and gives its memory back when it is closed; a document after that opens it
// again. One document is read at a time.
package pdf
