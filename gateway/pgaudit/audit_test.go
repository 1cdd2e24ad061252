package pgaudit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/pgaudit"
	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
)

// defaultPostgres is where the tests look for PostgreSQL unless
// TTSHOP_TEST_POSTGRES names another database. Each test makes a schema of its own
// there and drops it.
const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

// newSchema returns the URL of an empty schema. Without PostgreSQL the test is
// skipped, except on CI, which must have one.
func newSchema(t testing.TB) *url.URL {
	t.Helper()
	base := os.Getenv("TTSHOP_TEST_POSTGRES")
	if base == "" {
		base = defaultPostgres
	}
	conn, err := pgx.Connect(t.Context(), base)
	if err != nil {
		text := "no PostgreSQL at 127.0.0.1:5432 or where TTSHOP_TEST_POSTGRES says: " + err.Error()
		if os.Getenv("CI") == "true" {
			t.Fatal(text)
		}
		t.Skip(text)
	}
	name := "ttshop_audit_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(t.Context(), `create schema "`+name+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), `drop schema "`+name+`" cascade`); err != nil {
			t.Error(err)
		}
		conn.Close(context.Background())
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u
}

func open(t *testing.T, url string, config pgaudit.Config) *pgaudit.Audit {
	t.Helper()
	a, err := pgaudit.Open(t.Context(), url, config)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// read returns the calls by id, and fails where one is there twice.
func read(t *testing.T, url string, filter pgaudit.Filter) map[string]gateway.Record {
	t.Helper()
	calls := map[string]gateway.Record{}
	err := pgaudit.Read(t.Context(), url, filter, func(r gateway.Record) error {
		if _, there := calls[r.ID]; there {
			t.Errorf("call %s is there twice", r.ID)
		}
		calls[r.ID] = r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

// down makes a database that has stopped out of a proxy.
func down(p *proxy.Proxy) {
	p.Refuse()
	p.Cut()
}

var start = time.Date(2026, time.November, 28, 12, 0, 0, 0, time.UTC)

// Two gateways, many calls at once: each is there once, in the state that was
// recorded last.
func TestEveryCallOnce(t *testing.T) {
	t.Parallel()
	u := newSchema(t).String()
	if err := pgaudit.Read(t.Context(), u, pgaudit.Filter{}, nil); !errors.Is(err, pgaudit.ErrNone) {
		t.Errorf("without an audit: %v", err)
	}
	audits := []*pgaudit.Audit{open(t, u, pgaudit.Config{}), open(t, u, pgaudit.Config{})}
	const calls = 200
	var group sync.WaitGroup
	for i := range calls {
		group.Go(func() {
			r := gateway.Record{ID: strconv.Itoa(i), Event: gateway.EventSending, Time: start, Key: "k" + strconv.Itoa(i%2), Operation: "order.GetOrderList", Shop: "7"}
			record := func() {
				if err := audits[i%2].Record(r); err != nil {
					t.Error(err)
				}
			}
			record()
			if i%10 == 0 {
				return // it was killed
			}
			r.Event, r.Status, r.Time = gateway.EventDone, 200, start.Add(time.Second)
			r.RequestID = "a\x00b\xff" // whatever the platform says
			record()
			r.Event, r.Status = gateway.EventSending, 0
			record() // one that arrives late changes nothing
		})
	}
	group.Wait()
	got := read(t, u, pgaudit.Filter{})
	if len(got) != calls {
		t.Errorf("%d calls, want %d", len(got), calls)
	}
	for id, r := range got {
		n, _ := strconv.Atoi(id)
		if (r.Event == gateway.EventSending) != (n%10 == 0) || r.Event == gateway.EventDone && r.Status != 200 {
			t.Errorf("call %s is %+v", id, r)
		}
	}
	for want, filter := range map[int]pgaudit.Filter{
		100: {Key: "k1"}, calls: {Shop: "7", Operation: "order.GetOrderList"}, 180: {Since: start.Add(time.Second)}, 0: {Shop: "8"},
	} {
		if got := len(read(t, u, filter)); got != want {
			t.Errorf("%+v gives %d calls, want %d", filter, got, want)
		}
	}
	for _, a := range audits {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if err := a.Record(gateway.Record{ID: "x", Event: gateway.EventDone}); err == nil {
			t.Error("a closed audit took a record")
		}
	}
}

// While the database is gone no call begins, and what had begun is completed when it
// is back.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*proxy.Proxy){"cut": down, "hanging": (*proxy.Proxy).Hang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newSchema(t)
			p := proxy.New(t, u.Host)
			behind := *u
			behind.Host = p.Addr()
			a := open(t, behind.String(), pgaudit.Config{})
			if err := a.Record(gateway.Record{ID: "a", Event: gateway.EventSending, Time: start}); err != nil {
				t.Fatal(err)
			}
			stop(p)
			began := time.Now()
			for _, id := range []string{"b", "c"} {
				if err := a.Record(gateway.Record{ID: id, Event: gateway.EventSending, Time: start}); err == nil || errors.Is(err, pgaudit.ErrWaiting) {
					t.Errorf("a call began: %v", err)
				}
			}
			for _, id := range []string{"a", "b", "c"} { // the gateway refused the others, and says so
				if err := a.Record(gateway.Record{ID: id, Event: gateway.EventDone, Status: 200, Time: start}); !errors.Is(err, pgaudit.ErrWaiting) {
					t.Errorf("the end of a call: %v", err)
				}
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v to say so", took)
			}
			if waiting, lost := a.Waiting(); waiting != 3 || lost != 0 {
				t.Errorf("%d wait, %d are lost", waiting, lost)
			}
			p.Pass()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			for a.Record(gateway.Record{ID: "d", Event: gateway.EventSending, Time: start}) != nil {
				if ctx.Err() != nil {
					t.Fatal("the database did not come back")
				}
				time.Sleep(10 * time.Millisecond)
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			got := read(t, u.String(), pgaudit.Filter{})
			if len(got) != 4 || got["a"].Event != gateway.EventDone || got["b"].Event != gateway.EventDone || got["d"].Event != gateway.EventSending {
				t.Errorf("the audit has %+v", got)
			}
		})
	}
}

// An audit that is closed while the database is gone says what is missing.
func TestClosedWithoutDatabase(t *testing.T) {
	t.Parallel()
	u := newSchema(t)
	p := proxy.New(t, u.Host)
	behind := *u
	behind.Host = p.Addr()
	a := open(t, behind.String(), pgaudit.Config{})
	if err := a.Record(gateway.Record{ID: "a", Event: gateway.EventSending, Time: start}); err != nil {
		t.Fatal(err)
	}
	down(p)
	if err := a.Record(gateway.Record{ID: "a", Event: gateway.EventDone, Time: start}); !errors.Is(err, pgaudit.ErrWaiting) {
		t.Error(err)
	}
	if err := a.Close(); err == nil || !strings.Contains(err.Error(), "the ends of 1 calls") {
		t.Errorf("closed with %v", err)
	}
	if got := read(t, u.String(), pgaudit.Filter{}); got["a"].Event != gateway.EventSending {
		t.Errorf("the audit has %+v", got)
	}
}

// What is older than it is to be kept is dropped.
func TestKeep(t *testing.T) {
	t.Parallel()
	u := newSchema(t).String()
	a := open(t, u, pgaudit.Config{})
	now := time.Now()
	for id, age := range map[string]time.Duration{"old": 2 * time.Hour, "new": time.Minute} {
		if err := a.Record(gateway.Record{ID: id, Event: gateway.EventDone, Time: now.Add(-age)}); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, u, pgaudit.Config{Keep: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for len(read(t, u, pgaudit.Filter{})) != 1 {
		if ctx.Err() != nil {
			t.Fatal("the old call is still there")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if _, there := read(t, u, pgaudit.Filter{})["new"]; !there {
		t.Error("the new call is gone")
	}
	for _, a := range []*pgaudit.Audit{a, b} {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}
