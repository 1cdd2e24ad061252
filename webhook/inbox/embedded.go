package inbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// host is the embedded server of a folder. One process at a time runs it; others
// that open the folder connect to it over the loopback address.
type host struct {
	dir    string
	lock   *os.File
	file   string // where the others read the address
	log    *slog.Logger
	token  string
	server atomic.Pointer[server.Server]
	port   int // kept when the server is started again

	failures chan struct{}         // the server failed to write; capacity 1
	failed   atomic.Pointer[error] // why events cannot be stored, nil where they can
	stop     context.CancelFunc    // of the watch
	watching sync.WaitGroup
}

// addressFile is the file in the folder that tells other processes where the
// server is.
const addressFile = "server.json"

type hostAddress struct {
	URL   string `json:"url"`
	Token string `json:"token"` // anyone who may read the folder may connect
}

// ErrInUse means that another process has the folder open; see [WithHosting].
var ErrInUse = errors.New("another process has the folder open")

// openFolder starts the server of a folder, or connects to that of the process
// which has it.
func (b *Inbox) openFolder(ctx context.Context, dir string) (*host, *nats.Conn, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("inbox: making the folder: %w", err)
	}
	for {
		lock, err := lockFile(filepath.Join(dir, "lock"))
		if err == nil {
			return b.startHost(ctx, dir, lock)
		}
		if !errors.Is(err, ErrInUse) {
			return nil, nil, fmt.Errorf("inbox: locking %s: %w", dir, err)
		}
		var joinErr error
		if !b.settings.hosting {
			var conn *nats.Conn
			if conn, joinErr = b.joinHost(dir); joinErr == nil {
				return nil, conn, nil
			}
		}
		// The other process may be starting or ending.
		if !pause(ctx, 50*time.Millisecond) {
			if b.settings.hosting {
				return nil, nil, fmt.Errorf("inbox: %s: %w", dir, err)
			}
			return nil, nil, fmt.Errorf("inbox: %s: %w and does not answer: %w", dir, err, joinErr)
		}
	}
}

func (b *Inbox) joinHost(dir string) (*nats.Conn, error) {
	data, err := os.ReadFile(filepath.Join(dir, addressFile))
	if err != nil {
		return nil, err
	}
	var at hostAddress
	if err := json.Unmarshal(data, &at); err != nil {
		return nil, fmt.Errorf("reading %s: %w", addressFile, err)
	}
	return b.connect(at.URL, nats.Token(at.Token))
}

func (b *Inbox) startHost(ctx context.Context, dir string, lock *os.File) (_ *host, _ *nats.Conn, err error) {
	h := &host{
		dir: dir, lock: lock, file: filepath.Join(dir, addressFile), log: b.settings.log(),
		token: rand.Text(), port: server.RANDOM_PORT, failures: make(chan struct{}, 1),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	timeout := time.Minute // a large store takes a while to open
	if deadline, ok := ctx.Deadline(); ok {
		timeout = time.Until(deadline)
	}
	if err := h.start(timeout); err != nil {
		return nil, nil, err
	}
	conn, err := b.connect("", nats.InProcessServer(h), nats.Token(h.token))
	if err != nil {
		return nil, nil, err
	}
	var watching context.Context
	watching, h.stop = context.WithCancel(context.WithoutCancel(ctx))
	h.watching.Go(func() { h.watch(watching) })
	return h, conn, nil
}

// start starts the server and tells the other processes where it is.
func (h *host) start(timeout time.Duration) error {
	s, err := server.NewServer(&server.Options{
		ServerName:         "ttshop-inbox",
		Host:               "127.0.0.1",
		Port:               h.port,
		Authorization:      h.token,
		JetStream:          true,
		StoreDir:           h.dir,
		SyncAlways:         true,
		JetStreamMaxMemory: 64 << 20, // for leases alone
		NoSigs:             true,
		NoSystemAccount:    true,
	})
	if err != nil {
		return fmt.Errorf("inbox: setting up the embedded server: %w", err)
	}
	s.SetLogger(serverLog{h.log, h.report}, false, false)
	h.server.Store(s)
	s.Start()
	if !s.ReadyForConnections(timeout) {
		return fmt.Errorf("inbox: the embedded server is not ready after %s", timeout.Round(time.Millisecond))
	}
	if !s.JetStreamEnabled() {
		return errors.New("inbox: the embedded server has no storage; the log says why")
	}
	if at, ok := s.Addr().(*net.TCPAddr); ok {
		h.port = at.Port
	}
	data, err := json.Marshal(hostAddress{URL: s.ClientURL(), Token: h.token})
	if err != nil {
		return err
	}
	if err := writeFile(h.file, data); err != nil {
		return fmt.Errorf("inbox: telling other processes the address: %w", err)
	}
	return nil
}

// restart ends the server and starts it again at its address.
func (h *host) restart() error {
	old := h.server.Load()
	old.Shutdown()
	old.WaitForShutdown()
	return h.start(time.Minute)
}

// InProcessConn implements [nats.InProcessConnProvider] with the server that runs.
func (h *host) InProcessConn() (net.Conn, error) { return h.server.Load().InProcessConn() }

// writeFile writes a private file atomically.
func writeFile(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (h *host) close() error {
	if h.stop != nil {
		h.stop()
	}
	h.watching.Wait()
	if s := h.server.Load(); s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
	err := os.Remove(h.file)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, h.lock.Close())
}

// serverLog passes the server's warnings on and drops its notices.
type serverLog struct {
	log    *slog.Logger
	failed func() // is called when the server writes no more
}

func (l serverLog) Noticef(format string, v ...any) {
	l.log.Debug("webhook inbox server: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("webhook inbox server: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	message := fmt.Sprintf(format, v...)
	if tellsOfStorage(message) {
		l.failed()
	}
	l.log.Error("webhook inbox server: " + message)
}
func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
func (serverLog) Debugf(string, ...any)            {}
func (serverLog) Tracef(string, ...any)            {}
