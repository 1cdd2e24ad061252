package ttshop_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
)

func TestInBatches(t *testing.T) {
	t.Parallel()
	self := func(s string) string { return s }
	for _, c := range []struct {
		what    string
		ids     []string
		limit   int
		batches []string
		items   string
		missing []string
	}{
		{"none", nil, 2, nil, "", nil},
		{"one batch", []string{"a", "b"}, 2, []string{"a b"}, "a b", nil},
		{"a rest", []string{"c", "a", "b"}, 2, []string{"c a", "b"}, "c a b", nil},
		{"twice", []string{"a", "b", "a", "c", "b"}, 2, []string{"a b", "c"}, "a b a c b", nil},
		{"gone", []string{"a", "x", "b", "x"}, 3, []string{"a x b"}, "a b", []string{"x"}},
	} {
		var batches, items []string
		var failure error
		fetch := func(_ context.Context, ids []string) ([]string, error) {
			batches = append(batches, strings.Join(ids, " "))
			answer := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "x" })
			slices.Reverse(answer) // the platform keeps no order
			return answer, nil
		}
		for item, err := range ttshop.InBatches(t.Context(), c.ids, c.limit, self, fetch) {
			if err != nil {
				failure = err
				continue
			}
			items = append(items, item)
		}
		if !slices.Equal(batches, c.batches) || strings.Join(items, " ") != c.items {
			t.Errorf("%s: asked %q, got %q", c.what, batches, items)
		}
		missing := new(ttshop.MissingError)
		if errors.As(failure, &missing) != (c.missing != nil) || !slices.Equal(missing.IDs, c.missing) || c.missing != nil && !errors.Is(failure, ttshop.ErrNotFound) {
			t.Errorf("%s: error %v", c.what, failure)
		}
	}
	boom := errors.New("boom")
	calls := 0
	for _, err := range ttshop.InBatches(t.Context(), []string{"a", "b"}, 1, self, func(context.Context, []string) ([]string, error) { calls++; return nil, boom }) {
		if !errors.Is(err, boom) {
			t.Errorf("error %v", err)
		}
	}
	if calls != 1 {
		t.Errorf("%d calls after a failure", calls)
	}
	for _, err := range ttshop.InBatches(t.Context(), []string{"a"}, 0, self, nil) {
		if !errors.Is(err, ttshop.ErrInvalidRequest) {
			t.Errorf("without a limit: error %v", err)
		}
	}
}

func TestSpanWindows(t *testing.T) {
	t.Parallel()
	now := time.Unix(10_000, 0)
	for _, c := range []struct {
		span  ttshop.Span
		width time.Duration
		want  []ttshop.Span
	}{
		{ttshop.Span{To: 1000}, 0, []ttshop.Span{{From: 1000, To: 9700}}},
		{ttshop.Span{To: 1000}, time.Hour, []ttshop.Span{{From: 1000, To: 4600}, {From: 4600, To: 8200}, {From: 8200, To: 9700}}},
		{ttshop.Span{From: 1000, To: 4600}, 2 * time.Hour, []ttshop.Span{{From: 4600, To: 9700}}},
		{ttshop.Span{To: 9698}, time.Millisecond, []ttshop.Span{{From: 9698, To: 9699}, {From: 9699, To: 9700}}},
		{ttshop.Span{To: 9700}, 0, nil},
		{ttshop.Span{To: 20_000}, time.Hour, nil},
	} {
		got := slices.Collect(c.span.Windows(now, 5*time.Minute, c.width))
		if !slices.Equal(got, c.want) {
			t.Errorf("%v, width %v: %v, want %v", c.span, c.width, got, c.want)
		}
	}
	for first := range (ttshop.Span{To: 1000}).Windows(now, 0, time.Hour) {
		if first.From != 1000 {
			t.Errorf("first window %v", first)
		}
		break
	}
}

func TestDownload(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Tts-Access-Token") != "" || r.URL.Query().Has("sign") {
			t.Error("the token or a signature goes along")
		}
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/label", http.StatusFound)
		case "/label":
			w.Header().Set("Content-Type", "application/pdf")
			fmt.Fprint(w, "%PDF-1.7")
		case "/expired":
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer server.Close()
	client := ttshop.New("key", "secret", ttshop.WithTokenSource(ttshop.StaticToken("planted-token")), ttshop.WithHTTPClient(server.Client()))
	var b strings.Builder
	if kind, err := client.Download(t.Context(), server.URL+"/moved?x=planted", &b); err != nil || kind != "application/pdf" || b.String() != "%PDF-1.7" {
		t.Errorf("%q of type %q, %v", b.String(), kind, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for link, want := range map[string]error{
		server.URL + "/expired?x=planted": ttshop.ErrNotFound, server.URL + "/down?x=planted": ttshop.ErrUnavailable,
		"http://127.0.0.1:1/?x=planted": ttshop.ErrUnavailable, "file:///planted": ttshop.ErrInvalidRequest, "://planted": ttshop.ErrInvalidRequest,
	} {
		if _, err := client.Download(t.Context(), link, &b); !errors.Is(err, want) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: error %v, want %v", link, err, want)
		}
	}
	if _, err := client.Download(ended, server.URL+"/label", &b); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: error %v", err)
	}
	if b.String() != "%PDF-1.7" {
		t.Errorf("a failure wrote: %q", b.String())
	}
}

// The options of one call take the place of the client's, for that call only.
func TestCallRetryAndTimeout(t *testing.T) {
	t.Parallel()
	tries := 0
	block := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tries++
		if r.URL.Path == "/slow/202309/x" {
			<-block
		}
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer server.Close()
	defer close(block)
	client := ttshop.New("key", "secret", ttshop.WithTokenSource(ttshop.StaticToken("t")), ttshop.WithEndpoint(server.URL),
		ttshop.WithRetry(ttshop.RetryPolicy{Tries: 3, MinWait: time.Millisecond, MaxWait: time.Millisecond}))
	for want, options := range map[int][]ttshop.CallOption{
		3: nil, 1: {ttshop.CallOnce()}, 2: {ttshop.CallRetry(ttshop.RetryPolicy{Tries: 2, MinWait: time.Millisecond, MaxWait: time.Millisecond})},
	} {
		tries = 0
		if _, err := client.Call(t.Context(), "GET", "/x/202309/x", nil, nil, options...); !errors.Is(err, ttshop.ErrUnavailable) || tries != want {
			t.Errorf("%d tries, want %d: %v", tries, want, err)
		}
	}
	_, err := client.Call(t.Context(), "GET", "/slow/202309/x", nil, nil, ttshop.CallTimeout(20*time.Millisecond), ttshop.CallOnce())
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 20ms") {
		t.Errorf("error %v", err)
	}
}
