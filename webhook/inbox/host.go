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

	"github.com/nats-io/nats.go"

	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/folderlock"
)

// host runs the server of a folder. One process at a time does; others that open
// the folder connect to the server over the loopback address.
type host struct {
	dir    string
	lock   *os.File
	file   string // where the others read the address
	log    *slog.Logger
	engine Engine
	token  string
	server atomic.Pointer[engine.Server]
	port   int // kept when the server is started again

	failures chan struct{}         // the server failed to write, or ended; capacity 1
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
var ErrInUse = folderlock.ErrHeld

// openFolder starts the server of a folder, or connects to that of the process
// which has it.
func (b *Inbox) openFolder(ctx context.Context, dir string) (*host, *nats.Conn, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("inbox: making the folder: %w", err)
	}
	for {
		lock, err := folderlock.Take(filepath.Join(dir, "lock"))
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
		engine: b.settings.engine, token: rand.Text(), failures: make(chan struct{}, 1),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.engine == nil {
		return nil, nil, fmt.Errorf("inbox: no process serves the folder %s, and this one has no server for it: use embedded.Open, or WithEngine", dir)
	}
	if err := h.start(ctx); err != nil {
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
func (h *host) start(ctx context.Context) error {
	// A large store takes a while to open.
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	s, err := h.engine(ctx, engine.Options{Dir: h.dir, Port: h.port, Token: h.token, Log: h.logged, Lost: h.report})
	if err != nil {
		return fmt.Errorf("inbox: starting the server of the folder: %w", err)
	}
	h.server.Store(&s)
	h.port = s.Port()
	data, err := json.Marshal(hostAddress{URL: s.URL(), Token: h.token})
	if err != nil {
		return err
	}
	if err := writeFile(h.file, data); err != nil {
		return fmt.Errorf("inbox: telling other processes the address: %w", err)
	}
	return nil
}

// stopServer ends the server, if there is one.
func (h *host) stopServer() {
	if s := h.server.Swap(nil); s != nil {
		(*s).Stop()
	}
}

// restart ends the server and starts it again at its address.
func (h *host) restart(ctx context.Context) error {
	h.stopServer()
	return h.start(ctx)
}

// InProcessConn implements [nats.InProcessConnProvider] with the server that runs.
func (h *host) InProcessConn() (net.Conn, error) {
	s := h.server.Load()
	if s == nil {
		return nil, errors.New("inbox: the server of the folder is being restarted")
	}
	return (*s).InProcessConn()
}

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
	h.stopServer()
	err := os.Remove(h.file)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, h.lock.Close())
}

// logged passes on what the server logs, and acts where it writes no more.
func (h *host) logged(level slog.Level, message string) {
	if level >= slog.LevelError && tellsOfStorage(message) {
		h.report()
	}
	h.log.Log(context.Background(), level, "webhook inbox server: "+message)
}
