package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/cli"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/replica"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

// envHurried has the program's workers keep shorter times.
const envHurried = "TTSHOP_TEST_HURRIED"

// Times of workers that are in a hurry.
const (
	hurriedTurn   = 700 * time.Millisecond
	hurriedLease  = 1500 * time.Millisecond
	hurriedRescue = 2 * time.Second
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ttshop": func() { os.Exit(cli.Main(cli.OS(), os.Args[1:])) },
		"ttshop-sync": func() {
			extras, jobs := replica.Extras{Parquet: writeLake}, shared{}
			if os.Getenv(envHurried) != "" {
				extras.Turn, extras.Lease = hurriedTurn, hurriedLease
				jobs = shared{timeout: hurriedTurn * 2, rescue: hurriedRescue, refresh: hurriedRescue / 8, atOnce: 2}
			}
			extras.Share = jobs.share
			os.Exit(run(extras))
		},
		"ttshop-inbox": func() {
			signal.Ignore(os.Interrupt, syscall.SIGTERM)
			if err := embedded.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		},
	})
}

var databases atomic.Int64

// newDatabase makes a database that goes with the test. Without a server the test is
// skipped, except in CI.
func newDatabase(t *testing.T) (address string, pool *pgxpool.Pool) {
	t.Helper()
	server := os.Getenv("TTSHOP_TEST_POSTGRES")
	if server == "" {
		server = "postgres://postgres@127.0.0.1:5432/postgres"
	}
	admin, err := pgx.Connect(t.Context(), server)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("ttshop_workers_%d_%d", os.Getpid(), databases.Add(1))
	if _, err := admin.Exec(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
		admin.Close(context.Background())
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	if pool, err = pgxpool.New(t.Context(), u.String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return u.String(), pool
}

// patience is how long a test waits for something that has to happen.
const patience = 60 * time.Second

// waitFor waits until something is so, for which an error says what is missing.
func waitFor(t *testing.T, within time.Duration, check func() error) {
	t.Helper()
	for until := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("after %s: %v", within, err)
		}
	}
}

// process is a running command.
type process struct {
	*exec.Cmd
	out   string // file of what it says
	ended chan struct{}
}

// startProcess starts the command with arguments.
func startProcess(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	path, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(path, args...), out: filepath.Join(t.TempDir(), "out"), ended: make(chan struct{})}
	file, err := os.Create(p.out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() // the process has its own
	p.Env, p.Stdout, p.Stderr = env, file, file
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait() // ProcessState tells
		close(p.ended)
	}()
	t.Cleanup(func() {
		select {
		case <-p.ended:
		default:
			_ = p.Process.Signal(syscall.SIGCONT)
			_ = p.Process.Kill()
			<-p.ended
		}
		if t.Failed() {
			t.Logf("process %d said:\n%s", p.Process.Pid, p.said())
		}
	})
	return p
}

func (p *process) said() []byte {
	text, _ := os.ReadFile(p.out) // without it nothing was said
	return text
}

// says waits until the process has said something.
func (p *process) says(t *testing.T, pattern string) {
	t.Helper()
	waitFor(t, patience, func() error {
		if regexp.MustCompile(pattern).Match(p.said()) {
			return nil
		}
		select {
		case <-p.ended:
			t.Fatalf("process %d has ended without %q: %s", p.Process.Pid, pattern, p.said())
		default:
		}
		return fmt.Errorf("it has not said %q", pattern)
	})
}

// signal sends a signal.
func (p *process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// stop ends the process as a service manager does, and returns its exit code.
func (p *process) stop(t *testing.T) int {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("process %d does not end: %s", p.Process.Pid, p.said())
	}
	return p.ProcessState.ExitCode()
}

// lines counts the lines of what was said that have a text in them.
func (p *process) lines(text string) int { return bytes.Count(p.said(), []byte(text)) }
