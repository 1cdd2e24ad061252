package inbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// host is the embedded server of a folder. One process at a time has it; others
// that open the folder connect to it over the loopback address.
type host struct {
	server *server.Server
	lock   *os.File
	file   string // where the others read the address
}

// addressFile is the file in the folder that tells other processes where the
// server is.
const addressFile = "server.json"

type hostAddress struct {
	URL   string `json:"url"`
	Token string `json:"token"` // whoever may read the folder may connect
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
	h := &host{lock: lock, file: filepath.Join(dir, addressFile)}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	at := hostAddress{Token: rand.Text()}
	h.server, err = server.NewServer(&server.Options{
		ServerName:         "ttshop-inbox",
		Host:               "127.0.0.1",
		Port:               server.RANDOM_PORT,
		Authorization:      at.Token,
		JetStream:          true,
		StoreDir:           dir,
		SyncAlways:         true,
		JetStreamMaxMemory: 64 << 20, // for leases alone
		NoSigs:             true,
		NoSystemAccount:    true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("inbox: setting up the embedded server: %w", err)
	}
	h.server.SetLogger(serverLog{b.settings.log()}, false, false)
	h.server.Start()
	timeout := time.Minute // a large store takes a while to open
	if deadline, ok := ctx.Deadline(); ok {
		timeout = time.Until(deadline)
	}
	if !h.server.ReadyForConnections(timeout) {
		return nil, nil, fmt.Errorf("inbox: the embedded server is not ready after %s", timeout.Round(time.Millisecond))
	}
	if !h.server.JetStreamEnabled() {
		return nil, nil, errors.New("inbox: the embedded server has no storage; the log tells why")
	}
	at.URL = h.server.ClientURL()
	data, err := json.Marshal(at)
	if err != nil {
		return nil, nil, err
	}
	if err := writeFile(h.file, data); err != nil {
		return nil, nil, fmt.Errorf("inbox: telling other processes the address: %w", err)
	}
	conn, err := b.connect("", nats.InProcessServer(h.server), nats.Token(at.Token))
	if err != nil {
		return nil, nil, err
	}
	return h, conn, nil
}

// writeFile writes a private file at once, never half of it.
func writeFile(path string, data []byte) error {
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (h *host) close() error {
	if h.server != nil {
		h.server.Shutdown()
		h.server.WaitForShutdown()
	}
	err := os.Remove(h.file)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, h.lock.Close())
}

// serverLog hands the server's warnings on. Its notices are of no interest.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(format string, v ...any) {
	l.log.Debug("webhook inbox server: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("webhook inbox server: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("webhook inbox server: " + fmt.Sprintf(format, v...))
}
func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
func (serverLog) Debugf(string, ...any)            {}
func (serverLog) Tracef(string, ...any)            {}
