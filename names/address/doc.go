// SPDX-License-Identifier: Apache-2.0

// Package address says which web addresses are the same page and which are never asked for. It works on strings alone: no
// look-up, no request.
package address
