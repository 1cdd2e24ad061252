package ttshop_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
)

// announcer answers every request with a header and one byte, then stays silent
// until the test ends.
func announcer(t *testing.T, length string) (address string, answered *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answered = new(atomic.Int64)
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "+length+"\r\n\r\n{")
				answered.Add(1)
				<-ended
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		close(ended)
		running.Wait()
	})
	return "http://" + listener.Addr().String(), answered
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Answers that are announced but never arrive take no memory. Not parallel: it
// measures the heap of the process.
func TestAnnouncedAnswersTakeNoMemory(t *testing.T) {
	calls := 60
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		calls = 300
	}
	endpoint, answered := announcer(t, "32505856") // 31 MiB, below the limit
	client := newClient(endpoint, ttshop.WithoutRetry(), ttshop.WithLimiter(nil))
	before := heapInUse()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer func() { cancel(); running.Wait() }()
	for range calls {
		running.Go(func() {
			_, err := client.Call(ctx, "GET", "/x", nil, nil)
			if err == nil {
				t.Error("an answer of one byte is one")
			}
		})
	}
	for deadline := time.Now().Add(30 * time.Second); answered.Load() < int64(calls); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d calls are answered", answered.Load(), calls)
		}
	}
	// The buffers are allocated right after the header is read.
	most := int64(0)
	for range 10 {
		most = max(most, heapInUse()-before)
	}
	t.Logf("%d answers that announce 31 MiB and send one byte: heap +%.1f MB", calls, float64(most)/1e6)
	if most > int64(calls)*200_000 {
		t.Errorf("the heap grew by %d bytes for %d answers", most, calls)
	}
}

// What a bad network does to an answer is reported; only reads are repeated.
func TestAnswersOverBadNetwork(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	endpoint := platform(t, func(w http.ResponseWriter, _ received) {
		served.Add(1)
		io.WriteString(w, success(`{"text":"`+strings.Repeat("x", 2000)+`"}`))
	})
	p := proxy.New(t, strings.TrimPrefix(endpoint, "http://"))
	client := newClient("http://"+p.Addr(), ttshop.WithRetry(ttshop.RetryPolicy{Tries: 2, MaxWait: time.Millisecond}), ttshop.WithTimeout(2*time.Second))
	call := func(method string) (*ttshop.Response, error) { return client.Call(t.Context(), method, "/x", nil, nil) }

	p.Trickle(200, 5*time.Millisecond)
	if res, err := call("GET"); err != nil || len(res.Data) < 2000 {
		t.Errorf("an answer that trickles: %v", err)
	}
	p.CutAfter(300)
	p.Cut()
	before := served.Load()
	if _, err := call("GET"); !errors.Is(err, ttshop.ErrUnavailable) || served.Load() != before+2 {
		t.Errorf("a read that is cut: %v, sent %d times", err, served.Load()-before)
	}
	before = served.Load()
	if _, err := call("POST"); !errors.Is(err, ttshop.ErrOutcomeUnknown) || served.Load() != before+1 {
		t.Errorf("a write that is cut: %v, sent %d times", err, served.Load()-before)
	}
	p.Hang()
	began := time.Now()
	if _, err := call("POST"); !errors.Is(err, ttshop.ErrOutcomeUnknown) || time.Since(began) > 20*time.Second {
		t.Errorf("a write that hangs: %v after %v", err, time.Since(began))
	}
	p.Pass()
	if _, err := call("POST"); err != nil {
		t.Errorf("after it hung: %v", err)
	}
}

// The code of an answer that is not the platform's is reported as it is, never
// as 0.
func TestForeignCodes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status             int
		answer             string
		class              error
		code, message, has string
	}{
		"a gateway that throttles": {429, `{"code":"Throttling.User","message":"slow down","request_id":"g1"}`, ttshop.ErrRateLimited,
			"Throttling.User", "slow down", `code Throttling.User, HTTP 429, request g1): "slow down"`},
		"another spelling":     {403, `{"Code":"InvalidApiKey","Message":"who are you"}`, ttshop.ErrUnauthorized, "InvalidApiKey", "who are you", "code InvalidApiKey, HTTP 403"},
		"a fraction":           {400, `{"code":400.5,"message":"bad"}`, ttshop.ErrInvalidRequest, "400.5", "bad", "code 400.5, HTTP 400"},
		"a huge number":        {502, `{"code":99999999999999999999,"message":"bad"}`, ttshop.ErrOutcomeUnknown, "99999999999999999999", "bad", "code 99999999999999999999, HTTP 502"},
		"an object":            {400, `{"code":{"n":1},"message":"bad"}`, ttshop.ErrInvalidRequest, `{"n":1}`, "bad", `code {"n":1}, HTTP 400`},
		"other messages":       {400, `{"code":"E1","error":"no upstream"}`, ttshop.ErrInvalidRequest, "E1", `{"code":"E1","error":"no upstream"}`, "no upstream"},
		"a secret in it":       {400, `{"code":"` + accessToken + `","message":"` + accessToken + `"}`, ttshop.ErrInvalidRequest, "[secret]", "[secret]", "code [secret]"},
		"lines":                {400, `{"code":"a\nb\u001b[31m` + strings.Repeat("x", 500) + `","message":"m"}`, ttshop.ErrInvalidRequest, "", "m", "code a b[31mx"},
		"a secret at the edge": {400, `{"code":"` + strings.Repeat("x", 190) + accessToken + `","message":"m"}`, ttshop.ErrInvalidRequest, "", "m", "xx[secret]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(platform(t, func(w http.ResponseWriter, _ received) {
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			}), ttshop.WithoutRetry())
			_, err := client.Call(t.Context(), "POST", "/x", nil, nil)
			refused, ok := errors.AsType[*ttshop.Error](err)
			if !ok || refused.Code != 0 || tt.code != "" && refused.CodeText != tt.code || refused.Message != tt.message {
				t.Fatalf("%+v", err)
			}
			if text := err.Error(); !strings.Contains(text, tt.has) || strings.Contains(text, "the platform refused") || len(text) > 1000 || strings.Contains(text, accessToken[:8]) || strings.ContainsAny(text, "\n\x1b") {
				t.Errorf("%q lacks %q", text, tt.has)
			}
			if !errors.Is(err, tt.class) {
				t.Errorf("%v is not %v", err, tt.class)
			}
		})
	}
	// Success at HTTP level with such a code is not an answer.
	client := newClient(platform(t, func(w http.ResponseWriter, _ received) {
		io.WriteString(w, `{"code":"OK","message":"fine `+accessToken+`","data":{}}`)
	}), ttshop.WithoutRetry())
	for method, class := range map[string]error{"GET": ttshop.ErrUnavailable, "POST": ttshop.ErrOutcomeUnknown} {
		_, err := client.Call(t.Context(), method, "/x", nil, nil)
		if !errors.Is(err, class) || !strings.Contains(err.Error(), `its code is "OK", its message "fine [secret]"`) {
			t.Errorf("%s: %v", method, err)
		}
	}
}
