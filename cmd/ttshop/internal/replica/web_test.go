package replica

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
)

var watchedAt = time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC)

// watched are shops in every state.
func watched() []shopStatus {
	table := func(name string, lag, backfilled float64) streamStatus {
		return streamStatus{Table: name, Rows: 12345, LagSeconds: lag, Backfilled: backfilled, follows: true, written: 500, requests: 10}
	}
	standing := table("orders", 60, 1)
	standing.Error, standing.since = "HTTP 500 <b>", time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	blocked := table("payments", 0, 0)
	blocked.Blocked = "scope seller.finance.info is missing"
	behind := table("orders", 7200, 1)
	behind.Behind, behind.Repaired = true, 3
	over, next := watchedAt.Add(-time.Minute), watchedAt.Add(5*time.Hour+time.Minute)
	behind.NextAudit = &over
	current := table("orders", 30, 1)
	current.NextAudit = &next
	return []shopStatus{
		{ID: "1", Name: "Current", Tables: []streamStatus{current, table("packages", 20, 1), table("returns", 10, 1)}},
		{ID: "2", Name: "Copied", Region: "US", Worker: "host-a, process 1", Requests: 9100, Tables: []streamStatus{table("orders", 40, 0.5)}},
		{ID: "3", Name: "Behind", Tables: []streamStatus{behind}},
		{ID: "4", Issues: 7, Tables: []streamStatus{standing, blocked}},
	}
}

// panelOf returns what a panel shows, without the spaces of its source.
func panelOf(t *testing.T, w *observer, id, query string) string {
	t.Helper()
	page := &consolepage.Page{Panels: w.panels("sqlite:shop.db")}
	r := httptest.NewRecorder()
	page.ServeHTTP(r, httptest.NewRequestWithContext(t.Context(), "GET", "/console?q="+query, nil))
	_, text, found := strings.Cut(r.Body.String(), `data-panel="`+id+`">`)
	if !found {
		t.Fatalf("there is no panel %s", id)
	}
	text, _, _ = strings.Cut(text, "</section>")
	return text
}

// rowsOf are the rows of a panel's table as text.
func rowsOf(panel string) []string {
	var rows []string
	for _, row := range strings.Split(panel, "<tr>")[1:] {
		cells := regexp.MustCompile(`(?s)<t[dh][^>]*>(.*?)</t[dh]>`).FindAllStringSubmatch(row, -1)
		var texts []string
		for _, cell := range cells {
			texts = append(texts, strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(cell[1], "")))
		}
		rows = append(rows, strings.Join(texts, "|"))
	}
	return rows
}

// The page says of each shop and table how it is, what needs attention first.
func TestStatusPanels(t *testing.T) {
	t.Parallel()
	w := &observer{budget: 10_000, now: func() time.Time { return watchedAt }, look: func(context.Context) ([]shopStatus, error) { return watched(), nil }}
	for _, test := range []struct {
		panel, query string
		want         []string
	}{
		{"shops", "", []string{
			"4|stands still|1 minute|50 %|24\u202f690|0 of 10\u202f000|0|7|",
			"Behind|behind|2 hours|100 %|12\u202f345|0 of 10\u202f000|0|0|",
			"Copied US|being copied|40 seconds|50 %|12\u202f345|9\u202f100 of 10\u202f000|0|0|host-a, process 1",
			"Current|current|30 seconds|100 %|37\u202f035|0 of 10\u202f000|0|0|",
		}},
		{"shops", "copied", []string{"Copied US|being copied|40 seconds|50 %|12\u202f345|9\u202f100 of 10\u202f000|0|0|host-a, process 1"}},
		{"errors", "", []string{
			"05-01 12:00:00|4|orders|tried again|HTTP 500 &lt;b&gt;",
			"|4|payments|scope is missing|scope seller.finance.info is missing",
		}},
		{"errors", "finance", []string{"|4|payments|scope is missing|scope seller.finance.info is missing"}},
		{"tables", "orders", []string{
			"4|orders|stands still|1 minute ago|100 %|12\u202f345|0||0",
			"Behind|orders|behind|2 hours ago|100 %|12\u202f345|0|due|3",
			"Current|orders|current|30 seconds ago|100 %|12\u202f345|0|in 5 h|0",
			"Copied US|orders|being copied|40 seconds ago|50 %|12\u202f345|0||0",
		}},
		{"tables", "payments", []string{"4|payments|stands still|never|0 %|12\u202f345|0||0"}},
	} {
		got := rowsOf(panelOf(t, w, test.panel, test.query))
		if len(got) > 0 {
			got = got[1:] // the heads
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s with %q:\n%s\nwant\n%s", test.panel, test.query, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	now := panelOf(t, w, "now", "")
	for _, want := range []string{`<dd class="bad">stands still</dd>`, "<dd>2 hours</dd>", "<dd>9\u202f100</dd>", "sqlite:shop.db"} {
		if !strings.Contains(now, want) {
			t.Errorf("%q is missing in %s", want, now)
		}
	}
	if text := panelOf(t, w, "shops", "nowhere"); !strings.Contains(text, "No shop matches.") {
		t.Error(text)
	}
}

// What is not there, or not to be had, is said.
func TestStatusPanelsWithoutData(t *testing.T) {
	t.Parallel()
	w := &observer{now: time.Now, look: func(context.Context) ([]shopStatus, error) { return nil, nil }}
	for panel, want := range map[string]string{"now": "No shop has been copied", "shops": "No shop has been copied", "tables": "No table has been copied", "errors": "Nothing stands still", "past": "in half a minute"} {
		if text := panelOf(t, w, panel, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %q is missing in %s", panel, want, text)
		}
	}
	w = &observer{now: time.Now, look: func(context.Context) ([]shopStatus, error) { return nil, errors.New("the database is away") }}
	if text := panelOf(t, w, "shops", ""); !strings.Contains(text, "the database is away") {
		t.Error(text)
	}
	many := make([]shopStatus, maxRows+3)
	for i := range many {
		many[i] = shopStatus{ID: fmt.Sprint(i)}
	}
	w = &observer{now: time.Now, look: func(context.Context) ([]shopStatus, error) { return many, nil }}
	if text := panelOf(t, w, "shops", ""); !strings.Contains(text, "3 more") || len(rowsOf(text)) != maxRows+1 {
		t.Errorf("%d rows", len(rowsOf(text)))
	}
}

// A slow database is asked rarely, however many pages are open, and the plots have
// what happened between two looks.
func TestObserver(t *testing.T) {
	t.Parallel()
	at, looks := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), 0
	shops := watched()
	w := &observer{now: func() time.Time { return at }, look: func(context.Context) ([]shopStatus, error) {
		looks++
		at = at.Add(3 * time.Second)
		return shops, nil
	}}
	for range 5 {
		if _, err := w.status(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if looks != 1 {
		t.Errorf("%d looks at once", looks)
	}
	at = at.Add(30*time.Second - 1)
	if _, _ = w.status(t.Context()); looks != 1 {
		t.Error("a look of 3 s was repeated before 30 s were over")
	}
	for range 2 {
		at = at.Add(57 * time.Second) // and 3 s for the look: a minute between two of them
		shops[0].Tables[0].written += 120
		if _, err := w.status(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	shops[0].Tables[0].written = 0 // it was reset
	at = at.Add(57 * time.Second)
	if _, err := w.status(t.Context()); err != nil {
		t.Fatal(err)
	}
	samples := w.history()
	if len(samples) != 4 || samples[0].Worst != 7200 || samples[0].Half != 40 {
		t.Fatalf("%+v", samples)
	}
	text := panelOf(t, w, "past", "")
	if strings.Count(text, "<svg") != 3 {
		t.Error(text)
	}
	past := pastOf(samples)
	if fmt.Sprint(past.Rows.First[1:]) != "[2 0]" {
		t.Errorf("%+v", past.Rows)
	}
	for range 2 * maxSamples {
		at = at.Add(time.Hour)
		if _, err := w.status(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.history()); n != maxSamples {
		t.Errorf("%d samples are kept", n)
	}
}
