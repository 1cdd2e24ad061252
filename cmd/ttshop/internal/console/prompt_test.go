package console

import (
	"strings"
	"testing"
)

func TestBrowser(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"w3m": "w3m http://page", "w3m -o x=y": "w3m -o x=y http://page", "show --url=%s now": "show --url=http://page now",
	} {
		sys := &System{Getenv: func(name string) string { return map[string]string{"BROWSER": setting}[name] }}
		name, args, err := browser(sys, "http://page")
		if got := name + " " + strings.Join(args, " "); got != want || err != nil {
			t.Errorf("%s: %s, %v", setting, got, err)
		}
	}
}

func TestAskReadsOneLine(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	sys := &System{In: strings.NewReader(" first \nsecond\n\n"), Err: &shown}
	for _, want := range []string{"first", "second"} {
		if got, err := sys.Ask("Label"); got != want || err != nil {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	for range 2 { // an empty line, and the end
		if _, err := sys.Ask("Label"); ExitCode(err) != ExitNotSignedIn {
			t.Errorf("nothing: %v", err)
		}
	}
	if _, err := sys.AskSecret("Secret"); err == nil {
		t.Error("a secret was read without a terminal")
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{"y\n": ExitOK, "YES\n": ExitOK, "n\n": ExitFailed, "": ExitFailed} {
		sys := &System{In: strings.NewReader(answer), Err: new(strings.Builder), Terminal: Terminal{Ask: true}}
		if err := sys.Confirm(t.Context(), "Sure?"); ExitCode(err) != want {
			t.Errorf("%q: %v", answer, err)
		}
	}
	if err := (&System{}).Confirm(t.Context(), "Sure?"); ExitCode(err) != ExitUsage {
		t.Errorf("nobody there: %v", err)
	}
}
