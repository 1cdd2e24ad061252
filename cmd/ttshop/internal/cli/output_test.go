package cli

import (
	"bytes"
	"context"
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
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	got := wrap(strings.Fields("aa bb cc averylongword d"), " ", 5)
	if want := "aa bb|cc|averylongword|d"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	if got, want := printable("ả\n\x1b[31m\xff\u202e"), "ả\n\\x1b[31m\\xff\\xe2\\x80\\xae"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	if got := shorten(strings.Repeat("ả", 100), 40); len([]rune(got)) != 40 {
		t.Errorf("%d runes", len([]rune(got)))
	}
	if got := shorten("short", 40); got != "short" {
		t.Error(got)
	}
}

func TestColors(t *testing.T) {
	t.Parallel()
	var out, stderr bytes.Buffer
	sys := &System{In: strings.NewReader(""), Out: &out, Err: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	for _, color := range []bool{false, true} {
		sys.Color = color
		out.Reset()
		if code := Run(t.Context(), sys, []string{"quickstart"}); code != exitOK {
			t.Fatalf("exit code %d, %s", code, &stderr)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != color {
			t.Errorf("with colours %v: escape sequences %v", color, got)
		}
	}
}

// TestInterrupted checks that a run that is told to stop says so and fails,
// except for the sandbox, whose end that is.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, stderr bytes.Buffer
	sys := &System{In: strings.NewReader(""), Out: &out, Err: &stderr, Now: time.Now, Getenv: func(name string) string {
		return map[string]string{envAppKey: "x", envAppSecret: "x", envAccessToken: "x"}[name]
	}}
	code := Run(ctx, sys, []string{"call", "GET", "/p", "--endpoint", "http://127.0.0.1:1"})
	if code != exitFailed || !strings.Contains(stderr.String(), "ttshop: interrupted") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}
