// SPDX-License-Identifier: Apache-2.0

// Package observable finds indicators in text: addresses, domains, URLs, hashes, CVE and ATT&CK ids. It reads defanged forms, keeps
// the place of each in the text, and refuses names of files and products that only look like domains.
package observable
