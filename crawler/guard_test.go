package crawler

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func TestGuardRefusesEverythingButPublicWebPorts(t *testing.T) {
	g := newGuard([]string{"localhost:9"})
	for _, addr := range []string{
		"127.0.0.1:80", "10.0.0.1:443", "172.16.0.1:80", "192.168.1.1:80", "169.254.169.254:80", "100.64.0.1:80", "0.0.0.0:80",
		"192.0.0.192:80", "198.18.0.1:80", "224.0.0.1:80", "240.0.0.1:80", "255.255.255.255:80", "[::1]:80", "[::]:80", "[fe80::1]:80",
		"[fc00::1]:443", "[::ffff:127.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[2001:db8::1]:80", "[ff02::1]:80", "100.127.255.254:443", "[64:ff9b:1::a00:1]:443", "[2002:7f00:1::1]:80", "[2001::1]:80", "[fec0::1]:80",
		"[100::1]:80", "192.0.2.1:80", "203.0.113.9:443", "239.1.2.3:80", "172.31.255.255:443", "[::ffff:10.0.0.1]:443", "[::127.0.0.1]:80",
		"93.184.216.34:8080", "93.184.216.34:22", "[2606:2800:220:1::1]:8443", "127.0.0.1:9", "nonsense",
	} {
		network := "tcp4"
		if addr[0] == '[' {
			network = "tcp6"
		}
		if err := g.control(network, addr, nil); !errors.Is(err, intel.ErrBlocked) {
			t.Errorf("%s: %v, want ErrBlocked", addr, err)
		}
	}
	for network, addr := range map[string]string{"tcp4": "93.184.216.34:443", "tcp6": "[2606:2800:220:1:248:1893:25c8:1946]:80"} {
		if err := g.control(network, addr, nil); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestGuardAllowsOnlyTheVeryPairNamed(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	addr := l.Addr().String()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	dial := func(allow, to string) error {
		conn, err := newGuard([]string{allow}).dial(context.WithoutCancel(t.Context()), "tcp4", to)
		if err == nil {
			err = conn.Close()
		}
		return err
	}
	if err := dial(addr, addr); err != nil {
		t.Errorf("the pair named: %v", err)
	}
	// A name that resolves to the allowed address is not the name allowed: that is how rebinding works.
	if err := dial(addr, "localhost:"+port); !errors.Is(err, intel.ErrBlocked) {
		t.Errorf("another name for it: %v", err)
	}
	if err := dial("127.0.0.1:1", addr); !errors.Is(err, intel.ErrBlocked) {
		t.Errorf("another port: %v", err)
	}
}
