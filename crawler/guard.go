package crawler

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/rapsheet/rapsheet/intel"
)

// guard dials only public addresses on ports 80 and 443. It judges the address after name resolution, so a name that turns
// into a private address is refused, on redirects too.
type guard struct {
	safe *ssrf.Guardian
	// allowed are the host:port pairs that the configuration names, as written in the request.
	allowed       map[string]bool
	public, named *net.Dialer
}

func newGuard(allow []string) *guard {
	g := &guard{safe: ssrf.New(), allowed: map[string]bool{}}
	for _, a := range allow {
		g.allowed[strings.ToLower(a)] = true
	}
	g.public = &net.Dialer{Timeout: 10 * time.Second, Control: g.control}
	g.named = &net.Dialer{Timeout: 10 * time.Second}
	return g
}

// control refuses a resolved address before the connection is made.
func (g *guard) control(network, addr string, conn syscall.RawConn) error {
	if err := g.safe.Safe(network, addr, conn); err != nil {
		return fmt.Errorf("crawler: dial: only public addresses on ports 80 and 443 are asked, unless the configuration names them: %w: %w", err, intel.ErrBlocked)
	}
	return nil
}

// dial decides by the host:port asked for, not by what it resolves to: another name that resolves to an allowed private
// address is still refused.
func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if g.allowed[strings.ToLower(addr)] {
		return g.named.DialContext(ctx, network, addr)
	}
	return g.public.DialContext(ctx, network, addr)
}
