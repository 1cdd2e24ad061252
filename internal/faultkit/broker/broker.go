// Package broker gives a test its own NATS server with JetStream, which can be
// stopped, killed, frozen and started again with what it had.
package broker

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the server, as the machine has it.
const program = "nats-server"

// patience is how long the server may take to start or to end.
const patience = 20 * time.Second

// Broker is a NATS server in a process of its own. Its methods are safe for
// concurrent use and fail the test on an error.
type Broker struct {
	t    testing.TB
	path string
	dir  string
	port int

	mu  sync.Mutex
	cmd *exec.Cmd // nil while it is stopped
}

// New starts a server and ends it with the test. Without the program nats-server
// the test is skipped, or fails if CI is set, since there the promise has to be
// checked.
func New(t testing.TB) *Broker {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("find %s: %v", program, err)
		}
		t.Skipf("a broker that goes away needs %s: %v", program, err)
	}
	b := &Broker{t: t, path: path, dir: t.TempDir(), port: freePort(t)}
	b.Start()
	t.Cleanup(b.Kill)
	return b
}

// URL is the address of the server, even while it is stopped.
func (b *Broker) URL() string { return "nats://" + b.address() }

func (b *Broker) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(b.port)) }

// Start starts the server, at its address and with its data, and returns when it
// answers. It does nothing if the server is running.
func (b *Broker) Start() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cmd != nil {
		return
	}
	cmd := exec.Command(b.path, "-a", "127.0.0.1", "-p", strconv.Itoa(b.port), "-js", "-sd", b.dir)
	cmd.Stdout, cmd.Stderr = b.t.Output(), b.t.Output()
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("start %s: %v", program, err)
	}
	b.cmd = cmd
	deadline := time.Now().Add(patience)
	for {
		err := greet(b.address())
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s does not answer at %s after %s: %v", program, b.address(), patience, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// greet reads the line with which a server with JetStream greets.
func greet(address string) (err error) {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "INFO ") || !strings.Contains(line, `"jetstream":true`) {
		return fmt.Errorf("it greets with %.80q", line)
	}
	return nil
}

// Stop asks the server to end and waits until it has. It does nothing if the server
// is stopped.
func (b *Broker) Stop() {
	b.t.Helper()
	b.end(syscall.SIGTERM)
}

// Kill kills the server. It does nothing if the server is stopped.
func (b *Broker) Kill() {
	b.t.Helper()
	b.end(syscall.SIGKILL)
}

func (b *Broker) end(with os.Signal) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cmd == nil {
		return
	}
	if err := b.cmd.Process.Signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		b.t.Fatalf("end %s: %v", program, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- b.cmd.Wait() }()
	select {
	case <-ended: //nolint:errcheck // how it ended is what the signal says
	case <-time.After(patience):
		b.t.Errorf("%s does not end within %s", program, patience)
		_ = b.cmd.Process.Kill() // it may end meanwhile
		<-ended                  //nolint:errcheck // as above
	}
	b.cmd = nil
}

// Freeze suspends the server, with its connections open, or resumes it.
func (b *Broker) Freeze(on bool) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cmd == nil {
		b.t.Fatalf("freeze %s: it is away", program)
	}
	if err := freeze(b.cmd.Process, on); err != nil {
		b.t.Fatalf("freeze %s %v: %v", program, on, err)
	}
	deadline := time.Now().Add(patience)
	for on && greet(b.address()) == nil { // the signal takes a moment
		if time.Now().After(deadline) {
			b.t.Fatalf("%s does not stand still after %s", program, patience)
		}
	}
}

// freePort returns a port that was free a moment ago.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
