package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// The headers that [Forward] adds to what the platform sends.
const (
	HeaderKey        = "Ttshop-Event-Key"        // identifies the event over all deliveries
	HeaderAttempt    = "Ttshop-Event-Attempt"    // 1 for the first
	HeaderReconciled = "Ttshop-Event-Reconciled" // 1 if the event was never received, see event.Meta
	HeaderReplayed   = "Ttshop-Event-Replayed"   // 1 if it is handed out again on request
)

// ForwardOptions configure [Forward]. The zero value is a good start.
type ForwardOptions struct {
	// App signs the deliveries as the platform does, so that the receiver can
	// verify them. The zero App sends them unsigned.
	App webhook.App
	// Client sends; nil means one that does not follow redirects.
	Client *http.Client
}

// Forward returns a function that posts each event to a URL, with the body that
// the platform sent. Any answer other than 2xx is a failure; the rest of the answer
// is ignored. The time limit is that of the try, see [ConsumeOptions].
func Forward(target string, options ForwardOptions) (webhook.EventFunc, error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("inbox: the address to forward to is not valid; use, for example, http://127.0.0.1:8080/webhook")
	}
	client := options.Client
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	place := u.Host + u.EscapedPath() // the query may hold a secret
	return func(ctx context.Context, e *webhook.Event) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(e.Meta.Raw))
		if err != nil {
			return fmt.Errorf("forward to %s: the request cannot be made", place)
		}
		r.Header.Set("Content-Type", "application/json")
		if signature := options.App.Sign(e.Meta.Raw); signature != "" {
			r.Header.Set("Authorization", signature)
		}
		r.Header.Set(HeaderKey, e.Meta.Key)
		r.Header.Set(HeaderAttempt, strconv.Itoa(e.Meta.Attempt))
		if e.Meta.Reconciled {
			r.Header.Set(HeaderReconciled, "1")
		}
		if e.Meta.Replayed {
			r.Header.Set(HeaderReplayed, "1")
		}
		res, err := client.Do(r) //nolint:bodyclose // readRest closes it
		if err != nil {
			if whole, ok := errors.AsType[*url.Error](err); ok {
				err = whole.Err // without the URL
			}
			return fmt.Errorf("forward to %s: %w", place, err)
		}
		readRest(res.Body, cancel)
		if res.StatusCode < 200 || res.StatusCode > 299 {
			return fmt.Errorf("forward to %s: answered %s", place, res.Status)
		}
		return nil
	}, nil
}

// readRest reads the rest of an answer, so that the connection is used again,
// unless it is long or slow. How it ends does not matter: the status is enough.
func readRest(body io.ReadCloser, cancel context.CancelFunc) {
	const most, within = 64 << 10, time.Second
	defer body.Close()
	defer time.AfterFunc(within, cancel).Stop()
	_, _ = io.CopyN(io.Discard, body, most)
}
