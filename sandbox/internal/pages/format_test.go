package pages

import (
	"testing"
	"time"
)

func TestPrettyJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`plain <b>`:            "plain &lt;b&gt;",
		``:                     "",
		`{}`:                   "{}",
		` { } `:                "{}",
		`{"a":[1,true,"x\"]"]`: "{\n  <span class=\"k\">&#34;a&#34;</span>: [\n    <span class=\"n\">1</span>,\n    <span class=\"n\">true</span>,\n    <span class=\"s\">&#34;x\\&#34;]&#34;</span>\n  ]",
		`{"a": "cut <of`:       "{\n  <span class=\"k\">&#34;a&#34;</span>: <span class=\"s\">&#34;cut &lt;of</span>",
		`["\`:                  "[\n  <span class=\"s\">&#34;\\</span>",
		`[]]]}`:                "[]\n]\n]\n}",
		`[<script>`:            "[\n  <span class=\"n\">&lt;script&gt;</span>",
	} {
		if got := string(prettyJSON(in)); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", in, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "now", time.Second: "in 1 s", -90 * time.Second: "1 min 30 s ago", 26*time.Hour + 5*time.Minute: "in 1 d 2 h",
		48*time.Hour + time.Minute: "in 2 d", -3 * time.Hour: "3 h ago",
	} {
		if got := distance(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
