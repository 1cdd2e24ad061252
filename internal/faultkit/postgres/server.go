// Package postgres gives a test a PostgreSQL server of its own, which can be
// stopped, killed and made read-only without affecting anybody else.
package postgres

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds how long the server may take to start or to end.
const patience = time.Minute

// Server is a PostgreSQL server in a temporary folder. It listens on a free
// port of 127.0.0.1 and trusts everybody there. Its methods are safe for
// concurrent use and fail the test on an error.
type Server struct {
	t    testing.TB
	bin  string // folder of the programs
	dir  string // holds the cluster, its socket and its log
	data string
	port int
	user *account

	mu      sync.Mutex
	process *exec.Cmd     // nil while the server does not run
	ended   chan struct{} // closed when process has ended
}

// Option changes how a server is made.
type Option func(*Server)

// In puts the cluster into a folder, such as one on a disk that fills up,
// instead of a temporary one. The folder must exist and is kept; the server's user
// becomes its owner and may pass through those above it.
func In(dir string) Option { return func(s *Server) { s.dir = dir } }

// New makes a cluster, starts its server, and ends both with the test. Without
// PostgreSQL's programs the test is skipped, or fails when CI is set. As root
// the server runs as the user postgres, or nobody, since it refuses to run as
// root.
func New(t testing.TB, options ...Option) *Server {
	t.Helper()
	bin, err := programs()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	s := &Server{t: t, bin: bin}
	for _, option := range options {
		option(s)
	}
	if s.user, err = unprivileged(); err != nil {
		t.Fatal(err)
	}
	if s.dir == "" {
		// Not t.TempDir, which no other user may enter.
		if s.dir, err = os.MkdirTemp("", "ttshop-pg-"); err != nil { //nolint:usetesting // see above
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.RemoveAll(s.dir); err != nil {
				t.Errorf("remove the cluster: %v", err)
			}
		})
	}
	if err := s.user.own(s.dir); err != nil {
		t.Fatal(err)
	}
	s.data = filepath.Join(s.dir, "data")
	// Nothing is synced: the machine does not lose power, and the kernel keeps what
	// a killed server wrote.
	s.run("initdb", "--pgdata="+s.data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions")
	if s.port, err = freePort(); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// URL is the connection string of the database postgres. It stays the same over
// every stop and start.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

// Start starts the server and waits until it accepts connections. It does nothing
// if the server is running.
func (s *Server) Start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	deadline := time.Now().Add(patience)
	for {
		err := s.start(deadline)
		if err == nil {
			return
		}
		// After a kill the old server's children may hold its memory for a moment.
		if time.Now().After(deadline) {
			s.t.Fatalf("start PostgreSQL: %v\n%s", err, s.log())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s *Server) start(deadline time.Time) error {
	if s.process != nil {
		return nil
	}
	log, err := os.OpenFile(s.logPath(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data,
		"-c", "listen_addresses=127.0.0.1", "-c", "port="+strconv.Itoa(s.port), "-c", "unix_socket_directories="+s.dir,
		"-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "wal_keep_size=16MB")
	cmd.Stdout, cmd.Stderr = log, log
	s.user.run(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	for time.Now().Before(deadline) {
		if _, err := s.query("select 1"); err == nil {
			s.process, s.ended = cmd, ended
			return nil
		}
		select {
		case <-ended:
			return errors.New("it ended at once")
		case <-time.After(20 * time.Millisecond):
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	return fmt.Errorf("it takes no connections within %v", patience)
}

// Stop ends the server as an operator does: sessions are cut, what was committed is
// kept. It does nothing if the server is not running.
func (s *Server) Stop() {
	s.t.Helper()
	s.end(os.Interrupt) // a fast shutdown
}

// Kill ends the server without warning. What was committed is there after
// [Server.Start], which recovers the cluster.
func (s *Server) Kill() {
	s.t.Helper()
	s.end(os.Kill)
}

func (s *Server) end(signal os.Signal) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	if err := s.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatalf("end PostgreSQL: %v", err)
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatalf("PostgreSQL does not end within %v\n%s", patience, s.log())
	}
	s.process = nil
}

// Restart stops the server and starts it again.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	s.Start()
}

// checkpointer asks for the process whose death the server takes for a crash.
const checkpointer = "select pid from pg_stat_activity where backend_type = 'checkpointer'"

// Crash kills one process of the server, which makes it cut all sessions and
// recover, and waits until it has.
func (s *Server) Crash() {
	s.t.Helper()
	before := s.Query(checkpointer)
	pid, err := strconv.Atoi(before)
	if err != nil {
		s.t.Fatalf("crash PostgreSQL: its checkpointer is process %q", before)
	}
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		s.t.Fatalf("crash PostgreSQL: kill its checkpointer %d: %v", pid, err)
	}
	s.until("recovers", func() bool {
		after, err := s.query(checkpointer)
		return err == nil && after != "" && after != before
	})
}

// ReadOnly makes the server refuse writes, as a standby does, or accept them again.
// Open sessions follow with their next statement.
func (s *Server) ReadOnly(on bool) {
	s.t.Helper()
	value := "off"
	if on {
		value = "on"
	}
	s.Query("alter system set default_transaction_read_only = " + value)
	s.Query("select pg_reload_conf()")
	s.until("reads its configuration", func() bool {
		got, err := s.query("show default_transaction_read_only", "PGOPTIONS=")
		return err == nil && got == value
	})
}

// Terminate ends the sessions of all clients and returns how many there were.
func (s *Server) Terminate() int {
	s.t.Helper()
	n, err := strconv.Atoi(s.Query(`select count(pg_terminate_backend(pid)) from pg_stat_activity
		where backend_type = 'client backend' and pid <> pg_backend_pid()`))
	if err != nil {
		s.t.Fatalf("terminate sessions: %v", err)
	}
	return n
}

// Sessions returns how many sessions clients have.
func (s *Server) Sessions() int {
	s.t.Helper()
	n, err := strconv.Atoi(s.Query(`select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`))
	if err != nil {
		s.t.Fatalf("count sessions: %v", err)
	}
	return n
}

// Query runs statements as the superuser, even while the server is read-only, and
// returns the rows as psql prints them: columns separated by a bar.
func (s *Server) Query(statements string) string {
	s.t.Helper()
	out, err := s.query(statements)
	if err != nil {
		s.t.Fatalf("%s: %v", statements, err)
	}
	return out
}

// query is Query with an error; the environment comes after psql's own.
func (s *Server) query(statements string, environment ...string) (string, error) {
	cmd := exec.Command(filepath.Join(s.bin, "psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
		"--host="+s.dir, "--port="+strconv.Itoa(s.port), "--username=postgres", "--dbname=postgres", "--command="+statements)
	cmd.Env = append(append(os.Environ(), "PGOPTIONS=-c default_transaction_read_only=off", "PGCONNECT_TIMEOUT=10"), environment...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(problems.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// until waits for a condition.
func (s *Server) until(what string, holds func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("PostgreSQL does not get to where it %s within %v\n%s", what, patience, s.log())
		}
	}
}

// run runs one of PostgreSQL's programs as the server's user.
func (s *Server) run(program string, args ...string) {
	s.t.Helper()
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	s.user.run(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

func (s *Server) logPath() string { return filepath.Join(s.dir, "log") }

// log returns the end of what the server wrote.
func (s *Server) log() string {
	text, err := os.ReadFile(s.logPath())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4096):])
}

// programs returns the folder of the newest PostgreSQL's programs.
func programs() (string, error) {
	if dir := os.Getenv("TTSHOP_TEST_POSTGRES_BIN"); dir != "" {
		return dir, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(release(a), release(b)) })
		return filepath.Dir(newest), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), nil
		}
	}
	return "", errors.New("a server of the test's own needs PostgreSQL's programs: none in /usr/lib/postgresql, in the path or where TTSHOP_TEST_POSTGRES_BIN says")
}

// release returns the number in /usr/lib/postgresql/15/bin/initdb.
func release(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
