package cli

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// TestSyncWatch lets a copy go on, and ends it as a person or a service manager does.
func TestSyncWatch(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p, err := startProgram(folder, "watch", hookEnv(t), "ttshop", "sync", "--to", "sqlite:"+filepath.Join(folder, "shop.db"), "--sandbox", "--watch", "--interval", "1s", "--inbox", filepath.Join(folder, "inbox"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`(?m)^Copying 4 shops of a sandbox to sqlite:`, `(?m)^\d\d:\d\d:\d\d shop \d+: [1-9]\d* new, 0 changed, 0 deleted, \d+ requests$`} {
		if err := says(p.out, want); err != nil {
			t.Fatal(err, p.text())
		}
	}
	// A second one on the same file says who has it.
	second := exec.CommandContext(t.Context(), "ttshop", "sync", "--to", "sqlite:"+filepath.Join(folder, "shop.db"), "--sandbox")
	second.Env = hookEnv(t)
	if out, err := second.CombinedOutput(); err == nil || !regexp.MustCompile(`another process writes it: process \d+, since .*; wait for it`).Match(out) {
		t.Errorf("%v: %s", err, out)
	}
	began := time.Now()
	if code, err := p.stop(syscall.SIGTERM); err != nil || code != 0 {
		t.Errorf("code %d, %v after %s: %s", code, err, time.Since(began), p.text())
	}
}
