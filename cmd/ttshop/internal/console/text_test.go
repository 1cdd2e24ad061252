package console

import (
	"strings"
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0:                                "0 seconds",
		time.Second:                      "1 second",
		90 * time.Second:                 "1 minute 30 seconds",
		-10 * time.Minute:                "10 minutes",
		time.Hour + 30*time.Minute:       "1 hour 30 minutes",
		7*24*time.Hour - time.Second:     "7 days",
		25 * time.Hour:                   "1 day 1 hour",
		2*365*24*time.Hour + 5*time.Hour: "2 years",
		400 * 24 * time.Hour:             "1 year 35 days",
	} {
		if got := Span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	got := Wrap(strings.Fields("aa bb cc averylongword d"), " ", 5)
	if want := "aa bb|cc|averylongword|d"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	if got, want := Printable("ả\n\x1b[31m\xff\u202e"), "ả\n\\x1b[31m\\xff\\xe2\\x80\\xae"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	if got := Shorten(strings.Repeat("ả", 100), 40); len([]rune(got)) != 40 {
		t.Errorf("%d runes", len([]rune(got)))
	}
	if got := Shorten("short", 40); got != "short" {
		t.Error(got)
	}
}
