package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/rapsheet/rapsheet/intel"
)

// The outcomes of an attempt, as intel.Fetch carries them.
const (
	OutcomeStored       = "stored"
	OutcomeUnchanged    = "unchanged"
	OutcomeNotReport    = "not-report"
	OutcomeBlocked      = "blocked"
	OutcomeRobots       = "robots"
	OutcomeHTTPError    = "http-error"
	OutcomeNetworkError = "network-error"
	OutcomeTooLarge     = "too-large"
	OutcomeDuplicate    = "duplicate"
	OutcomeDiscovery    = "discovery"
	OutcomeFailed       = "failed"
	OutcomePurged       = "purged"
)

var (
	// errRobots says that robots.txt forbids the path, or could not be had.
	errRobots = fmt.Errorf("disallowed by robots.txt: %w", intel.ErrBlocked)
	// errTooLarge says that an answer was larger than allowed; it was not read whole.
	errTooLarge = errors.New("the answer is too large")
	// errPaused says that the host is left alone for now: no request was made.
	errPaused = errors.New("the host is paused")
	// errCut says that a list ended early: what of it was complete was read, but there was more.
	errCut = errors.New("part of it was not read")
	// errRedirect says that redirects led nowhere.
	errRedirect = errors.New("redirects lead nowhere")
)

// outcomeOfError names what an error of a visit means.
func outcomeOfError(err error) string {
	switch {
	case errors.Is(err, errRobots):
		return OutcomeRobots
	case errors.Is(err, errTooLarge):
		return OutcomeTooLarge
	case errors.Is(err, errRedirect):
		return OutcomeHTTPError
	case errors.Is(err, intel.ErrBlocked):
		return OutcomeBlocked
	case errors.Is(err, intel.ErrInvalid):
		return OutcomeFailed
	default:
		return OutcomeNetworkError
	}
}

// cutError says where a list ended early and what was made of the part that came. The cause decides the outcome.
func cutError(url, kind string, ex *exchange, read string) error {
	if ex.cut == nil {
		return fmt.Errorf("crawler: %s: the %s breaks off or is longer than what is read; %s: %w: %w", url, kind, read, errCut, intel.ErrInvalid)
	}
	return fmt.Errorf("crawler: %s: the %s was cut off after %d bytes (%w); %s: %w", url, kind, len(ex.body), ex.cut, read, errCut)
}

// outcomeOfDelivery names what the receiver of a document made of it.
func outcomeOfDelivery(err error) string {
	switch {
	case err == nil:
		return OutcomeStored
	case errors.Is(err, intel.ErrUnchanged):
		return OutcomeUnchanged
	case errors.Is(err, intel.ErrNotReport):
		return OutcomeNotReport
	case errors.Is(err, intel.ErrPurged):
		return OutcomePurged
	default:
		return OutcomeFailed
	}
}

// refusalOf names why a publisher's answer is no document; empty when it is one. What the publisher forbids is told apart from
// what is merely missing or broken.
func refusalOf(ex *exchange) (outcome, why string) {
	switch s := ex.status; {
	case ex.challenge != "":
		return OutcomeBlocked, "the publisher answers with a challenge page (" + ex.challenge + "); it is respected, not solved"
	case s == http.StatusUnauthorized, s == http.StatusPaymentRequired, s == http.StatusForbidden, s == http.StatusTooManyRequests,
		s == http.StatusUnavailableForLegalReasons:
		return OutcomeBlocked, statusLine(s)
	case s == http.StatusNoContent, s == http.StatusResetContent, s < 200, s > 299:
		return OutcomeHTTPError, statusLine(s)
	default:
		return "", ""
	}
}

func statusLine(status int) string {
	return fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))
}

// keepsValidators reports whether the next request may be conditional: only when what was fetched was taken, since a 304 to
// what was not taken would lose it.
func keepsValidators(outcome string) bool {
	return outcome == OutcomeStored || outcome == OutcomeUnchanged || outcome == OutcomeNotReport
}

// passing reports whether a failure may be gone next time, so that the page must be tried again even if no longer listed.
func passing(outcome string, status int) bool {
	switch outcome {
	case OutcomeNetworkError, OutcomeFailed, OutcomeRobots:
		return true
	case OutcomeHTTPError:
		return status >= 500 || status == http.StatusRequestTimeout || status == http.StatusNotModified
	case OutcomeBlocked:
		// Status zero is our own refusal; 401, 402 and 451 are the publisher's last word.
		return status == http.StatusForbidden || status == http.StatusTooManyRequests || status >= 500 || status == http.StatusOK
	default:
		return false
	}
}

// stopped reports whether the caller, not the publisher, ended the work.
func stopped(ctx context.Context) bool { return ctx.Err() != nil }
