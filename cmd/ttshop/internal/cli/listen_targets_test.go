package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
)

// A target that hangs, cuts or trickles holds up neither the answers to the
// platform nor the end of the listener, and what it did not take comes again.
func TestListenToBadTargets(t *testing.T) {
	t.Parallel()
	target := startTarget()
	defer target.Close()
	p := proxy.New(t, strings.TrimPrefix(target.URL, "http://"))
	box := filepath.Join(t.TempDir(), "inbox")
	flags := []string{"--addr", "127.0.0.1:0", "--forward-to", "http://" + p.Addr() + "/hook", "--first-wait", "50ms", "--redeliver", "1s", "--inbox", box}
	first, app, at := launchAppListener(t, 1024, flags...)
	const events = 60
	p.Hang()
	for i := range events {
		if took, err := deliverAlone(t.Context(), app, at.Listening); err != nil || took > 3*time.Second {
			t.Fatalf("delivery %d, while the target hangs: %v after %v; %s", i, err, took, first.text())
		}
	}
	if !within(func() bool { return p.Accepted() > 0 }) {
		t.Fatalf("nothing is handed on; %s", first.text())
	}
	if code, err := first.stop(os.Interrupt); err != nil || code != console.ExitOK {
		t.Fatalf("code %d, %v; %s", code, err, first.text())
	}
	p.CutAfter(10)
	second, _, _ := launchAppListener(t, 1024, flags...)
	if !within(func() bool { return len(target.taken()) >= 5 }) { // the target took them, and nobody learned of it
		t.Fatalf("nothing reaches the target; %s", second.text())
	}
	p.Trickle(50, time.Millisecond)
	if !within(func() bool { return len(target.distinct()) == events }) {
		t.Errorf("%d of %d events reached the target; %s", len(target.distinct()), events, second.text())
	}
	if code, err := second.stop(os.Interrupt); err != nil || code != console.ExitOK {
		t.Errorf("code %d, %v; %s", code, err, second.text())
	}
}

// distinct returns the bodies that were taken, each once.
func (t *target) distinct() map[string]bool {
	bodies := map[string]bool{}
	for _, body := range t.taken() {
		bodies[body] = true
	}
	return bodies
}
