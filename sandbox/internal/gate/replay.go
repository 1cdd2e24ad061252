package gate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// Replay says how a request of the log is sent once more. What is left out stays
// as it was.
type Replay struct {
	Query map[string]string `json:"query,omitempty"` // all of it; what signing adds is left out
	Body  *string           `json:"body,omitempty"`
	Grant *string           `json:"grant,omitempty"` // id of the grant whose token is sent; "" for no token
}

// replayKey is where the context of a replay has a *replayed.
type replayKey struct{}

// replayed is which request is repeated, and what the log calls the new one.
type replayed struct{ of, id int64 }

// Signing adds these to a query, and removes what an older client put there.
var signedParams = []string{"app_key", "timestamp", "sign", "access_token"}

// Unsigned returns the part of a query that a replay and a copy keep: neither
// what signing adds nor what the log masks.
func Unsigned(query map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range query {
		if !secretParam(name) && value != masked {
			kept[name] = value
		}
	}
	for _, name := range signedParams {
		delete(kept, name)
	}
	return kept
}

// The reasons why a request of the log cannot be sent again.
var (
	errReplayGone   = errors.New("the log does not have this request (any more)")
	errReplayLogin  = errors.New("the authorization host takes secrets, which the log does not keep: this request cannot be sent again")
	errReplayFiles  = errors.New("the log does not keep files: this request cannot be sent again")
	errReplayCutOff = errors.New("the log keeps the first 64 KB of a body and 512 bytes of a path: this request cannot be sent again as it was")
)

// Replayable tells why a request of the log cannot be sent again, or nil.
func (s *Gate) Replayable(id int64) error {
	s.Log.mu.Lock()
	defer s.Log.mu.Unlock()
	slot := s.Log.slot(id)
	switch {
	case slot == nil:
		return errReplayGone
	case s.Registry.unsigned[slot.Path] != nil || s.Registry.pages[slot.Path] != nil:
		return errReplayLogin
	case slot.multipart:
		return errReplayFiles
	case len(slot.body) < slot.bodySize || len(slot.Path) >= longestPath:
		return errReplayCutOff
	}
	return nil
}

// PostReplay sends a request of the log once more, signed with the secret of its
// app, and answers with what the log has of it then. It goes the way of any
// other request, through faults, throttle and checks.
func (s *Gate) PostReplay(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		ControlError(w, http.StatusBadRequest, "the id is not a number")
		return
	}
	var change Replay
	r.Body = http.MaxBytesReader(w, r.Body, MaxControlBody)
	if r.ContentLength != 0 && !ControlBody(w, r, &change) {
		return
	}
	if err := s.Replayable(id); err != nil {
		status := http.StatusConflict
		if errors.Is(err, errReplayGone) {
			status = http.StatusNotFound
		}
		ControlError(w, status, err.Error())
		return
	}
	was, ok := s.Log.Find(id)
	if !ok {
		ControlError(w, http.StatusNotFound, errReplayGone.Error())
		return
	}
	request, again, err := s.again(r, was, change)
	if err != nil {
		ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.send(request)
	now, ok := s.Log.Find(again.id)
	if !ok {
		ControlError(w, http.StatusInternalServerError, "the request was sent, and the log has forgotten it already")
		return
	}
	ControlAnswer(w, http.StatusOK, now)
}

// again makes the request that repeats one of the log.
func (s *Gate) again(r *http.Request, was RequestView, change Replay) (*http.Request, *replayed, error) {
	a := s.State.Load().Authority
	app := a.App(was.AppKey)
	if app == nil { // a mistake that signing mends
		app = a.App(a.First().Key)
	}
	query := change.Query
	if query == nil {
		query = was.Query
	}
	body := was.Sent
	if change.Body != nil {
		body = *change.Body
	}
	token, err := s.tokenFor(a, app, was.Grant, change.Grant)
	if err != nil {
		return nil, nil, err
	}
	raw := s.signedQuery(app, was.Method, was.Path, Unsigned(query), body)
	// The path is as it came, escapes and all.
	target, err := url.ParseRequestURI(was.Path + "?" + raw)
	if err != nil {
		return nil, nil, fmt.Errorf("the path %s: %w", strconv.QuoteToASCII(was.Path), err)
	}
	again := &replayed{of: was.ID}
	request, err := http.NewRequestWithContext(context.WithValue(r.Context(), replayKey{}, again), was.Method, "http://"+r.Host+"/", strings.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("the method %s: %w", strconv.QuoteToASCII(was.Method), err)
	}
	request.URL, request.RemoteAddr, request.TLS = target, r.RemoteAddr, r.TLS
	request.Header.Set("User-Agent", "ttshop-sandbox (replay of request "+strconv.FormatInt(was.ID, 10)+")")
	if kind := was.Headers["Content-Type"]; kind != "" {
		request.Header.Set("Content-Type", kind)
	} else if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set(tokenHeader, token)
	}
	return request, again, nil
}

// tokenFor returns the token that a replay sends: of the grant that was asked
// for, else of the one that was there before, else of the first of the app.
func (s *Gate) tokenFor(a *authority.Authority, app *authority.App, was string, wanted *string) (string, error) {
	grant := was
	if wanted != nil {
		if *wanted == "" {
			return "", nil
		}
		grant = *wanted
	}
	token := a.TokenFor(app, grant, s.Clock.Now())
	switch {
	case token != "":
		return token, nil
	case wanted != nil:
		return "", errors.New("the app has no grant with the id " + strconv.QuoteToASCII(*wanted) + " that is not revoked; GET /_sandbox/grants lists them")
	}
	return a.TokenFor(app, "", s.Clock.Now()), nil
}

// signedQuery returns a query with what signing adds.
func (s *Gate) signedQuery(app *authority.App, method, path string, query map[string]string, body string) string {
	values := url.Values{"app_key": {app.Key}, "timestamp": {strconv.FormatInt(s.Clock.Now().Unix(), 10)}}
	for name, value := range query {
		values.Set(name, value)
	}
	raw := values.Encode()
	return raw + "&sign=" + app.Verifier.Sign(wire.Message{
		Method: method, Path: path, Query: wire.ParseQuery(nil, raw), Body: []byte(body),
	})
}

// send lets the gate answer a request that comes from no connection.
func (s *Gate) send(r *http.Request) {
	defer func() {
		// A fault may cut the connection, which is not there.
		if cut := recover(); cut != nil && cut != http.ErrAbortHandler { //nolint:errorlint // a panic's value, compared as net/http does
			panic(cut)
		}
	}()
	s.ServeHTTP(nobody{http.Header{}}, r)
}

// nobody takes an answer that only the log keeps.
type nobody struct{ header http.Header }

func (n nobody) Header() http.Header         { return n.header }
func (n nobody) WriteHeader(int)             {}
func (n nobody) Write(b []byte) (int, error) { return len(b), nil }
