package consolepage_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
)

func get(t *testing.T, p *consolepage.Page, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: policy %q", path, policy)
	}
	return w.Code, w.Body.String()
}

// A panel that fails shows why and leaves the others alone; all text is escaped; the
// query reaches the panels.
func TestPage(t *testing.T) {
	t.Parallel()
	page := &consolepage.Page{Title: "a <b>", Panels: []consolepage.Panel{
		{ID: "good", Title: "Good", Body: consolepage.Parse(`<p>{{.}}</p>`), Load: func(_ context.Context, q consolepage.Query) (any, error) { return "sought <" + q.Text + ">", nil }},
		{ID: "bad", Title: "Bad", Body: consolepage.Parse(``), Load: func(context.Context, consolepage.Query) (any, error) { return nil, errors.New("no <answer>") }},
		{ID: "odd", Title: "Odd", Body: consolepage.Parse(`{{.Missing}}`), Load: func(context.Context, consolepage.Query) (any, error) { return struct{}{}, nil }},
	}}
	code, text := get(t, page, `/console?q=%22%3E%3Ci%3E`)
	for _, want := range []string{"a &lt;b&gt;", "sought &lt;&#34;&gt;&lt;i&gt;&gt;", "no &lt;answer&gt;", "it cannot be shown", `value="&#34;&gt;&lt;i&gt;"`, `id="bad"`} {
		if code != 200 || !strings.Contains(text, want) {
			t.Errorf("HTTP %d, %q is missing in\n%s", code, want, text)
		}
	}
	if outside := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).FindString(text); outside != "" {
		t.Errorf("the page needs %s", outside)
	}
	if code, to := get(t, page, "/"); code != 302 || !strings.Contains(to, "/console") {
		t.Errorf("HTTP %d %s", code, to)
	}
	for path, want := range map[string]int{"/console/page.css": 200, "/console/page.js": 200, "/console/other": 404, "/consoles": 404} {
		if code, _ := get(t, page, path); code != want {
			t.Errorf("%s: HTTP %d", path, code)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		query string
		want  bool
	}{{"", true}, {"ERP", true}, {"erp 403", true}, {"erp 404", false}, {"  order.get ", true}} {
		if got := (consolepage.Query{Text: test.query}).Match("erp", "403", "order.GetOrderList"); got != test.want {
			t.Errorf("%q: %t", test.query, got)
		}
	}
}

// A plot stays within its frame, whatever it shows.
func TestPlot(t *testing.T) {
	t.Parallel()
	body := consolepage.Parse(`{{plot .}}`)
	for _, plot := range []consolepage.Plot{
		{}, {Title: `"<x>`, First: []float64{0, 0}}, {First: []float64{1}}, {First: []float64{0.01, 1234567, 3}, Second: []float64{1e-9, 2, 5e11}, Unit: "<ms>"},
	} {
		var b strings.Builder
		if err := body.Execute(&b, plot); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "<x>") || strings.Contains(text, "<ms>") || strings.Contains(text, ",-") {
			t.Errorf("%+v became %s", plot, text)
		}
	}
}
