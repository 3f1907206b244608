// SPDX-License-Identifier: Apache-2.0

// Package crawler finds and fetches public pages politely and hands over bytes and where they came from. It obeys robots.txt
// (RFC 9309), keeps one request in flight and a delay per host, asks conditionally, refuses private addresses after name
// resolution, and writes every attempt to the journal after what it fetched was taken. It knows nothing of actors.
//
// Every request, redirects and robots.txt included, goes through one http.RoundTripper, which holds all these rules; colly
// follows redirects, and picks links, above it.
package crawler
