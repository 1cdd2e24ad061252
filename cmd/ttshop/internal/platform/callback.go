package platform

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/oauth"
)

// callbackServer receives the redirect that ends an authorization, on this
// machine.
type callbackServer struct {
	address string // where it listens
	state   string // that the link carried
	warn    func(format string, args ...any)

	once    sync.Once
	outcome chan callbackOutcome
}

type callbackOutcome struct {
	callback oauth.Callback
	err      error
}

// ServeHTTP takes the redirect. It comes to whichever path the app registered.
func (s *callbackServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	query := r.URL.Query()
	if r.Method != http.MethodGet || !query.Has("code") && !query.Has("error") {
		page(w, http.StatusNotFound, "Nothing here", "ttshop is waiting for an authorization to finish.")
		return
	}
	callback, err := oauth.ParseCallback(query, s.state)
	switch {
	case errors.Is(err, oauth.ErrState):
		// A stray one must not end the wait for the genuine one.
		s.warn("a callback with a different state arrived and is ignored; was an older link opened?")
		page(w, http.StatusBadRequest, "Another link", "This is not the authorization that ttshop is waiting for. Open the link shown in the terminal.")
		return
	case err != nil:
		page(w, http.StatusOK, "No access", "The authorization was not granted. See the terminal for details.")
	default:
		page(w, http.StatusOK, "Access granted", "You can close this page and return to the terminal.")
	}
	s.once.Do(func() { s.outcome <- callbackOutcome{callback, err} })
}

// page writes a page for the person in the browser.
func page(w http.ResponseWriter, status int, title, text string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `<!doctype html><meta charset="utf-8"><title>%[1]s</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32em;padding:0 1em;color-scheme:light dark}</style>
<h1>%[1]s</h1><p>%[2]s</p>
`, html.EscapeString(title), html.EscapeString(text))
}

// NewCallbackServer returns a server that waits at an address for the callback
// with a state.
func NewCallbackServer(address, state string, warn func(string, ...any)) *callbackServer {
	return &callbackServer{address: address, state: state, warn: warn, outcome: make(chan callbackOutcome, 1)}
}

// Wait serves until the callback is there. begun is called once connections
// are accepted, with the address.
func (s *callbackServer) Wait(ctx context.Context, patience time.Duration, begun func(address string)) (callback oauth.Callback, err error) {
	listener, address, err := Listen(ctx, s.address)
	if err != nil {
		return callback, fmt.Errorf("wait for the browser: %w; use another address with --listen, or --paste, which needs none", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("nobody granted access within %v; use --timeout to wait longer", patience))
	defer cancel()
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- Serve(serving, listener, s) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	begun(address)
	select {
	case got := <-s.outcome:
		return got.callback, got.err
	case err := <-served:
		served <- nil
		return callback, fmt.Errorf("wait for the browser: %w", err)
	case <-ctx.Done():
		return callback, context.Cause(ctx)
	}
}
