package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

// programName is what the test binary is called where it stands for ttshop-inbox.
const programName = "ttshop-inbox-test"

func isProgram(arg0 string) bool {
	return strings.TrimSuffix(filepath.Base(arg0), ".exe") == programName
}

// programPath puts the test binary where it is ttshop-inbox.
func programPath(t testing.TB) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), programName)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if err := os.Link(self, path); err != nil {
		if err := os.Symlink(self, path); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// asProgram has the server of a folder run by a process of its own.
func asProgram(t testing.TB) inbox.Option {
	path := programPath(t)
	return inbox.WithEngine(inbox.Program(func(context.Context) (string, error) { return path, nil }))
}

func TestProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box := open(t, "file:"+dir, asProgram(t))
	put(t, box, order(t, "1", "", 1))
	// Another process joins, whatever engine it has, or none.
	joined, err := inbox.Open(t.Context(), "file:"+dir, quiet(t))
	if err != nil {
		t.Fatal(err)
	}
	put(t, joined, order(t, "2", "", 1))
	if err := errors.Join(joined.Close(), box.Close()); err != nil {
		t.Error(err)
	}
	// When Close returns, the files are free for the next one.
	box, err = embedded.Open(t.Context(), "file:"+dir, quiet(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	var got record
	consume(t, box, "c", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Workers: 1})
	eventually(t, "both come", func() bool { return got.objects() == "1#1 2#1" })
}

func TestFolderWithoutEngine(t *testing.T) {
	t.Parallel()
	_, err := inbox.Open(t.Context(), "file:"+t.TempDir(), quiet(t))
	if err == nil || !strings.Contains(err.Error(), "embedded.Open") {
		t.Errorf("the error does not say what to use: %v", err)
	}
}

func TestProgramMissing(t *testing.T) {
	t.Parallel()
	missing := errors.New("install it so")
	dir := t.TempDir()
	_, err := inbox.Open(t.Context(), "file:"+dir, quiet(t), inbox.WithEngine(inbox.Program(func(context.Context) (string, error) { return "", missing })))
	if !errors.Is(err, missing) {
		t.Errorf("Open says %v", err)
	}
	open(t, "file:"+dir) // which has the lock again
}

func TestProgramFails(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	for _, tt := range []struct{ name, script, want string }{
		{"dies", "echo broken >&2; exit 3", "exit status 3: broken"},
		{"says why", `echo '{"error":"no room"}'; cat`, "no room"},
		{"something else", `echo hello; echo '{}'; cat`, "ended before it was ready"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "program")
			if err := os.WriteFile(path, []byte("#!/bin/sh\nread request\n"+tt.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			find := func(context.Context) (string, error) { return path, nil }
			_, err := inbox.Open(t.Context(), "file:"+t.TempDir(), quiet(t), inbox.WithEngine(inbox.Program(find)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open says %v, want %q in it", err, tt.want)
			}
		})
	}
}

// A program that is killed is started again at the same address, and nothing that
// was stored is lost.
func TestProgramKilled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("finds the program in /proc")
	}
	dir := t.TempDir()
	path := programPath(t)
	box := open(t, "file:"+dir, inbox.WithEngine(inbox.Program(func(context.Context) (string, error) { return path, nil })))
	joined, err := inbox.Open(t.Context(), "file:"+dir, quiet(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = joined.Close() })
	var got record
	consume(t, box, "c", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Redeliver: time.Second})
	stored := 0
	for range 3 {
		stored++
		put(t, box, order(t, fmt.Sprint(stored), "", 1))
		kill(t, path)
		for _, b := range []*inbox.Inbox{box, joined} {
			e := order(t, fmt.Sprint(stored+1), "", 1)
			stored++
			eventually(t, "it stores again", func() bool {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				_, err := b.Put(ctx, e)
				return err == nil
			})
		}
	}
	eventually(t, "all are handed out", func() bool {
		have := map[string]bool{}
		for _, e := range got.all() {
			have[e.Object()] = true
		}
		return len(have) == stored
	})
}

// kill ends the processes that run a program.
func kill(t *testing.T, path string) {
	t.Helper()
	found := false
	for _, pid := range processesOf(t, path) {
		p, err := os.FindProcess(pid)
		if err == nil {
			err = p.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
		found = true
	}
	if !found {
		t.Fatalf("nothing runs %s", path)
	}
}

func processesOf(t *testing.T, path string) (pids []int) {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		line, err := os.ReadFile(entry)
		if err != nil {
			continue // it has ended
		}
		if name, _, _ := bytes.Cut(line, []byte{0}); string(name) == path {
			var pid int
			if _, err := fmt.Sscanf(entry, "/proc/%d/", &pid); err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

// The program ends with its input, and refuses what it does not understand.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), programPath(t))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out lockedBuffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(in, "{\"protocol\":1,\"dir\":%q,\"token\":\"hidden\"}\n", dir)
	eventually(t, "it is ready", func() bool { return strings.Contains(out.String(), `"ready":{"url":"nats://127.0.0.1:`) })
	if strings.Contains(out.String(), "hidden") {
		t.Error("it tells the token")
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}

	for _, tt := range []struct{ request, want string }{
		{"", "EOF"},
		{"hello\n", "read the request"},
		{"{\"protocol\":2}\n", "install both from the same release"},
	} {
		var answer bytes.Buffer
		err := embedded.Serve(t.Context(), strings.NewReader(tt.request), &answer)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(answer.String(), `"error":`) {
			t.Errorf("%q is answered with %v and %s", tt.request, err, answer.String())
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
