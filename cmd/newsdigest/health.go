package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"newsdigest/bot/desk"
)

// observe serves metrics, health and, if asked for, profiles on the operator's address
// until the house is closed.
func (h *house) observe(ctx context.Context) error {
	if h.cfg.Metrics == "" {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", h.cfg.Metrics)
	if err != nil {
		return &exitError{code: exitConfig, err: fmt.Errorf("NEWSDIGEST_METRICS: %w", err)}
	}
	s := &http.Server{Handler: observatory(h.desk, time.Now, h.cfg.Pprof), ReadHeaderTimeout: 10 * time.Second}
	h.onClose(s.Close)
	go s.Serve(l) //nolint:errcheck // it ends with the server
	h.log.Info("metrics are served", "address", "http://"+l.Addr().String()+"/metrics", "profiles", h.cfg.Pprof)
	return nil
}

// observatory are the pages for those who watch the bot, by a clock.
func observatory(d *desk.Desk, now func() time.Time, profiles bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry(d, now), promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		probe(w, d.Alive(r.Context(), now()))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { probe(w, d.Readiness(now())) })
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		// The command line is not served: options may hold what is nobody's business.
	}
	return mux
}

// probe answers whether all is well, and what is not.
func probe(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintln(w, "ok")
}

// metricsProblem is what is wrong with the address for those who watch, nil if nothing is.
func metricsProblem(address string, profiles bool) error {
	if address == "" && profiles {
		return errors.New("NEWSDIGEST_PPROF: profiles are served at NEWSDIGEST_METRICS, which is not set")
	}
	if address == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return errors.New("NEWSDIGEST_METRICS: not an address; write host:port, for example localhost:9464")
	}
	return nil
}
