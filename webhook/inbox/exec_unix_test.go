//go:build unix

package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// A command whose time is up is ended with all that it started, also what no
// longer listens to it, before the next try may begin.
func TestExecEndsAll(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"a child":                      `sleep 300 & echo $! >&3; wait`,
		"a child that holds no output": `sleep 300 > /dev/null 2>&1 & echo $! >&3; sleep 300`,
		"a child that stays behind":    `(trap '' TERM; sleep 300) & echo $! >&3; exec sleep 300`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath("sh"); err != nil {
				t.Skip("no shell here")
			}
			var out bytes.Buffer
			f, err := inbox.Exec([]string{"sh", "-c", "exec 3>&1; " + script}, inbox.ExecOptions{Out: &out})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if err := f(ctx, order(t, "5766536881352581781", event.OrderStatusUnpaid, 1)); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("error %v, want the end of its time", err)
			}
			child := strings.TrimSpace(out.String())
			if child == "" {
				t.Fatal("the command did not say what it started")
			}
			if state := processState(child); state != "" {
				t.Errorf("process %s that the command started lives on, in state %s", child, state)
			}
		})
	}
}

// processState returns the state of a process as ps shows it, and nothing where
// it is gone or only waits to be collected.
func processState(pid string) string {
	state, err := exec.Command("ps", "-o", "stat=", "-p", pid).Output()
	if text := strings.TrimSpace(string(state)); err == nil && !strings.HasPrefix(text, "Z") {
		return text
	}
	return ""
}
