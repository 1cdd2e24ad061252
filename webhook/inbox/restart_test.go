package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

// workerTries is how often the worker below tries.
const workerTries = 3

// work is a consumer in a process of its own: it writes down each call and how
// it went, and fails for every other object.
func work(address, dir string) error {
	ctx, stop := notifyTerm()
	defer stop()
	log, err := os.OpenFile(filepath.Join(dir, "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	box, err := embedded.Open(ctx, address, inbox.WithLogger(errorLog()))
	if err != nil {
		return err
	}
	defer box.Close()
	fmt.Println("ready")
	var n atomic.Int64
	return box.Consume(ctx, "c", func(ctx context.Context, e *webhook.Event) error {
		if _, err := fmt.Fprintf(log, "%s %d\n", e.Object(), e.Meta.Attempt); err != nil {
			return err
		}
		if strings.HasPrefix(e.Object(), "kill") {
			if self, err := os.FindProcess(os.Getpid()); err != nil {
				return err
			} else if err := self.Kill(); err != nil {
				return err
			}
			select {} // the signal takes a moment
		}
		time.Sleep(time.Duration(n.Add(1)%4) * time.Millisecond) // so that the end finds some running
		if strings.HasPrefix(e.Object(), "bad") {
			return errors.New("no")
		}
		return nil
	}, inbox.ConsumeOptions{
		Ordered: os.Getenv(workerOrdered) != "", Tries: workerTries, Redeliver: time.Second, Backoff: func(int) time.Duration { return 20 * time.Millisecond },
	})
}

// startWorker returns a function that ends the worker with a signal; nil waits
// for its end.
func startWorker(t *testing.T, address, dir string, ordered bool) func(os.Signal) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), workerInbox+"="+address, receiverDir+"="+dir)
	if ordered {
		cmd.Env = append(cmd.Env, workerOrdered+"=1")
	}
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscanln(out, new(string)); err != nil {
		t.Fatalf("the worker does not start: %v", err)
	}
	return func(s os.Signal) {
		if s != nil {
			_ = cmd.Process.Signal(s) // it may have ended by itself, which Wait tells
		}
		if err := cmd.Wait(); err != nil && s == syscall.SIGTERM {
			t.Errorf("the worker ends with %v", err)
		}
	}
}

// Deploys and crashes in the middle of a backlog bury nothing that was not
// tried its full number, and a good event never.
func TestRestartsOverABacklog(t *testing.T) {
	t.Parallel()
	graceful, hard, backlog := 8, 4, 200
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		graceful, hard, backlog = 100, 20, 400
	}
	for _, ordered := range []bool{false, true} {
		for _, tt := range []struct {
			name     string
			restarts int
			with     os.Signal
		}{{"graceful", graceful, syscall.SIGTERM}, {"hard", hard, syscall.SIGKILL}} {
			t.Run(fmt.Sprintf("%s,ordered=%t", tt.name, ordered), func(t *testing.T) {
				t.Parallel()
				restarts(t, ordered, tt.restarts, backlog, tt.with)
			})
		}
	}
}

func restarts(t *testing.T, ordered bool, n, backlog int, with os.Signal) {
	dir := t.TempDir()
	address := "file:" + filepath.Join(dir, "inbox")
	box := open(t, address)
	for i := range backlog {
		put(t, box, order(t, fmt.Sprintf("%s%d", []string{"good", "bad"}[i%2], i), "", 1))
	}
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}
	calls := func() []string {
		lines, err := readCommits(filepath.Join(dir, "calls"))
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	for i := range n {
		end := startWorker(t, address, dir, ordered)
		// The ends are spread over the work, and some come before it begins.
		until, deadline := backlog*2*i/n, time.Now().Add(time.Duration(20+i%7*10)*time.Millisecond)
		for len(calls()) < until && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		end(with)
	}
	end := startWorker(t, address, dir, ordered)
	joined := open(t, address)
	eventually(t, "all is done", func() bool {
		s, err := joined.Stats(t.Context())
		return err == nil && len(s.Consumers) == 1 && s.Consumers[0].Backlog == 0
	})
	begun := map[string]int{}
	attempts := map[string]bool{}
	for _, line := range calls() {
		object, _, _ := strings.Cut(line, " ")
		begun[object]++
		attempts[line] = true
	}
	dead := 0
	for d, err := range joined.Dead(t.Context(), "c") {
		if err != nil {
			t.Fatal(err)
		}
		dead++
		object := d.Event.Object()
		if strings.HasPrefix(object, "good") || d.Tries < workerTries || begun[object] < workerTries {
			t.Errorf("%s is buried after %d tries, %d calls: %s", object, d.Tries, begun[object], d.Error)
		}
		for try := 1; try <= workerTries; try++ {
			if with == syscall.SIGTERM && !attempts[fmt.Sprint(object, " ", try)] {
				t.Errorf("%s is buried without try %d", object, try)
			}
		}
	}
	if dead != backlog/2 || len(begun) != backlog {
		t.Errorf("%d dead letters, want %d; %d events were tried, want %d", dead, backlog/2, len(begun), backlog)
	}
	if err := joined.Close(); err != nil {
		t.Error(err)
	}
	end(syscall.SIGTERM)
	t.Logf("%d restarts over %d events: %d calls, %d dead letters", n, backlog, len(calls()), dead)
}

// After a graceful stop an ordered consumer goes on at once, with a server that
// stays as with one that is started again.
func TestOrderedGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart=%t", restart), func(t *testing.T) {
			t.Parallel()
			address := "file:" + t.TempDir()
			box := open(t, address)
			for i := range 50 {
				put(t, box, order(t, fmt.Sprint(i), "", 1))
			}
			var got record
			f := func(_ context.Context, e *webhook.Event) error {
				got.add(e)
				time.Sleep(2 * time.Millisecond)
				return nil
			}
			stop := consume(t, box, "c", f, inbox.ConsumeOptions{Ordered: true, Workers: 1})
			eventually(t, "some are done", func() bool { return got.len() >= 5 })
			stop()
			before := got.len()
			if restart {
				if err := box.Close(); err != nil {
					t.Fatal(err)
				}
				box = open(t, address)
			}
			start := time.Now()
			consume(t, box, "c", f, inbox.ConsumeOptions{Ordered: true, Workers: 1})
			eventually(t, "it goes on", func() bool { return got.len() > before })
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("it goes on after %s", took)
			}
			eventually(t, "all are done", func() bool { return got.len() >= 50 })
			for _, e := range got.all() {
				if e.Meta.Attempt != 1 {
					t.Errorf("%s: try %d", e.Object(), e.Meta.Attempt)
				}
			}
		})
	}
}

// A job that consumes for two seconds now and then gets through a backlog.
func TestConsumeUnderADeadline(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{false, true} {
		t.Run(fmt.Sprintf("ordered=%t", ordered), func(t *testing.T) {
			t.Parallel()
			box := open(t, "file:"+t.TempDir())
			const n = 40
			for i := range n {
				put(t, box, order(t, fmt.Sprint(i), "", 1))
			}
			var got record
			last := time.Time{}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			start := time.Now()
			err := box.Consume(ctx, "cron", func(ctx context.Context, e *webhook.Event) error {
				got.add(e)
				last = time.Now()
				time.Sleep(100 * time.Millisecond)
				return nil
			}, inbox.ConsumeOptions{Ordered: ordered, Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			if got.len() < 5 || last.Sub(start) < 1500*time.Millisecond {
				t.Errorf("%d events in two seconds, the last after %s", got.len(), last.Sub(start))
			}
			again, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			if err := box.Consume(again, "cron", func(_ context.Context, e *webhook.Event) error { got.add(e); return nil }, inbox.ConsumeOptions{Ordered: ordered}); err != nil {
				t.Fatal(err)
			}
			if got.len() != n {
				t.Errorf("%d calls for %d events after the second job", got.len(), n)
			}
		})
	}
}
