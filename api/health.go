package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the Prometheus figures of the API.
type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	// held are the series met, a series each: looking one up by its labels costs more than the rest of the counting.
	held sync.Map
}

// series is one line of the request metric.
type series struct {
	route, method string
	status        int
}

// of gives the figure of a series.
func (m *metrics) of(k series) prometheus.Observer {
	if o, ok := m.held.Load(k); ok {
		return o.(prometheus.Observer) //nolint:errcheck,forcetypeassert // nothing else is kept
	}
	o := m.seconds.WithLabelValues(k.route, k.method, strconv.Itoa(k.status))
	m.held.Store(k, o)
	return o
}

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{registry: r, seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "rapsheet_http_request_duration_seconds", Help: "Duration of HTTP requests by route, method and status.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
	}, []string{"route", "method", "status"})}
	r.MustRegister(m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// count counts a request. The route is the pattern, not the address, so that names do not leak into figures.
func (m *metrics) count(c echo.Context, took time.Duration) {
	route := c.Path()
	if route == "" {
		route = "none"
	}
	m.of(series{route, methodLabel(c.Request().Method), c.Response().Status}).Observe(took.Seconds())
}

// methodLabel keeps the figures few: a caller may invent methods, and each would be a series for ever.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func (m *metrics) handler() echo.HandlerFunc {
	return echo.WrapHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}

// healthz says that the process is alive.
func (s *server) healthz(c echo.Context) error {
	return writeJSON(c, http.StatusOK, map[string]any{"status": "ok", "version": s.Version})
}

// readyz says whether the index has caught up with the store.
func (s *server) readyz(c echo.Context) error {
	seq := s.Reader.Seq()
	head := seq
	if s.Head != nil {
		var err error
		if head, err = s.Head(c.Request().Context()); err != nil {
			return err
		}
	}
	status, word := http.StatusOK, "ready"
	if seq < head {
		status, word = http.StatusServiceUnavailable, "catching up"
	}
	return writeJSON(c, status, map[string]any{"status": word, "seq": seq, "head": head})
}
